#pragma once

#include <functional>
#include <span>
#include <vector>

namespace parsimony::acquisition {

/// Value at x in the unit cube; fills the gradient. −infinity where nothing can be said.
using BoundedFunction = std::function<double(std::span<const double> x, std::span<double> gradient)>;

struct BoundedOptions {
  int iterations = 60;
  int memory = 8;  ///< pairs kept; Nocedal and Wright 2006, section 7.2: 3 … 20
  double tolerance =
      1e-6;  ///< stops when an iteration gains less than this (absolute: values are logarithms)
  double longest_step = 0.3;  ///< in any coordinate in one iteration
};

struct BoundedMaximum {
  std::vector<double> x;
  double value = 0.0;
};

/// A local maximum in the unit cube by limited-memory BFGS over the coordinates that are not held at a bound
/// (gradient projection, Bertsekas 1982), with backtracking along the projected path (Armijo 1e-4). Never
/// worse than the start.
/// @param fixed  [d] coordinates that stay, or empty
BoundedMaximum maximise_bounded(const BoundedFunction& function, std::vector<double> start,
                                const std::vector<bool>& fixed, const BoundedOptions& options = {});

}  // namespace parsimony::acquisition
