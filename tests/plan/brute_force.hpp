#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

#include "parsimony/plan/plan.hpp"

namespace parsimony::test {

/// The smallest arena of tiny graphs: every offset of every tensor and scratch is tried, each plan judged by
/// the words of plan::Clearance. Shares nothing with the planners but lifetimes.
class BruteForce {
 public:
  BruteForce(const ir::Graph& graph, std::span<const plan::KernelMemory> memory)
      : graph_(graph), memory_(memory), live_(plan::lifetimes(graph)) {
    for (std::size_t k = 0; k < memory.size(); ++k) {
      const auto step = static_cast<std::int32_t>(k);
      live_.push_back({memory[k].scratch, step, step});
    }
    for (plan::Lifetime& life : live_) life.bytes = (life.bytes + 3) / 4 * 4;
    offsets_.assign(live_.size(), 0);
  }

  std::int64_t smallest_arena() {
    std::int64_t arena = 0;
    for (const plan::Lifetime& life : live_) arena = std::max(arena, life.bytes);
    while (!fits(0, arena)) arena += 4;
    return arena;
  }

 private:
  bool fits(std::size_t buffer, std::int64_t arena) {
    if (buffer == live_.size()) return true;
    for (std::int64_t offset = 0; offset + live_[buffer].bytes <= arena; offset += 4) {
      offsets_[buffer] = offset;
      if (pairs_hold(buffer) && operators_hold(buffer + 1) && fits(buffer + 1, arena)) return true;
    }
    return false;
  }

  std::size_t output(const ir::Operator& op) const { return static_cast<std::size_t>(op.output); }
  std::int64_t end(std::size_t k) const { return offsets_[k] + live_[k].bytes; }
  bool disjoint(std::size_t a, std::size_t b) const {
    return end(a) <= offsets_[b] || end(b) <= offsets_[a] || live_[a].bytes == 0 || live_[b].bytes == 0;
  }

  /// Whether operator `step` may overlap that input at all; a reshape's tensors must be in one place.
  bool may_overlap(std::size_t step, std::size_t input) const {
    const ir::Operator& op = graph_.operators[step];
    return !memory_[step].clearance.empty() && last_reader(input) == static_cast<std::int32_t>(step) &&
           !same_bytes(input, static_cast<std::size_t>(graph_.output)) && !same_bytes(input, output(op));
  }
  /// Of all tensors that hold the same bytes.
  std::int32_t last_reader(std::size_t tensor) const {
    std::int32_t last = 0;
    for (std::size_t k = 0; k < graph_.tensors.size(); ++k)
      if (same_bytes(k, tensor)) last = std::max(last, live_[k].last);
    return last;
  }
  bool same_bytes(std::size_t a, std::size_t b) const { return source(a) == source(b); }
  std::size_t source(std::size_t tensor) const {
    for (const ir::Operator& op : graph_.operators)
      if (op.kind == ir::OperatorKind::reshape && output(op) == tensor)
        return source(static_cast<std::size_t>(op.inputs[0]));
    return tensor;
  }

  bool pairs_hold(std::size_t b) const {
    for (std::size_t a = 0; a < b; ++a) {
      const bool tensors = b < graph_.tensors.size();
      if (tensors && same_bytes(a, b)) {
        if (offsets_[a] != offsets_[b]) return false;
        continue;
      }
      if (!alive_together(a, b) || disjoint(a, b)) continue;
      bool allowed = false;
      for (std::size_t step = 0; tensors && step < graph_.operators.size(); ++step)
        for (const ir::TensorId id : graph_.operators[step].inputs)
          for (const auto& [in, out] : {std::pair{a, b}, std::pair{b, a}})
            allowed = allowed || (same_bytes(output(graph_.operators[step]), out) &&
                                  graph_.operators[step].kind != ir::OperatorKind::reshape &&
                                  same_bytes(static_cast<std::size_t>(id), in) && may_overlap(step, in));
      if (!allowed) return false;
    }
    return true;
  }
  bool alive_together(std::size_t a, std::size_t b) const {
    return first(a) <= last(b) && first(b) <= last(a);
  }
  std::int32_t first(std::size_t k) const {
    return k < graph_.tensors.size() ? live_[source(k)].first : live_[k].first;
  }
  std::int32_t last(std::size_t k) const {
    return k < graph_.tensors.size() ? last_reader(k) : live_[k].last;
  }

  /// Whether each operator has a direction that suits all its inputs, of those whose tensors are placed.
  bool operators_hold(std::size_t placed) const {
    for (std::size_t step = 0; step < graph_.operators.size(); ++step) {
      const bool forward = suits(step, placed, plan::Direction::forward);
      if (!forward && !(memory_[step].reversible && suits(step, placed, plan::Direction::reverse)))
        return false;
    }
    return true;
  }
  bool suits(std::size_t step, std::size_t placed, plan::Direction direction) const {
    const ir::Operator& op = graph_.operators[step];
    const std::size_t out = output(op);
    if (out >= placed) return true;
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      const auto in = static_cast<std::size_t>(op.inputs[k]);
      if (in >= placed || !may_overlap(step, in) || disjoint(in, out)) continue;
      const plan::Clearance& clearance = memory_[step].clearance[k];
      const bool together = clearance.in_place && offsets_[out] == offsets_[in];
      if (direction == plan::Direction::forward && !together &&
          offsets_[out] > offsets_[in] - clearance.below)
        return false;
      if (direction == plan::Direction::reverse && offsets_[out] < offsets_[in] + clearance.above)
        return false;
    }
    return true;
  }

  const ir::Graph& graph_;
  std::span<const plan::KernelMemory> memory_;
  std::vector<plan::Lifetime> live_;
  std::vector<std::int64_t> offsets_;
};

inline Bytes largest(const std::vector<Bytes>& bytes) {
  return *std::max_element(bytes.begin(), bytes.end());
}

/// All orders in which the operators may run.
inline std::vector<std::vector<std::int32_t>> all_orders(const ir::Graph& graph) {
  std::vector<std::int32_t> order(graph.operators.size());
  std::iota(order.begin(), order.end(), 0);
  std::vector<std::vector<std::int32_t>> orders;
  do {
    std::vector<bool> there(graph.tensors.size(), false);
    there[static_cast<std::size_t>(graph.input)] = true;
    bool valid = true;
    for (const std::int32_t k : order) {
      const ir::Operator& op = graph.operators[static_cast<std::size_t>(k)];
      for (const ir::TensorId id : op.inputs) valid = valid && there[static_cast<std::size_t>(id)];
      there[static_cast<std::size_t>(op.output)] = true;
    }
    if (valid) orders.push_back(order);
  } while (std::next_permutation(order.begin(), order.end()));
  return orders;
}

}  // namespace parsimony::test
