#include "parsimony/network/cost.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/emit.hpp"
#include "parsimony/emit/instructions.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/lower/lower.hpp"
#include "parsimony/network/channel_sums.hpp"
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

/// The lowered skeletons of one network, which differ in the channels of their tensors alone: lowering goes
/// by the operators.
struct Skeletons {
  ir::Graph unpruned;
  std::vector<ir::Graph> narrowed;   ///< [groups] one channel in group g alone
  ir::Graph narrowest;               ///< one channel in every group
  std::vector<ChannelSum> channels;  ///< [tensors]
};

Skeletons skeletons(const Description& description, const std::vector<Group>& groups) {
  const std::vector<std::int32_t> channels = all_channels(groups);
  const auto lowered = [&](const std::vector<std::int32_t>& kept) {
    return lower::lower(skeleton(prune(description, groups, kept)));
  };
  Skeletons all{lowered(channels), {}, lowered(std::vector<std::int32_t>(groups.size(), 1)), {}};
  for (std::size_t g = 0; g < groups.size(); ++g) {
    std::vector<std::int32_t> kept = channels;
    kept[g] = 1;
    all.narrowed.push_back(lowered(kept));
  }
  all.channels = channel_sums(all.unpruned, channels, all.narrowed);
  return all;
}

/// Costs know no names, and a graph without them is copied faster.
ir::Graph without_names(ir::Graph graph) {
  for (ir::Tensor& tensor : graph.tensors) tensor.name.clear();
  for (ir::Operator& op : graph.operators) op.name.clear();
  return graph;
}

}  // namespace

struct CostModel::Parts {
  Description description;
  std::vector<Group> groups;
  const emit::KernelTable* table;
  emit::InstructionCosts instructions;
  ir::Graph unpruned;                ///< lowered, without names
  std::vector<ChannelSum> channels;  ///< [tensors of it]
  EstimateProgram program;

  /// Makes a copy of `unpruned`, at whatever counts, the lowered skeleton of the pruned network.
  void prune(std::span<const std::int32_t> kept, ir::Graph& graph) const {
    PARSIMONY_EXPECTS(kept.size() == groups.size());
    for (std::size_t g = 0; g < groups.size(); ++g)
      PARSIMONY_EXPECTS(kept[g] >= 1 && kept[g] <= groups[g].channels);
    for (std::size_t t = 0; t < channels.size(); ++t) graph.tensors[t].shape.back() = channels[t].at(kept);
  }
};

/// Copies of one graph, lent to one caller each: a new copy takes a fifth of `exact`.
class CostModel::Copies {
 public:
  explicit Copies(const ir::Graph& graph) : graph_(graph) {}

  class Loan {
   public:
    explicit Loan(Copies& from) : from_(from), graph_(from.take()) {}
    ~Loan() { from_.give_back(std::move(graph_)); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ir::Graph& graph() { return graph_; }

   private:
    Copies& from_;
    ir::Graph graph_;
  };

 private:
  ir::Graph take() {
    {
      const std::lock_guard<std::mutex> guard(mutex_);
      if (!idle_.empty()) {
        ir::Graph graph = std::move(idle_.back());
        idle_.pop_back();
        return graph;
      }
    }
    return graph_;
  }
  void give_back(ir::Graph graph) {
    const std::lock_guard<std::mutex> guard(mutex_);
    idle_.push_back(std::move(graph));
  }

  const ir::Graph& graph_;
  std::mutex mutex_;
  std::vector<ir::Graph> idle_;
};

CostModel::CostModel(Description description, const target::Target& target, emit::Optimise optimise) {
  std::vector<Group> groups = coupled_groups(description);
  const emit::Family family = emit::family_of(target, optimise);
  const emit::KernelTable& table = emit::kernel_table(target.name, family);
  const emit::InstructionCosts instructions(target.name, family);
  Skeletons all = skeletons(description, groups);
  EstimateProgram program =
      compile_estimate({all.unpruned, all.channels, all.narrowed, all.narrowest, table, instructions});
  parts_ = std::make_unique<const Parts>(Parts{std::move(description), std::move(groups), &table,
                                               instructions, without_names(std::move(all.unpruned)),
                                               std::move(all.channels), std::move(program)});
  copies_ = std::make_unique<Copies>(parts_->unpruned);
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
  Copies::Loan loan(*copies_);
  parts_->prune(kept, loan.graph());
  const ir::Graph& graph = loan.graph();
  const emit::KernelChoice choice(graph, parts_->table->family);
  const emit::RomPrediction rom = emit::predict_rom(graph, choice, *parts_->table);
  return {
      .rom = rom.total(),
      .ram = emit::plan_memory(graph, choice).arena,
      .flops = Flops(ir::flops(graph)),
      .parameters = parameters_of(graph),
      .constants = rom.data,
      .instructions = parts_->instructions.of(graph, choice).total(),
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
