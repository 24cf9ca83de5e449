#include <algorithm>
#include <numeric>

#include "parsimony/base/contracts.hpp"
#include "parsimony/plan/buffers.hpp"

namespace parsimony::plan {

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

std::vector<Bytes> alive_bytes(std::span<const Lifetime> live) {
  std::int32_t steps = 0;
  for (const Lifetime& life : live) {
    PARSIMONY_EXPECTS(life.bytes >= 0 && life.first >= 0 && life.first <= life.last);
    steps = std::max(steps, life.last + 1);
  }
  std::vector<Bytes> change(static_cast<std::size_t>(steps) + 1);
  for (const Lifetime& life : live) {
    change[static_cast<std::size_t>(life.first)] += Bytes(aligned(life.bytes));
    change[static_cast<std::size_t>(life.last) + 1] += Bytes(-aligned(life.bytes));
  }
  std::partial_sum(change.begin(), change.end(), change.begin());
  change.pop_back();
  return change;
}

Bytes plain_bound(const ir::Graph& graph) {
  return lower_bound(buffers_of(graph, {}).piece_live);
}

Bytes lower_bound(std::span<const Lifetime> live) {
  const std::vector<Bytes> alive = alive_bytes(live);
  return alive.empty() ? Bytes(0) : *std::max_element(alive.begin(), alive.end());
}

}  // namespace parsimony::plan
