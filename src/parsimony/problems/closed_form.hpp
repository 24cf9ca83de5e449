#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "parsimony/problems/benchmark_problem.hpp"

namespace parsimony::problems {

/// A problem over floats with m measured objectives f1, f2, ..., and no constraint yet.
/// @param reference  of every objective
BenchmarkProblem float_problem(std::string name, std::vector<space::Parameter> parameters, int m,
                               double reference);

/// x1 … xd, each from low to high.
std::vector<space::Parameter> equal_floats(int d, double low, double high);

/// Makes every objective computed (known exactly, as the network's costs are) that `computed` of the options
/// lists; "none" marks all measured.
/// @param exact  all objectives of a snapped point
/// @throws InputError("problem.computed") for a name that is no objective
void mark_computed(BenchmarkProblem& benchmark, const ProblemOptions& options, std::string_view otherwise);

/// Costs by one function of a snapped point, for `estimate` (which snaps first) and `exact` alike.
solver::CostModel costs_at_snapped_points(const space::Space& space,
                                          std::function<solver::Costs(std::span<const double>)> exact);

// One function for each family; options as problem_option_names() lists them.
BenchmarkProblem make_dtlz1(const ProblemOptions& options);
BenchmarkProblem make_dtlz2(const ProblemOptions& options);
BenchmarkProblem make_c2_dtlz2(const ProblemOptions& options);
BenchmarkProblem make_zdt1(const ProblemOptions& options);
BenchmarkProblem make_zdt2(const ProblemOptions& options);
BenchmarkProblem make_zdt3(const ProblemOptions& options);
BenchmarkProblem make_branin_currin(const ProblemOptions& options);
BenchmarkProblem make_constrained_branin_currin(const ProblemOptions& options);
BenchmarkProblem make_vlmop2(const ProblemOptions& options);
BenchmarkProblem make_passino(const ProblemOptions& options);

}  // namespace parsimony::problems
