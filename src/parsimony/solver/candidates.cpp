#include "parsimony/solver/candidates.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "parsimony/base/contracts.hpp"

namespace parsimony::solver {
namespace {

constexpr int kDraws = 1000;
constexpr double kMostEnumerated = 0x1p20;
constexpr std::int64_t kProbes = 16;  // values of a parameter at which its effect on the costs is looked for
constexpr std::int64_t kBatch = 4096;

bool has_limits(const Problem& problem) {
  return std::any_of(problem.constraints.begin(), problem.constraints.end(),
                     [](const Constraint& constraint) { return constraint.source == Source::computed; });
}

bool acceptable(const Problem& problem, const PointSet& known, const Point& point) {
  return !known.contains(point) && within_limits(problem, point);
}

Point uniform_point(const Problem& problem, RandomStream& stream) {
  Point point(static_cast<std::size_t>(problem.space.dimension()));
  for (double& coordinate : point) coordinate = stream.uniform();
  return problem.space.snap(point);
}

/// Snapped coordinates of the parameter that stand for all of them: every value, or sixteen spread over the
/// range.
std::vector<double> probes_of(const space::Space& space, int index) {
  const double count = space.count_at(index);
  std::vector<double> probes;
  for (std::int64_t k = 0; k < kProbes && static_cast<double>(k) < count; ++k) {
    if (count <= static_cast<double>(kProbes)) {
      probes.push_back(space.coordinate_of_cell(index, k));
    } else {
      probes.push_back(static_cast<double>(k) / static_cast<double>(kProbes - 1));
    }
  }
  return probes;
}

/// Indices of the parameters that change none of the computed costs of `point` (for a network: those of its
/// training).
std::vector<std::size_t> parameters_without_cost(const Problem& problem, const Point& point) {
  const Costs costs = problem.costs.exact(point);
  std::vector<std::size_t> without;
  for (std::size_t i = 0; i < point.size(); ++i) {
    const std::vector<double> probes = probes_of(problem.space, static_cast<int>(i));
    const bool changes = std::any_of(probes.begin(), probes.end(), [&](double probe) {
      Point changed = point;
      changed[i] = probe;
      const Costs other = problem.costs.exact(problem.space.snap(changed));
      return other.objectives != costs.objectives || other.constraints != costs.constraints;
    });
    if (!changes) without.push_back(i);
  }
  return without;
}

std::optional<Point> draw_anywhere(const Problem& problem, const PointSet& known, RandomStream& stream) {
  for (int draw = 0; draw < kDraws; ++draw) {
    Point point = uniform_point(problem, stream);
    if (acceptable(problem, known, point)) return point;
  }
  return std::nullopt;
}

std::optional<Point> draw_smallest(const Problem& problem, const PointSet& known, RandomStream& stream) {
  if (problem.smallest_point.empty() || !has_limits(problem)) return std::nullopt;
  const Point smallest = problem.space.snap(problem.smallest_point);
  const std::vector<std::size_t> loose = parameters_without_cost(problem, smallest);
  for (int draw = 0; draw < kDraws; ++draw) {
    Point point = smallest;
    for (const std::size_t i : loose) point[i] = stream.uniform();
    point = problem.space.snap(point);
    if (acceptable(problem, known, point)) return point;
    if (loose.empty()) break;
  }
  return std::nullopt;
}

/// The point of that number, the last parameter changing fastest.
Point point_of_number(const space::Space& space, std::int64_t number) {
  Point point(static_cast<std::size_t>(space.dimension()));
  for (int i = space.dimension() - 1; i >= 0; --i) {
    const auto count = static_cast<std::int64_t>(space.count_at(i));
    point[static_cast<std::size_t>(i)] = space.coordinate_of_cell(i, number % count);
    number /= count;
  }
  return point;
}

std::optional<Point> enumerate(const Problem& problem, const PointSet& known, RandomStream& stream) {
  if (!(problem.space.size() <= kMostEnumerated)) return std::nullopt;
  const auto size = static_cast<std::int64_t>(problem.space.size());
  const auto offset = static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(size)));
  for (std::int64_t start = 0; start < size; start += kBatch) {
    const std::int64_t n = std::min(kBatch, size - start);
    std::vector<Point> points;
    std::vector<double> flat;
    for (std::int64_t k = 0; k < n; ++k) {
      points.push_back(point_of_number(problem.space, (offset + start + k) % size));
      flat.insert(flat.end(), points.back().begin(), points.back().end());
    }
    const std::vector<bool> possible = possibly_within_limits(problem, flat);
    for (std::size_t k = 0; k < points.size(); ++k)
      if (possible[k] && acceptable(problem, known, points[k])) return points[k];
  }
  return std::nullopt;
}

std::optional<Point> draw_near(const Problem& problem, const PointSet& known, std::span<const Point> anchors,
                               RandomStream& stream) {
  if (anchors.empty()) return std::nullopt;
  for (int draw = 0; draw < kDraws; ++draw) {
    Point point = anchors[stream.below(anchors.size())];
    const std::uint64_t changes = 1 + stream.below(3);
    for (std::uint64_t change = 0; change < changes; ++change)
      point[stream.below(point.size())] = stream.uniform();
    point = problem.space.snap(point);
    if (acceptable(problem, known, point)) return point;
  }
  return std::nullopt;
}

}  // namespace

std::size_t PointSet::Hash::operator()(const Point& point) const {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a over words, then mixed
  for (const double coordinate : point)
    hash = (hash ^ std::bit_cast<std::uint64_t>(coordinate)) * 0x100000001b3u;
  return static_cast<std::size_t>(hash ^ (hash >> 29));
}

PointSet known_points(const Problem& problem, const Question& question) {
  PointSet known;
  for (const Trial& trial : question.history) known.insert(problem.space.snap(trial.point));
  for (const Point& point : pending_points(problem, question)) known.insert(point);
  return known;
}

std::vector<Point> pending_points(const Problem& problem, const Question& question) {
  std::vector<Point> points;
  for (const Pending& pending : question.pending) points.push_back(problem.space.snap(pending.point));
  return points;
}

bool within_limits(const Problem& problem, std::span<const double> point) {
  if (!has_limits(problem)) return true;
  PARSIMONY_EXPECTS(problem.costs.exact);
  const Costs costs = problem.costs.exact(point);
  return std::all_of(costs.constraints.begin(), costs.constraints.end(),
                     [](double value) { return value <= 0.0; });
}

std::vector<bool> possibly_within_limits(const Problem& problem, std::span<const double> points) {
  const std::size_t n = points.size() / static_cast<std::size_t>(problem.space.dimension());
  std::vector<bool> possible(n, true);
  if (n == 0 || !has_limits(problem)) return possible;
  PARSIMONY_EXPECTS(problem.costs.estimate);
  Costs costs;
  problem.costs.estimate(points, static_cast<std::int64_t>(n), costs);
  const std::size_t limits = costs.constraints.size() / n;
  for (std::size_t k = 0; k < costs.constraints.size(); ++k)
    if (costs.constraints[k] > 0.0) possible[k / limits] = false;
  return possible;
}

std::optional<Point> find_point(const Problem& problem, const PointSet& known, std::span<const Point> anchors,
                                RandomStream& stream) {
  if (auto point = draw_anywhere(problem, known, stream)) return point;
  if (auto point = draw_smallest(problem, known, stream)) return point;
  if (auto point = enumerate(problem, known, stream)) return point;
  return draw_near(problem, known, anchors, stream);
}

}  // namespace parsimony::solver
