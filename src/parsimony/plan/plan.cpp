#include "parsimony/plan/plan.hpp"

#include <algorithm>

#include "parsimony/base/contracts.hpp"

namespace parsimony::plan {
namespace {

/// Tensors, then the operators' scratch: what the planners place.
std::vector<Lifetime> buffers(const ir::Graph& graph, std::span<const std::int64_t> scratch) {
  PARSIMONY_EXPECTS(scratch.empty() || scratch.size() == graph.operators.size());
  std::vector<Lifetime> live = lifetimes(graph);
  for (std::size_t step = 0; step < scratch.size(); ++step) {
    const auto at = static_cast<std::int32_t>(step);
    live.push_back({scratch[step], at, at});
  }
  return live;
}

}  // namespace

std::vector<Lifetime> lifetimes(const ir::Graph& graph) {
  std::vector<Lifetime> live(graph.tensors.size());
  const auto of = [&](ir::TensorId id) -> Lifetime& { return live[static_cast<std::size_t>(id)]; };
  std::int32_t step = 0;
  for (const ir::Operator& op : graph.operators) {
    of(op.output) = {0, step, step};
    for (const ir::TensorId id : op.inputs) of(id).last = step;
    ++step;
  }
  of(graph.output).last = std::max(step - 1, 0);
  for (std::size_t id = 0; id < live.size(); ++id) live[id].bytes = graph.tensors[id].elements();
  return live;
}

Plan best_plan(const ir::Graph& graph, std::span<const std::int64_t> scratch) {
  const std::vector<Lifetime> live = buffers(graph, scratch);
  const std::vector<Bytes> alive = alive_bytes(live);
  const auto peak = std::max_element(alive.begin(), alive.end());
  Plan plan;
  plan.lower_bound = *peak;
  plan.peak_step = static_cast<std::int32_t>(peak - alive.begin());

  Offsets best = plan_first_fit(live);
  plan.planner = "first-fit";
  if (best.peak > plan.lower_bound.value) {
    Offsets other = plan_greedy_by_size(live);
    if (other.peak < best.peak) {
      best = std::move(other);
      plan.planner = "greedy-by-size";
    }
  }
  plan.arena = Bytes(best.peak);
  const auto placement = [&](std::size_t k) {
    return Placement{best.offsets[k], live[k].bytes, live[k].first, live[k].last};
  };
  for (std::size_t k = 0; k < graph.tensors.size(); ++k) plan.tensors.push_back(placement(k));
  for (std::size_t k = graph.tensors.size(); k < live.size(); ++k) plan.scratch.push_back(placement(k));
  for (std::size_t step = plan.scratch.size(); step < graph.operators.size(); ++step) {
    const auto at = static_cast<std::int32_t>(step);
    plan.scratch.push_back({0, 0, at, at});
  }
  return plan;
}

}  // namespace parsimony::plan
