#pragma once

namespace parsimony::solver {

/// log P(c <= 0) of a normal outcome c and its derivatives, in forms that do not underflow.
struct Feasibility {
  double logarithm, by_mean, by_deviation;
};

/// Of a known outcome (deviation 0): 0 where it is met, −infinity where it is not.
Feasibility feasibility(double mean, double deviation);

}  // namespace parsimony::solver
