#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/solver/problem.hpp"

namespace parsimony::problems {

/// What evaluating a point gives: every objective and constraint, computed ones included.
struct Outcome {
  std::vector<double> objectives;   ///< [m]
  std::vector<double> constraints;  ///< in the problem's order, met when <= 0
};

/// A problem whose answer is known, for comparing solvers. Solvers never see more of it than `problem`.
struct BenchmarkProblem {
  std::string name;
  solver::Problem problem;
  std::function<Outcome(std::span<const double> point)> evaluate;  ///< snapped point [d]; any thread
  /// The largest hypervolume that any set of points reaches; with one objective its least value. Nothing
  /// where it is not known.
  std::optional<double> best;
  std::string source;  ///< where it is from, for people; of a file its digest too
};

/// An option of a problem and its value, as on a command line.
using ProblemOptions = std::map<std::string, std::string>;

/// The names that make_problem knows.
std::vector<std::string> problem_names();

/// The options that a problem knows. @throws InputError("problem") for an unknown name
std::vector<std::string> problem_option_names(std::string_view name);

/// @throws InputError naming "problem" or "problem.<option>", the value and what is allowed; a table's file
/// that cannot be read or is no table
BenchmarkProblem make_problem(std::string_view name, const ProblemOptions& options = {});

}  // namespace parsimony::problems
