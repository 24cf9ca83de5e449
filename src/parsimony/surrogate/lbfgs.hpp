#pragma once

#include <functional>
#include <span>
#include <vector>

namespace parsimony::surrogate {

/// Value at x; fills the gradient unless it is empty. +infinity where the function is not defined.
using SmoothFunction = std::function<double(std::span<const double> x, std::span<double> gradient)>;

struct LbfgsOptions {
  int iterations = 100;
  int memory = 8;             ///< pairs kept; Nocedal and Wright 2006, section 7.2: 3 … 20
  double tolerance = 1e-5;    ///< stops when an iteration gains less than this (absolute)
  double longest_step = 2.0;  ///< in any coordinate in one iteration: they are logarithms, so a factor of e²
};

struct Minimum {
  std::vector<double> x;
  double value = 0.0;
  bool converged = false;  ///< stopped by the tolerance, not by the number of iterations
};

/// A local minimum by limited-memory BFGS (Nocedal 1980) with backtracking (Armijo 1e-4); never worse than
/// the start.
Minimum minimise_lbfgs(const SmoothFunction& function, std::vector<double> start,
                       const LbfgsOptions& options = {});

}  // namespace parsimony::surrogate
