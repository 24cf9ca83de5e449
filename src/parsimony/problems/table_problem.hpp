#pragma once

#include "parsimony/problems/benchmark_problem.hpp"

namespace parsimony::problems {

/// Any CSV file that holds every combination of its parameters' values once. Options:
/// - `file`: see find_table();
/// - `parameters`: columns, each a categorical parameter of the values that stand in it; one written
///   `integer:<column>` is an integer from its least to its greatest value;
/// - `objectives`: columns, minimised; one written `-<column>` is maximised. Every objective is brought to
///   [0, 1] by the least and greatest value in the table, and named as the column;
/// - `computed`: which of them are exact functions of the point (default none);
/// - `reference`: of every objective (default 1.1).
/// The largest hypervolume is that of the whole table, with one objective 0.
BenchmarkProblem make_table(const ProblemOptions& options);

/// NAS-Bench-Macro (Su et al. 2021): l0 … l7 of three blocks each; error (of mean_acc), params, flops, ram.
/// Only the error is measured by default. Options: file, objectives (of these four), computed, reference.
BenchmarkProblem make_macro(const ProblemOptions& options);

/// NAS-Bench-201 (Dong and Yang 2020), CIFAR-10: six edges of five operations; error (of c10_val), params,
/// flops, ram, with options as above.
BenchmarkProblem make_nb201(const ProblemOptions& options);

}  // namespace parsimony::problems
