#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "parsimony/base/contracts.hpp"
#include "parsimony/plan/plan.hpp"

namespace parsimony::plan {
namespace {

/// The arena's words, each with the buffer that wrote it last.
class ArenaMap {
 public:
  explicit ArenaMap(std::int64_t bytes) : owners_(static_cast<std::size_t>(bytes / kArenaAlign), kNobody) {}

  /// Whether the buffer lies in the arena at a multiple of kArenaAlign.
  bool holds(std::int64_t offset, std::int64_t bytes) const {
    const auto size = static_cast<std::int64_t>(owners_.size()) * kArenaAlign;
    return offset >= 0 && offset % kArenaAlign == 0 && bytes >= 0 && bytes <= size && offset <= size - bytes;
  }

  void write(const Placement& at, std::int32_t owner) {
    for (std::size_t word = begin(at); word < end(at); ++word) owners_[word] = owner;
  }

  bool whole(const Placement& at, std::int32_t owner) const {
    for (std::size_t word = begin(at); word < end(at); ++word)
      if (owners_[word] != owner) return false;
    return true;
  }

 private:
  static constexpr std::int32_t kNobody = -1;
  static std::size_t begin(const Placement& at) { return static_cast<std::size_t>(at.offset / kArenaAlign); }
  static std::size_t end(const Placement& at) {
    return static_cast<std::size_t>((at.offset + at.bytes + kArenaAlign - 1) / kArenaAlign);
  }
  std::vector<std::int32_t> owners_;
};

std::string check_places(const ir::Graph& graph, const Plan& plan, const ArenaMap& map) {
  for (std::size_t k = 0; k < graph.tensors.size(); ++k) {
    const ir::Tensor& tensor = graph.tensors[k];
    if (plan.tensors[k].bytes != tensor.elements())
      return fmt::format("tensor {} has {} B in the plan, {} in the graph", tensor.name,
                         plan.tensors[k].bytes, tensor.elements());
    if (!map.holds(plan.tensors[k].offset, plan.tensors[k].bytes))
      return fmt::format("tensor {} lies at {}, out of the arena or misaligned", tensor.name,
                         plan.tensors[k].offset);
  }
  for (std::size_t k = 0; k < graph.operators.size(); ++k)
    if (!map.holds(plan.scratch[k].offset, plan.scratch[k].bytes))
      return fmt::format("the scratch of {} lies at {}, out of the arena or misaligned",
                         graph.operators[k].name, plan.scratch[k].offset);
  return {};
}

}  // namespace

std::string find_violation(const ir::Graph& graph, const Plan& plan) {
  if (plan.tensors.size() != graph.tensors.size() || plan.scratch.size() != graph.operators.size())
    return "the plan is of another graph";
  if (plan.arena.value < 0 || plan.arena.value % kArenaAlign != 0)
    return "the arena's size is no multiple of 4";
  if (plan.arena < plan.lower_bound) return "the arena is smaller than its lower bound";
  ArenaMap map(plan.arena.value);
  if (const std::string problem = check_places(graph, plan, map); !problem.empty()) return problem;

  const auto place = [&](ir::TensorId id) -> const Placement& {
    return plan.tensors[static_cast<std::size_t>(id)];
  };
  const auto owner = [](ir::TensorId id) { return static_cast<std::int32_t>(id); };
  map.write(place(graph.input), owner(graph.input));
  for (std::size_t step = 0; step < graph.operators.size(); ++step) {
    const ir::Operator& op = graph.operators[step];
    const Placement& scratch = plan.scratch[step];
    const auto scratch_owner = static_cast<std::int32_t>(graph.tensors.size() + step);
    const auto inputs_whole = [&] {
      return std::all_of(op.inputs.begin(), op.inputs.end(),
                         [&](ir::TensorId id) { return map.whole(place(id), owner(id)); });
    };
    if (!inputs_whole()) return fmt::format("an input of {} is overwritten before it runs", op.name);
    map.write(scratch, scratch_owner);
    map.write(place(op.output), owner(op.output));
    if (!inputs_whole()) return fmt::format("{} overwrites its own input", op.name);
    if (!map.whole(scratch, scratch_owner)) return fmt::format("{} overwrites its own scratch", op.name);
  }
  if (!map.whole(place(graph.output), owner(graph.output))) return "the output is overwritten";
  return {};
}

void verify_plan(const ir::Graph& graph, const Plan& plan) {
  const std::string violation = find_violation(graph, plan);
  if (!violation.empty()) contract_broken("memory plan", violation.c_str(), graph.name.c_str(), 0);
}

}  // namespace parsimony::plan
