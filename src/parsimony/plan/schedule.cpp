#include "parsimony/plan/schedule.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <queue>
#include <set>
#include <tuple>

#include "parsimony/plan/buffers.hpp"

namespace parsimony::plan {
namespace {

using Set = std::vector<bool>;  // of operators that have run

/// What each operator reads, makes and needs, by buffers: independent of any order.
class Work {
 public:
  Work(const ir::Graph& graph, std::span<const KernelMemory> memory)
      : graph_(graph),
        buffers_(all_overlaps(graph, memory)),
        inputs_(graph.operators.size()),
        producers_(buffers_.live.size(), kNone),
        readers_(buffers_.live.size()),
        overlaps_(graph.operators.size()) {
    for (std::size_t k = 0; k < graph.operators.size(); ++k) add(k);
    for (const Overlap& overlap : buffers_.overlaps)
      overlaps_[static_cast<std::size_t>(overlap.step)].push_back(overlap);
  }

  std::size_t operators() const { return inputs_.size(); }
  std::int64_t input_bytes() const { return bytes(of(graph_.input)); }

  bool ready(const Set& done, std::size_t op) const {
    if (done[op]) return false;
    // A tensor may be one buffer with another's: ask for producers of tensors.
    return std::all_of(graph_.operators[op].inputs.begin(), graph_.operators[op].inputs.end(),
                       [&](ir::TensorId id) {
                         const std::size_t producer = producer_of_tensor(id);
                         return producer == kNone || done[producer];
                       });
  }

  struct Step {
    std::int64_t need = 0;   ///< [B] while it runs
    std::int64_t after = 0;  ///< [B] alive behind it
  };
  /// @param alive  [B] behind the operators done
  Step step(const Set& done, std::int64_t alive, std::size_t op) const {
    const std::size_t output = of(graph_.operators[op].output);
    const bool makes = producers_[output] == op;
    const std::int64_t made = makes ? bytes(output) : 0;
    std::vector<Overlap> overlaps = overlaps_[op];
    std::erase_if(overlaps, [&](const Overlap& overlap) {
      return !dies(done, op, static_cast<std::size_t>(overlap.input));
    });
    for (Overlap& overlap : overlaps) overlap.dying = overlap.input_bytes;
    Step result{alive + made + scratch(op) - most_shared(overlaps).value, alive + made};
    for (const std::size_t input : inputs_[op])
      if (dies(done, op, input)) result.after -= bytes(input);
    if (makes && readers_[output].empty() && !is_output(output)) result.after -= made;
    return result;
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  void add(std::size_t k) {
    const ir::Operator& op = graph_.operators[k];
    for (const ir::TensorId id : op.inputs) {
      if (std::find(inputs_[k].begin(), inputs_[k].end(), of(id)) != inputs_[k].end()) continue;
      inputs_[k].push_back(of(id));
      readers_[of(id)].push_back(k);
    }
    const bool joined = of(op.output) == of(op.inputs[0]);
    if (!joined) producers_[of(op.output)] = k;
    tensor_producers_.resize(graph_.tensors.size(), kNone);
    tensor_producers_[static_cast<std::size_t>(op.output)] = k;
  }

  std::size_t of(ir::TensorId id) const {
    return static_cast<std::size_t>(buffers_.of_tensor[static_cast<std::size_t>(id)]);
  }
  std::size_t producer_of_tensor(ir::TensorId id) const {
    return tensor_producers_[static_cast<std::size_t>(id)];
  }
  std::int64_t bytes(std::size_t buffer) const { return buffers_.live[buffer].bytes; }
  std::int64_t scratch(std::size_t op) const {
    const std::int32_t buffer = buffers_.of_scratch[op];
    return buffer < 0 ? 0 : bytes(static_cast<std::size_t>(buffer));
  }
  bool is_output(std::size_t buffer) const { return buffer == of(graph_.output); }

  /// Whether op is the last to read the buffer.
  bool dies(const Set& done, std::size_t op, std::size_t buffer) const {
    return !is_output(buffer) &&
           std::all_of(readers_[buffer].begin(), readers_[buffer].end(),
                       [&](std::size_t reader) { return reader == op || done[reader]; });
  }

  const ir::Graph& graph_;
  Buffers buffers_;
  std::vector<std::vector<std::size_t>> inputs_;   ///< [operators] distinct buffers
  std::vector<std::size_t> producers_;             ///< [buffers]
  std::vector<std::vector<std::size_t>> readers_;  ///< [buffers]
  std::vector<std::vector<Overlap>> overlaps_;     ///< [operators]
  std::vector<std::size_t> tensor_producers_;      ///< [tensors]
};

/// Operators run so far, in their order.
struct Beginning {
  std::int64_t need = 0;   ///< [B] of its largest step
  std::int64_t alive = 0;  ///< [B] behind it
  Set done;
  std::vector<std::int32_t> order;

  /// The least need first; of equal ones the longest, then the first by order.
  bool operator<(const Beginning& other) const {
    return std::make_tuple(-need, order.size(), std::ref(other.order)) <
           std::make_tuple(-other.need, other.order.size(), std::ref(order));
  }
};

Beginning extended(const Beginning& beginning, std::size_t op, const Work::Step& step) {
  Beginning next = beginning;
  next.need = std::max(next.need, step.need);
  next.alive = step.after;
  next.done[op] = true;
  next.order.push_back(static_cast<std::int32_t>(op));
  return next;
}

/// All that may come next. An operator that needs no more than is needed already and leaves no more alive may
/// as well run at once: nothing after it asks for more than without it.
std::vector<Beginning> continuations(const Work& work, const Beginning& beginning) {
  std::vector<Beginning> next;
  for (std::size_t op = 0; op < work.operators(); ++op) {
    if (!work.ready(beginning.done, op)) continue;
    const Work::Step step = work.step(beginning.done, beginning.alive, op);
    if (step.need <= beginning.need && step.after <= beginning.alive) return {extended(beginning, op, step)};
    next.push_back(extended(beginning, op, step));
  }
  return next;
}

std::vector<std::int32_t> as_it_is(std::size_t operators) {
  std::vector<std::int32_t> order(operators);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

}  // namespace

std::vector<std::int32_t> best_order(const ir::Graph& graph, std::span<const KernelMemory> memory,
                                     std::int64_t nodes) {
  const Work work(graph, memory);
  const std::vector<Bytes> least = least_bytes(graph, memory);
  const std::int64_t to_beat = std::max_element(least.begin(), least.end())->value;

  std::priority_queue<Beginning> open;
  std::set<Set> seen;
  open.push({0, work.input_bytes(), Set(work.operators(), false), {}});
  for (; !open.empty() && nodes > 0; --nodes) {
    const Beginning best = open.top();
    open.pop();
    if (best.order.size() == work.operators()) return best.order;
    if (!seen.insert(best.done).second) continue;
    for (Beginning& next : continuations(work, best))
      if (next.need < to_beat) open.push(std::move(next));
  }
  return as_it_is(work.operators());
}

ir::Graph schedule(const ir::Graph& graph, std::span<const KernelMemory> memory, std::int64_t nodes) {
  const std::vector<std::int32_t> order = best_order(graph, memory, nodes);
  if (order == as_it_is(order.size())) return graph;
  ir::Graph other = reordered(graph, order);
  return best_plan(other, reordered(memory, order)).arena < best_plan(graph, memory).arena ? other : graph;
}

ir::Graph reordered(const ir::Graph& graph, std::span<const std::int32_t> order) {
  ir::Graph result = graph;
  for (std::size_t k = 0; k < order.size(); ++k)
    result.operators[k] = graph.operators[static_cast<std::size_t>(order[k])];
  return result;
}

std::vector<KernelMemory> reordered(std::span<const KernelMemory> memory,
                                    std::span<const std::int32_t> order) {
  std::vector<KernelMemory> result;
  if (memory.empty()) return result;
  for (const std::int32_t op : order) result.push_back(memory[static_cast<std::size_t>(op)]);
  return result;
}

}  // namespace parsimony::plan
