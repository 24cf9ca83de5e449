#include "parsimony/pareto/boxes.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/pareto/local_upper_bounds.hpp"
#include "parsimony/pareto/row_order.hpp"

namespace parsimony::pareto {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Alive are the bounds in all objectives but the last. A bound's box grows with the sweep, from the point
/// that made the bound to the one that ends it.
template <std::size_t kDims>
class BoxSweep {
 public:
  BoxSweep(std::span<const double> rows, std::span<const double> reference)
      : m_(reference.size()), rows_(rows), reference_(reference), bounds_(rows, m_, reference, m_ - 1) {
    boxes_.m = static_cast<int>(m_);
  }

  Boxes run() {
    for (std::size_t i = 0; i < rows_.size() / m_; ++i) {
      for (const std::size_t bound : bounds_.above(static_cast<int>(i))) close(bound, last(i));
      bounds_.insert(static_cast<int>(i));
    }
    for (std::size_t bound = 0; bound < bounds_.size(); ++bound) close(bound, reference_.back());
    return std::exchange(boxes_, {});
  }

 private:
  double last(std::size_t row) const {
    return row < rows_.size() / m_ ? rows_[(row + 1) * m_ - 1] : -kInfinity;
  }

  /// Equal coordinates leave empty boxes.
  void close(std::size_t bound, double top) {
    const std::size_t dims = m_ - 1, start = boxes_.upper.size();
    double bottom = -kInfinity;
    for (std::size_t k = 0; k < dims; ++k)
      bottom = std::max(bottom, last(static_cast<std::size_t>(bounds_.definer(bound, k))));
    for (std::size_t j = 0; j < m_; ++j) {
      boxes_.lower.push_back(j < dims ? bounds_.lower(bound, j) : bottom);
      boxes_.upper.push_back(j < dims ? bounds_.upper(bound, j) : top);
      if (boxes_.lower.back() < boxes_.upper.back()) continue;
      boxes_.lower.resize(start);
      boxes_.upper.resize(start);
      return;
    }
  }

  std::size_t m_;
  std::span<const double> rows_, reference_;
  LocalUpperBounds<kDims> bounds_;
  Boxes boxes_;
};

}  // namespace

Boxes boxes_of_sweep(std::span<const double> rows, std::span<const double> reference) {
  switch (reference.size()) {
    case 1:
      return {1, {-kInfinity}, {rows.empty() ? reference[0] : rows[0]}};
    case 2:
      return BoxSweep<1>(rows, reference).run();
    case 3:
      return BoxSweep<2>(rows, reference).run();
    case 4:
      return BoxSweep<3>(rows, reference).run();
    default:
      return BoxSweep<0>(rows, reference).run();
  }
}

Boxes non_dominated_boxes(std::span<const double> points, std::span<const double> reference) {
  const std::size_t m = reference.size();
  PARSIMONY_EXPECTS(m >= 1 && points.size() % m == 0);
  return boxes_of_sweep(gather_rows(points, static_cast<int>(m), sweep_below(points, reference)), reference);
}

double hypervolume_improvement(const Boxes& boxes, std::span<const double> point) {
  const std::size_t m = point.size();
  PARSIMONY_EXPECTS(m == static_cast<std::size_t>(boxes.m));
  double sum = 0.0;
  for (std::size_t start = 0; start < boxes.upper.size(); start += m) {
    double volume = 1.0;
    for (std::size_t j = 0; j < m; ++j)
      volume *= std::max(0.0, boxes.upper[start + j] - std::max(boxes.lower[start + j], point[j]));
    sum += volume;
  }
  return sum;
}

}  // namespace parsimony::pareto
