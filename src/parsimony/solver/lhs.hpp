#pragma once

#include <string>
#include <vector>

#include "parsimony/solver/solver.hpp"

namespace parsimony::solver {

struct LhsOptions {
  /// Rows of one hypercube. 10, as many as the initial design has by default (Deutel et al. 2023, Sec. 5.3:
  /// 10), so that blocks begin where the design ends, and every ten trials cover each parameter evenly
  /// whenever the study is stopped. A larger block is finer but even only once it is complete.
  int block = 10;

  /// @throws InputError naming "solver.<field>", the value and the range
  void validate() const;
};

/// Latin hypercubes (McKay, Beckman and Conover 1979), one after another: trials 1 … block belong to the
/// first, the next `block` to the second, and so on. The strata of a block are keyed by (seed, block), and
/// trial k takes row (k − 1) mod block of its own, whatever has become of the other rows. A point that is
/// known or over a limit is drawn again in its stratum up to 100 times, then replaced by a random one, as in
/// the initial design (initial_design.hpp).
class LhsSolver {
 public:
  /// @throws InputError from options.validate()
  explicit LhsSolver(const LhsOptions& options = {});

  Answer ask(const Problem& problem, const Question& question) const;
  std::string name() const { return "lhs"; }

 private:
  LhsOptions options_;
};

/// @throws InputError naming "solver.<option>", the value and what is allowed
LhsOptions parse_lhs_options(const SolverOptions& options);

std::vector<std::string> lhs_option_names();

}  // namespace parsimony::solver
