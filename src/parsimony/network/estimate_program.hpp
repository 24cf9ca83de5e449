#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/instructions.hpp"
#include "parsimony/ir/graph.hpp"
#include "parsimony/network/channel_sums.hpp"
#include "parsimony/network/cost.hpp"

namespace parsimony::network {

/// Costs as sums of products of kept channels, compiled once and run over blocks of candidates.
/// Variable g is the kept channels of group g; one more, after all groups, is the constant 1.
struct EstimateProgram {
  /// x[first] · x[second] times what it adds to each cost.
  struct Term {
    int first = 0, second = 0;  ///< first <= second
    double rom = 0.0;           ///< [B]
    double flops = 0.0;
  };
  /// x[first] · x[second] · instructions
  struct Count {
    int first = 0, second = 0;
    double instructions = 0.0;
  };
  /// x[variable] · bytes
  struct Buffer {
    int variable = 0;
    double bytes = 0.0;
  };
  /// What is alive in one step of the schedule, summed by variable.
  using Step = std::vector<Buffer>;

  int groups = 0;
  std::vector<Term> terms;    ///< ROM and FLOPs: their sum
  std::vector<Step> steps;    ///< RAM: the largest; steps that another covers at any count are left out
  std::vector<Count> counts;  ///< instructions: their sum
};

/// A network whose lowered skeleton is `graph` when nothing is pruned.
struct EstimatedNetwork {
  const ir::Graph& graph;
  std::span<const ChannelSum> channels;  ///< [tensors of the graph]
  std::span<const ir::Graph> narrowed;   ///< [groups] with one channel in group g alone
  const ir::Graph&
      narrowest;  ///< one channel in every group: wide layers may need kernels that no narrow one does
  const emit::KernelTable& table;
  const emit::InstructionCosts& instructions;  ///< of the table's target and family
};
EstimateProgram compile_estimate(const EstimatedNetwork& network);

/// As CostModel::estimate.
void run(const EstimateProgram& program, std::span<const double> kept, std::int64_t n, Estimates& out);
/// As CostModel::estimate_instructions.
void run_instructions(const EstimateProgram& program, std::span<const double> kept, std::int64_t n,
                      std::vector<double>& out);

}  // namespace parsimony::network
