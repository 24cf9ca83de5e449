#include "parsimony/pareto/hypervolume.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "parsimony/base/contracts.hpp"
#include "parsimony/pareto/local_upper_bounds.hpp"
#include "parsimony/pareto/row_order.hpp"

namespace parsimony::pareto {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The area in the plane that a growing set of points dominates below (right, top).
/// Corners go from left to right and downwards, between two sentinels.
class Staircase {
 public:
  Staircase(double right, double top) : corners_{{-kInfinity, top}, {right, -kInfinity}} {}

  double area() const { return area_; }

  void insert(double x, double y) {
    const auto after = std::upper_bound(corners_.begin(), corners_.end(), x,
                                        [](double value, const Corner& corner) { return value < corner.x; });
    auto kept = after - 1;  // the last corner at or left of x
    if (kept->y <= y) return;
    if (kept->x == x) --kept;  // it stands straight above: covered
    auto covered_end = after;
    double height = (after - 1)->y, left = x;
    while (covered_end->y >= y) {
      area_ += (covered_end->x - left) * (height - y);
      left = covered_end->x;
      height = covered_end->y;
      ++covered_end;
    }
    area_ += (covered_end->x - left) * (height - y);
    replace(kept + 1, covered_end, {x, y});
  }

 private:
  struct Corner {
    double x, y;
  };

  void replace(std::vector<Corner>::iterator begin, std::vector<Corner>::iterator end, Corner corner) {
    if (begin == end) {
      corners_.insert(begin, corner);
    } else {
      *begin = corner;
      corners_.erase(begin + 1, end);
    }
  }

  std::vector<Corner> corners_;
  double area_ = 0.0;
};

double volume2(std::span<const double> rows, std::span<const double> reference) {
  double area = 0.0, right = reference[0];
  for (std::size_t start = 0; start < rows.size(); start += 2) {
    if (rows[start] >= right) continue;
    area += (right - rows[start]) * (reference[1] - rows[start + 1]);
    right = rows[start];
  }
  return area;
}

double volume3(std::span<const double> rows, std::span<const double> reference) {
  Staircase stairs(reference[0], reference[1]);
  double volume = 0.0, below = rows[2];
  for (std::size_t start = 0; start < rows.size(); start += 3) {
    volume += stairs.area() * (rows[start + 2] - below);
    below = rows[start + 2];
    stairs.insert(rows[start], rows[start + 1]);
  }
  return volume + stairs.area() * (reference[2] - below);
}

/// What a point adds to the slab is what it covers of the boxes that it ends: positive volumes, no
/// difference.
template <std::size_t kDims>
double covered(const LocalUpperBounds<kDims>& bounds, std::span<const std::size_t> ended,
               std::span<const double> point) {
  double sum = 0.0;
  for (const std::size_t bound : ended) {
    double volume = 1.0;
    for (std::size_t j = 0; j + 1 < point.size(); ++j)
      volume *= std::max(0.0, bounds.upper(bound, j) - std::max(point[j], bounds.lower(bound, j)));
    sum += volume;
  }
  return sum;
}

template <std::size_t kDims>
double volume_by_slabs(std::span<const double> rows, std::span<const double> reference) {
  const std::size_t m = reference.size();
  LocalUpperBounds<kDims> bounds(rows, m, reference, m - 1);
  double volume = 0.0, slab = 0.0, below = rows[m - 1];
  for (std::size_t i = 0; i < rows.size() / m; ++i) {
    const auto point = rows.subspan(i * m, m);
    volume += slab * (point.back() - below);
    below = point.back();
    slab += covered(bounds, bounds.above(static_cast<int>(i)), point);
    bounds.insert(static_cast<int>(i));
  }
  return volume + slab * (reference.back() - below);
}

}  // namespace

double hypervolume(std::span<const double> points, std::span<const double> reference) {
  const std::size_t m = reference.size();
  PARSIMONY_EXPECTS(m >= 1 && points.size() % m == 0);
  const std::vector<double> rows = gather_rows(points, static_cast<int>(m), sweep_below(points, reference));
  if (rows.empty()) return 0.0;
  switch (m) {
    case 1:
      return reference[0] - rows[0];
    case 2:
      return volume2(rows, reference);
    case 3:
      return volume3(rows, reference);
    case 4:
      return volume_by_slabs<3>(rows, reference);
    case 5:
      return volume_by_slabs<4>(rows, reference);
    case 6:
      return volume_by_slabs<5>(rows, reference);
    default:
      return volume_by_slabs<0>(rows, reference);
  }
}

}  // namespace parsimony::pareto
