#include "parsimony/pareto/contributions.hpp"

#include <algorithm>

#include "parsimony/base/contracts.hpp"
#include "parsimony/pareto/boxes.hpp"
#include "parsimony/pareto/row_order.hpp"

namespace parsimony::pareto {
namespace {

/// The other rows, raised to row i in every objective; they stay in the order of the sweep. False if one of
/// them weakly dominates it.
bool raise_others(std::span<const double> rows, std::size_t m, std::size_t i, std::vector<double>& others) {
  others.clear();
  const auto point = rows.subspan(i * m, m);
  for (std::size_t start = 0; start < rows.size(); start += m) {
    if (start == i * m) continue;
    bool above = false;
    for (std::size_t j = 0; j < m; ++j) {
      others.push_back(std::max(rows[start + j], point[j]));
      above |= rows[start + j] > point[j];
    }
    if (!above) return false;
  }
  return true;
}

}  // namespace

std::vector<double> hypervolume_contributions(std::span<const double> points,
                                              std::span<const double> reference) {
  const std::size_t m = reference.size();
  PARSIMONY_EXPECTS(m >= 1 && points.size() % m == 0);
  const std::vector<int> order = sweep_below(points, reference);
  const std::vector<double> rows = gather_rows(points, static_cast<int>(m), order);
  std::vector<double> contributions(points.size() / m, 0.0), others;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (!raise_others(rows, m, i, others)) continue;
    contributions[static_cast<std::size_t>(order[i])] =
        hypervolume_improvement(boxes_of_sweep(others, reference), std::span(rows).subspan(i * m, m));
  }
  return contributions;
}

}  // namespace parsimony::pareto
