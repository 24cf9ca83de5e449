#include "parsimony/network/cost.hpp"

#include <algorithm>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/emit.hpp"
#include "parsimony/emit/instructions.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/lower/lower.hpp"
#include "parsimony/network/estimate_program.hpp"
#include "parsimony/plan/plan.hpp"

namespace parsimony::network {
namespace {

std::vector<std::int32_t> all_channels(const std::vector<Group>& groups) {
  std::vector<std::int32_t> channels;
  for (const Group& group : groups) channels.push_back(group.channels);
  return channels;
}

std::int64_t parameters_of(const ir::Graph& graph) {
  std::int64_t count = 0;
  for (const ir::Operator& op : graph.operators) {
    count += ir::weight_count(graph, op) + ir::output_channels(graph, op);
  }
  return count;
}

EstimateProgram compile(const Description& description, const std::vector<Group>& groups,
                        const emit::KernelTable& table, const emit::InstructionCosts& instructions) {
  const std::vector<std::int32_t> channels = all_channels(groups);
  const ir::Graph graph = lower::lower(skeleton(description));
  std::vector<ir::Graph> narrowed;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    std::vector<std::int32_t> kept = channels;
    kept[g] = 1;
    narrowed.push_back(lower::lower(skeleton(prune(description, groups, kept))));
  }
  const std::vector<std::int32_t> ones(groups.size(), 1);
  const ir::Graph narrowest = lower::lower(skeleton(prune(description, groups, ones)));
  return compile_estimate({graph, channels, narrowed, narrowest, table, instructions});
}

}  // namespace

struct CostModel::Parts {
  Description description;
  std::vector<Group> groups;
  const emit::KernelTable* table;
  emit::InstructionCosts instructions;
  EstimateProgram program;
};

CostModel::CostModel(Description description, const target::Target& target, emit::Optimise optimise) {
  std::vector<Group> groups = coupled_groups(description);
  const emit::Family family = emit::family_of(target, optimise);
  const emit::KernelTable& table = emit::kernel_table(target.name, family);
  const emit::InstructionCosts instructions(target.name, family);
  EstimateProgram program = compile(description, groups, table, instructions);
  parts_ = std::make_unique<const Parts>(
      Parts{std::move(description), std::move(groups), &table, instructions, std::move(program)});
}

CostModel::~CostModel() = default;
CostModel::CostModel(CostModel&&) noexcept = default;
CostModel& CostModel::operator=(CostModel&&) noexcept = default;

const Description& CostModel::description() const {
  return parts_->description;
}
const std::vector<Group>& CostModel::groups() const {
  return parts_->groups;
}

Cost CostModel::exact(std::span<const std::int32_t> kept) const {
  PARSIMONY_EXPECTS(kept.size() == parts_->groups.size());
  const ir::Graph graph = lower::lower(skeleton(prune(parts_->description, parts_->groups, kept)));
  const emit::KernelChoice choice(graph, parts_->table->family);
  const emit::RomPrediction rom = emit::predict_rom(graph, choice, *parts_->table);
  return {
      .rom = rom.total(),
      .ram = emit::plan_memory(graph, choice).arena,
      .flops = Flops(ir::flops(graph)),
      .parameters = parameters_of(graph),
      .constants = rom.data,
      .instructions = parts_->instructions.of(graph, choice),
  };
}

void CostModel::estimate(std::span<const double> kept, std::int64_t n, Estimates& out) const {
  run(parts_->program, kept, n, out);
}

void CostModel::estimate_instructions(std::span<const double> kept, std::int64_t n,
                                      std::vector<double>& out) const {
  run_instructions(parts_->program, kept, n, out);
}

Cost CostModel::unpruned() const {
  return exact(all_channels(parts_->groups));
}

}  // namespace parsimony::network
