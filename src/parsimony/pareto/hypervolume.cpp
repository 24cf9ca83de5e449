#include "parsimony/pareto/hypervolume.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "parsimony/base/contracts.hpp"
#include "parsimony/pareto/dominance.hpp"

namespace parsimony::pareto {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The area in the plane that a growing set of points dominates below (right, top).
/// Corners go from left to right and downwards, between two sentinels.
class Staircase {
 public:
  Staircase(double right, double top) { reset(right, top); }

  void reset(double right, double top) {
    area_ = 0.0;
    corners_.clear();
    corners_.push_back({-kInfinity, top});
    corners_.push_back({right, -kInfinity});
  }

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

struct Point3 {
  double x, y, z;
};

/// Points in ascending z. Everything lies strictly below the reference.
double volume3(const std::vector<Point3>& points, const Point3& reference, Staircase& stairs) {
  stairs.reset(reference.x, reference.y);
  double volume = 0.0, below = points.empty() ? reference.z : points.front().z;
  for (const Point3& point : points) {
    volume += stairs.area() * (point.z - below);
    below = point.z;
    stairs.insert(point.x, point.y);
  }
  return volume + stairs.area() * (reference.z - below);
}

/// What `point` adds to the volume of `others`, in ascending z: its box less what the others, cut to the box,
/// cover.
double exclusive_volume3(const Point3& point, const std::vector<Point3>& others, const Point3& reference,
                         Staircase& stairs) {
  const double base = (reference.x - point.x) * (reference.y - point.y);
  const double box = base * (reference.z - point.z);
  stairs.reset(reference.x, reference.y);
  double covered = 0.0, below = point.z;
  for (const Point3& other : others) {
    const double x = std::max(other.x, point.x), y = std::max(other.y, point.y),
                 z = std::max(other.z, point.z);
    if (z > below) {
      covered += stairs.area() * (z - below);
      below = z;
    }
    if (x == point.x && y == point.y)
      return box - covered - (reference.z - z) * (box / (reference.z - point.z));
    stairs.insert(x, y);
  }
  return box - covered - stairs.area() * (reference.z - below);
}

using Rows = std::vector<std::vector<double>>;

double hypervolume_of(Rows rows, std::span<const double> reference);

double volume1(const Rows& rows, std::span<const double> reference) {
  double least = reference[0];
  for (const auto& row : rows) least = std::min(least, row[0]);
  return reference[0] - least;
}

double volume2(const Rows& rows, std::span<const double> reference) {
  Staircase stairs(reference[0], reference[1]);
  for (const auto& row : rows) stairs.insert(row[0], row[1]);
  return stairs.area();
}

double volume3(const Rows& rows, std::span<const double> reference) {
  std::vector<Point3> points;
  points.reserve(rows.size());
  for (const auto& row : rows) points.push_back({row[0], row[1], row[2]});
  std::stable_sort(points.begin(), points.end(), [](const Point3& a, const Point3& b) { return a.z < b.z; });
  Staircase stairs(0, 0);
  return volume3(points, {reference[0], reference[1], reference[2]}, stairs);
}

void sort_by_last(Rows& rows) {
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.back() < b.back(); });
}

double volume4(Rows rows, std::span<const double> reference) {
  sort_by_last(rows);
  const Point3 corner{reference[0], reference[1], reference[2]};
  Staircase stairs(0, 0);
  std::vector<Point3> members;  // ascending z, none dominating another
  double slab = 0.0, volume = 0.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Point3 point{rows[i][0], rows[i][1], rows[i][2]};
    const double added = exclusive_volume3(point, members, corner, stairs);
    if (added > 0.0) {
      slab += added;
      std::erase_if(members, [&](const Point3& other) {
        return point.x <= other.x && point.y <= other.y && point.z <= other.z;
      });
      const auto place = std::upper_bound(members.begin(), members.end(), point.z,
                                          [](double z, const Point3& other) { return z < other.z; });
      members.insert(place, point);
    }
    const double next = i + 1 < rows.size() ? rows[i + 1].back() : reference[3];
    volume += slab * (next - rows[i].back());
  }
  return volume;
}

/// Any number of objectives: the slabs' volumes grow by exclusive volumes in one dimension less.
double volume_by_slabs(Rows rows, std::span<const double> reference) {
  sort_by_last(rows);
  const auto lower = reference.first(reference.size() - 1);
  Rows members;
  double slab = 0.0, volume = 0.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::vector<double> point(rows[i].begin(), rows[i].end() - 1);
    Rows limited = members;
    for (auto& other : limited)
      for (std::size_t j = 0; j < point.size(); ++j) other[j] = std::max(other[j], point[j]);
    slab += hypervolume_of({point}, lower) - hypervolume_of(std::move(limited), lower);
    members.push_back(point);
    const double next = i + 1 < rows.size() ? rows[i + 1].back() : reference.back();
    volume += slab * (next - rows[i].back());
  }
  return volume;
}

Rows front_of(const Rows& rows, std::size_t m) {
  std::vector<double> flat;
  for (const auto& row : rows) flat.insert(flat.end(), row.begin(), row.end());
  Rows front;
  for (const int index : front_indices(flat, static_cast<int>(m)))
    front.push_back(rows[static_cast<std::size_t>(index)]);
  return front;
}

double hypervolume_of(Rows rows, std::span<const double> reference) {
  if (rows.empty()) return 0.0;
  switch (reference.size()) {
    case 1:
      return volume1(rows, reference);
    case 2:
      return volume2(rows, reference);
    case 3:
      return volume3(rows, reference);
    case 4:
      return volume4(std::move(rows), reference);
    default:
      return volume_by_slabs(front_of(rows, reference.size()), reference);
  }
}

}  // namespace

double hypervolume(std::span<const double> points, std::span<const double> reference) {
  const std::size_t m = reference.size();
  PARSIMONY_EXPECTS(m >= 1 && points.size() % m == 0);
  Rows rows;
  for (std::size_t start = 0; start < points.size(); start += m) {
    const auto row = points.subspan(start, m);
    bool below = true;
    for (std::size_t j = 0; j < m; ++j) below &= row[j] < reference[j];
    if (below) rows.emplace_back(row.begin(), row.end());
  }
  return hypervolume_of(std::move(rows), reference);
}

}  // namespace parsimony::pareto
