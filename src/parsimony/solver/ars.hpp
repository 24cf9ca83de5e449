#pragma once

#include <string>

#include "parsimony/solver/ars_options.hpp"
#include "parsimony/solver/problem.hpp"

namespace parsimony::solver {

/// Multi-objective Bayesian optimisation with augmented random search: Algorithm 1 of Deutel, Kontes,
/// Mutschler and Teich 2023 (arXiv 2305.14109), minimising, as the project's SEMANTICS section 4 fixes what
/// the paper leaves open; the default goes past both (docs/adr/0009): each agent has its own weights, and the
/// proposal is chosen among the agents' states by expected hypervolume improvement, whose gradient is climbed
/// from the best. A Gaussian process models each *measured* objective; computed ones enter reward and limits
/// exactly. Where SEMANTICS is silent:
/// - a measured constraint has a Gaussian process too; a base sample that breaks it has reward −10⁻³(1 + Σ
/// excess), the
///   excess in standard deviations of the constraint's observed values, as a state over a computed limit has;
/// - pending points are believed at their posterior means (GaussianProcess::believing), and the best feasible
/// value
///   counts them;
/// - a ±1 neighbour is the next or the one before of an integer's values, any other choice of a categorical
/// parameter,
///   and a hundredth of the range up or down of a float's.
class ArsSolver {
 public:
  /// @throws InputError from options.validate()
  explicit ArsSolver(const ArsOptions& options = {});

  Answer ask(const Problem& problem, const Question& question) const;
  std::string name() const { return options_.batch ? "ars-batch" : "ars"; }

 private:
  ArsOptions options_;
};

}  // namespace parsimony::solver
