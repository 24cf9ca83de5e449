#include "parsimony/pareto/contributions.hpp"

#include <algorithm>
#include <functional>

#include "parsimony/base/contracts.hpp"
#include "parsimony/pareto/boxes.hpp"
#include "parsimony/pareto/exclusive_volumes.hpp"
#include "parsimony/pareto/row_order.hpp"

namespace parsimony::pareto {
namespace {

/// Two objectives, in ascending order of the second: in each strip the point that reaches furthest to the
/// left has to itself what lies before the next.
std::vector<double> contributions2(std::span<const double> rows, std::span<const double> reference) {
  const std::size_t n = rows.size() / 2;
  std::vector<double> contributions(n, 0.0);
  double best = reference[0], second = reference[0];
  std::size_t holder = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double x = rows[2 * i], y = rows[2 * i + 1];
    if (x < best) holder = i;
    second = std::clamp(x, best, second);
    best = std::min(x, best);
    contributions[holder] += (second - best) * ((i + 1 < n ? rows[2 * i + 3] : reference[1]) - y);
  }
  return contributions;
}

/// Four and more objectives: each point's boxes among the others that come near it.
class Neighbourhood {
 public:
  Neighbourhood(std::span<const double> rows, std::span<const double> reference)
      : rows_(rows), reference_(reference), m_(reference.size()) {}

  double contribution(std::size_t i) {
    const auto point = rows_.subspan(i * m_, m_);
    find_corner(i, point);
    if (!std::ranges::equal(point, corner_, std::less<>{})) return 0.0;
    raise_others(i, point);
    return hypervolume_improvement(boxes_of_sweep(others_, corner_), point);
  }

 private:
  /// What the point has to itself ends, in each objective, at the first point that is no worse in the others.
  void find_corner(std::size_t i, std::span<const double> point) {
    corner_.assign(reference_.begin(), reference_.end());
    for (std::size_t start = 0; start < rows_.size(); start += m_) {
      std::size_t above = 0, where = 0;
      for (std::size_t j = 0; j < m_; ++j) {
        const bool worse = rows_[start + j] > point[j];
        above += worse;
        where = worse ? j : where;
      }
      if (above <= 1 && start != i * m_) corner_[where] = std::min(corner_[where], rows_[start + where]);
    }
  }

  /// The others below the corner, raised to the point; they stay in the order of the sweep.
  void raise_others(std::size_t i, std::span<const double> point) {
    others_.clear();
    for (std::size_t start = 0; start < rows_.size(); start += m_) {
      bool below = start != i * m_;
      for (std::size_t j = 0; j < m_; ++j) below &= rows_[start + j] < corner_[j];
      if (!below) continue;
      for (std::size_t j = 0; j < m_; ++j) others_.push_back(std::max(rows_[start + j], point[j]));
    }
  }

  std::span<const double> rows_, reference_;
  std::size_t m_;
  std::vector<double> corner_;  // [m]
  std::vector<double> others_;  // [.., m]
};

std::vector<double> contributions_of_sweep(std::span<const double> rows, std::span<const double> reference) {
  if (reference.size() == 2) return contributions2(rows, reference);
  if (reference.size() == 3) return exclusive_volumes(rows, reference);
  std::vector<double> contributions(rows.size() / reference.size());
  Neighbourhood neighbourhood(rows, reference);
  for (std::size_t i = 0; i < contributions.size(); ++i) contributions[i] = neighbourhood.contribution(i);
  return contributions;
}

}  // namespace

std::vector<double> hypervolume_contributions(std::span<const double> points,
                                              std::span<const double> reference) {
  const std::size_t m = reference.size();
  PARSIMONY_EXPECTS(m >= 1 && points.size() % m == 0);
  const std::vector<int> order = sweep_below(points, reference);
  const std::vector<double> swept =
      contributions_of_sweep(gather_rows(points, static_cast<int>(m), order), reference);
  std::vector<double> contributions(points.size() / m, 0.0);
  for (std::size_t i = 0; i < order.size(); ++i) contributions[static_cast<std::size_t>(order[i])] = swept[i];
  return contributions;
}

}  // namespace parsimony::pareto
