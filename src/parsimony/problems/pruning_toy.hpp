#pragma once

#include "parsimony/problems/benchmark_problem.hpp"

namespace parsimony::problems {

/// A network's deployment in closed form, without data: 16 integers keep_0 … keep_15 (channels kept in the
/// stem, ten blocks and five squeeze layers of a chain of depthwise-separable convolutions) and six training
/// parameters of four kinds, 22 in all. The error is measured; ROM, RAM and FLOPs are exact functions of the
/// channels, each divided by its limit (a quarter of the whole network's ROM and FLOPs, half its RAM).
/// Options: `computed` rom,ram,flops or none; `limits` yes or no: the same as constraints too (by default
/// where they are computed). The largest hypervolume is not known.
BenchmarkProblem make_pruning_toy(const ProblemOptions& options);

}  // namespace parsimony::problems
