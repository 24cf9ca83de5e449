#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "parsimony/base/random.hpp"
#include "parsimony/solver/problem.hpp"

namespace parsimony::solver {

using Point = std::vector<double>;

/// Snapped points, compared bit for bit.
class PointSet {
 public:
  /// @return false when it was there already
  bool insert(std::span<const double> point) { return points_.emplace(point.begin(), point.end()).second; }
  bool contains(const Point& point) const { return points_.contains(point); }

 private:
  struct Hash {
    std::size_t operator()(const Point& point) const;
  };
  std::unordered_set<Point, Hash> points_;
};

/// Every point of history and pending, snapped.
PointSet known_points(const Problem& problem, const Question& question);

/// The pending points, snapped.
std::vector<Point> pending_points(const Problem& problem, const Question& question);

/// Every computed constraint holds by `exact` (true where there is none).
/// @param point  [d] snapped
bool within_limits(const Problem& problem, std::span<const double> point);

/// Whether each point may be within the limits: estimates never exceed exact costs, so a batch of them saves
/// most of the exact ones. True where nothing is limited.
/// @param points  [n, d] row by row
/// @return        [n]
std::vector<bool> possibly_within_limits(const Problem& problem, std::span<const double> points);

/// A random point that is new and within the limits. Tried in this order: 1000 uniform draws; 1000 draws of
/// the smallest point with random values of the parameters that change no computed cost there; all points,
/// from a random one on, where the space has at most 2^20; else 1000 draws of an anchor with one to three
/// values redrawn.
/// @param anchors  points near which others within the limits may be found; may be empty
/// @return         nothing when none was found: with at most 2^20 points there is none
std::optional<Point> find_point(const Problem& problem, const PointSet& known, std::span<const Point> anchors,
                                RandomStream& stream);

}  // namespace parsimony::solver
