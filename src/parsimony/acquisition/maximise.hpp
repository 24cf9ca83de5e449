#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "parsimony/acquisition/bounded_lbfgs.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/base/thread_pool.hpp"
#include "parsimony/space/space.hpp"

namespace parsimony::acquisition {

/// What is maximised. Both are called from several threads; a point's value must not depend on its neighbours
/// in a batch.
struct Acquisition {
  /// Values, preferably logarithms, of points [n, d] row by row; −infinity where nothing is to be gained.
  std::function<void(std::span<const double> points, std::span<double> values)> values;
  /// Value and gradient at one point of the cube, not only at snapped ones.
  BoundedFunction with_gradient;
};

struct MaximiserOptions {
  /// Spaces of at most so many points are enumerated: then the maximum is exact.
  std::int64_t enumerated = 20000;
  /// Scrambled Sobol points scored first. Ax: 1024; Optuna: 2048.
  int raw = 1024;
  /// Random changes of the `near` points scored beside them.
  int perturbed = 512;
  /// Climbs. Ax: 20; Optuna: 10.
  int starts = 10;
  BoundedOptions climb = {};
  /// Snapped points from which the coordinate search goes on, and its greatest number of rounds.
  int searched = 4, rounds = 40;
};

/// Snapped points, best first, each once.
struct RankedPoints {
  int d = 0;
  std::vector<double> points;  ///< [n, d]
  std::vector<double> values;  ///< [n] falling; ties in the order found
  std::size_t size() const { return values.size(); }
  std::span<const double> point(std::size_t k) const {
    return std::span(points).subspan(k * static_cast<std::size_t>(d), static_cast<std::size_t>(d));
  }
};

/// Looks for the greatest values of an acquisition over a mixed space: all points where they are few, else
/// raw Sobol points, changes of the points near which good ones are expected, climbs by gradient from the
/// best and most different of them (choices stay), and from the snapped ends a search by single steps of
/// integers, choices and fine steps of floats. Nothing depends on the number of threads.
/// @param near  [k, d] row by row, may be empty
RankedPoints maximise(const Acquisition& acquisition, const space::Space& space, std::span<const double> near,
                      const MaximiserOptions& options, RandomStream& stream, ThreadPool& pool);

/// What maximise does after its raw points, from other ones: climbs from the best and most different of them
/// (options.starts; none for 0) and searches by single steps (options.searched).
/// @param points  [n, d] row by row
RankedPoints improve(const Acquisition& acquisition, const space::Space& space, std::span<const double> points,
                     const MaximiserOptions& options, ThreadPool& pool);

}  // namespace parsimony::acquisition
