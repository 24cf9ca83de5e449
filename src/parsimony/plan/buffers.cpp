#include "parsimony/plan/buffers.hpp"

#include <algorithm>
#include <numeric>

#include "parsimony/base/contracts.hpp"

namespace parsimony::plan {
namespace {

std::size_t index(ir::TensorId id) {
  return static_cast<std::size_t>(id);
}
std::size_t index(std::int32_t buffer) {
  return static_cast<std::size_t>(buffer);
}

/// The tensors on both sides of a reshape hold the same bytes for ever: one buffer for both.
std::vector<std::int32_t> join_reshapes(const ir::Graph& graph) {
  std::vector<std::int32_t> first(graph.tensors.size());
  std::iota(first.begin(), first.end(), 0);
  for (const ir::Operator& op : graph.operators)
    if (op.kind == ir::OperatorKind::reshape) first[index(op.output)] = first[index(op.inputs[0])];
  return first;
}

/// Buffers for the tensors, those joined with the union of their lifetimes.
void add_tensors(const ir::Graph& graph, Buffers& buffers) {
  const std::vector<Lifetime> live = lifetimes(graph);
  const std::vector<std::int32_t> first = join_reshapes(graph);
  buffers.of_tensor.assign(live.size(), -1);
  for (std::size_t k = 0; k < live.size(); ++k) {
    std::int32_t& buffer = buffers.of_tensor[index(first[k])];
    if (buffer < 0) {
      buffer = static_cast<std::int32_t>(buffers.live.size());
      buffers.live.push_back({aligned(live[k].bytes), live[k].first, live[k].last});
    }
    Lifetime& joined = buffers.live[index(buffer)];
    joined.first = std::min(joined.first, live[k].first);
    joined.last = std::max(joined.last, live[k].last);
    buffers.of_tensor[k] = buffer;
  }
}

/// The operator's overlap over that input, whoever reads it later.
Overlap overlap_of(const Buffers& buffers, std::int32_t step, std::int32_t input, std::int32_t output,
                   const KernelMemory& memory, const Clearance& clearance) {
  const std::int64_t input_bytes = buffers.live[index(input)].bytes;
  const std::int64_t output_bytes = buffers.live[index(output)].bytes;
  const std::int64_t above = memory.reversible ? clearance.above : input_bytes;
  return {step,
          input,
          output,
          std::clamp(aligned(clearance.below), -input_bytes, output_bytes),
          std::clamp(aligned(above), -output_bytes, input_bytes),
          clearance.in_place};
}

/// Overlaps of one operator, without regard to who reads its inputs later; an input that it reads twice
/// counts once, with the larger clearance.
void add_overlaps(const ir::Graph& graph, std::int32_t step, const KernelMemory& memory, Buffers& buffers) {
  const ir::Operator& op = graph.operators[index(step)];
  PARSIMONY_EXPECTS(memory.clearance.empty() || memory.clearance.size() == op.inputs.size());
  const auto begin = static_cast<std::ptrdiff_t>(buffers.overlaps.size());
  const std::int32_t output = buffers.of_tensor[index(op.output)];
  for (std::size_t k = 0; k < memory.clearance.size(); ++k) {
    const std::int32_t input = buffers.of_tensor[index(op.inputs[k])];
    if (input == output || input == buffers.of_tensor[index(graph.output)]) continue;
    const Overlap overlap = overlap_of(buffers, step, input, output, memory, memory.clearance[k]);
    if (overlap.below == buffers.live[index(output)].bytes &&
        overlap.above == buffers.live[index(input)].bytes && !overlap.in_place)
      continue;  // disjoint either way
    const auto twice = std::find_if(buffers.overlaps.begin() + begin, buffers.overlaps.end(),
                                    [&](const Overlap& other) { return other.input == input; });
    if (twice == buffers.overlaps.end()) {
      buffers.overlaps.push_back(overlap);
    } else {
      twice->below = std::max(twice->below, overlap.below);
      twice->above = std::max(twice->above, overlap.above);
      twice->in_place &= overlap.in_place;
    }
  }
}

/// The most bytes that an output may share with its operator's inputs, in one direction. Forward it begins
/// `below` bytes before the lowest input that it overlaps; in reverse the first `above` bytes of each input
/// stay free of it.
std::int64_t most_shared(std::span<const Lifetime> live, std::span<const Overlap> overlaps,
                         Direction direction) {
  const std::int64_t output = live[index(overlaps[0].output)].bytes;
  std::int64_t sum = 0;
  std::int64_t most = 0;
  for (const Overlap& overlap : overlaps) {
    const std::int64_t input = live[index(overlap.input)].bytes;
    const bool forward = direction == Direction::forward;
    const bool apart = forward && !overlap.in_place;
    const std::int64_t of_output = apart ? output - std::max<std::int64_t>(overlap.below, 0) : output;
    sum += std::min(forward ? input : input - std::max<std::int64_t>(overlap.above, 0), of_output);
    most = std::max(most, of_output);
  }
  return std::min(sum, most);
}

/// The overlaps by their output.
class OverlapIndex {
 public:
  OverlapIndex(std::size_t buffers, std::span<const Overlap> overlaps)
      : first_(buffers, overlaps.size()), overlaps_(overlaps) {
    for (std::size_t k = overlaps.size(); k-- > 0;) first_[index(overlaps[k].output)] = k;
  }
  /// Where it is, −1: nowhere.
  std::int32_t find(std::int32_t input, std::int32_t output) const {
    for (std::size_t k = first_[index(output)]; k < overlaps_.size() && overlaps_[k].output == output; ++k)
      if (overlaps_[k].input == input) return static_cast<std::int32_t>(k);
    return -1;
  }

 private:
  std::vector<std::size_t> first_;
  std::span<const Overlap> overlaps_;
};

Interval mirrored(const Interval& interval) {
  return {-interval.high, -interval.low, interval.but_zero};
}

}  // namespace

Buffers all_overlaps(const ir::Graph& graph, std::span<const KernelMemory> memory) {
  PARSIMONY_EXPECTS(memory.empty() || memory.size() == graph.operators.size());
  Buffers buffers;
  add_tensors(graph, buffers);
  buffers.of_scratch.assign(graph.operators.size(), -1);
  for (std::size_t k = 0; k < memory.size(); ++k) {
    const auto step = static_cast<std::int32_t>(k);
    add_overlaps(graph, step, memory[k], buffers);
    if (memory[k].scratch == 0) continue;
    buffers.of_scratch[k] = static_cast<std::int32_t>(buffers.live.size());
    buffers.live.push_back({aligned(memory[k].scratch), step, step});
  }
  return buffers;
}

Buffers buffers_of(const ir::Graph& graph, std::span<const KernelMemory> memory) {
  Buffers buffers = all_overlaps(graph, memory);
  std::erase_if(buffers.overlaps, [&](const Overlap& overlap) {
    return buffers.live[index(overlap.input)].last != overlap.step;
  });
  for (std::size_t k = 1; k < buffers.overlaps.size(); ++k) {
    Overlap &a = buffers.overlaps[k - 1], &b = buffers.overlaps[k];
    if (a.step != b.step) continue;
    a.alone = b.alone = false;
    PARSIMONY_EXPECTS(!a.in_place && !b.in_place);
  }
  return buffers;
}

std::vector<std::span<const Overlap>> by_step(std::span<const Overlap> overlaps) {
  std::vector<std::span<const Overlap>> groups;
  for (std::size_t begin = 0, end = 0; begin < overlaps.size(); begin = end) {
    while (end < overlaps.size() && overlaps[end].step == overlaps[begin].step) ++end;
    groups.push_back(overlaps.subspan(begin, end - begin));
  }
  return groups;
}

Bytes most_shared(std::span<const Lifetime> live, std::span<const Overlap> of_operator) {
  if (of_operator.empty()) return Bytes(0);
  return Bytes(std::max(most_shared(live, of_operator, Direction::forward),
                        most_shared(live, of_operator, Direction::reverse)));
}

std::vector<Bytes> least_bytes(const Buffers& buffers) {
  std::vector<Bytes> least = alive_bytes(buffers.live);
  for (const std::span<const Overlap> overlaps : by_step(buffers.overlaps)) {
    Bytes& of_step = least[index(overlaps[0].step)];
    of_step = of_step - most_shared(buffers.live, overlaps);
  }
  return least;
}

Interval forbidden(std::span<const Lifetime> live, const Overlap& overlap, Direction direction) {
  if (direction == Direction::forward)
    return {-overlap.below, live[index(overlap.input)].bytes, overlap.in_place};
  return {-live[index(overlap.output)].bytes, overlap.above};
}

Interval forbidden(const Overlap& overlap) {
  return {-overlap.below, overlap.above, overlap.in_place};
}

bool safe(std::span<const Lifetime> live, std::span<const Overlap> of_operator,
          std::span<const std::int64_t> offsets, Direction direction) {
  return std::all_of(of_operator.begin(), of_operator.end(), [&](const Overlap& overlap) {
    const std::int64_t difference = offsets[index(overlap.output)] - offsets[index(overlap.input)];
    return !forbidden(live, overlap, direction).holds(difference);
  });
}

/// A sweep over the steps.
std::vector<Pair> pairs_of(const Buffers& buffers) {
  const std::vector<Lifetime>& live = buffers.live;
  const OverlapIndex overlaps(live.size(), buffers.overlaps);
  const auto pair = [&](std::int32_t a, std::int32_t b) -> Pair {
    std::int32_t at = overlaps.find(a, b);
    const bool b_is_output = at >= 0;
    if (!b_is_output) at = overlaps.find(b, a);
    if (at < 0) return {a, b, {-live[index(b)].bytes, live[index(a)].bytes}};
    const Interval not_at = forbidden(buffers.overlaps[index(at)]);
    return {a, b, b_is_output ? not_at : mirrored(not_at), buffers.overlaps[index(at)].alone ? -1 : at};
  };
  std::vector<Pair> pairs;
  pairs.reserve(8 * live.size());
  std::vector<std::int32_t> alive;
  for (const std::int32_t b : order_of_execution(live)) {
    if (live[index(b)].bytes == 0) continue;
    std::erase_if(alive, [&](std::int32_t a) { return live[index(a)].last < live[index(b)].first; });
    for (const std::int32_t a : alive) {
      const Pair both = pair(a, b);
      if (both.joint >= 0 || both.not_at.low < both.not_at.high) pairs.push_back(both);
    }
    alive.push_back(b);
  }
  return pairs;
}

std::vector<Pair> directed(const Buffers& buffers, std::vector<Pair> pairs, Direction direction) {
  for (Pair& pair : pairs) {
    if (pair.joint < 0) continue;
    const Overlap& overlap = buffers.overlaps[index(pair.joint)];
    const Interval not_at = forbidden(buffers.live, overlap, direction);
    pair.not_at = overlap.output == pair.b ? not_at : mirrored(not_at);
  }
  return pairs;
}

Distances::Distances(std::size_t buffers, std::span<const Pair> pairs) : begin_(buffers + 1, 0) {
  for (const Pair& pair : pairs) {
    ++begin_[index(pair.a) + 1];
    ++begin_[index(pair.b) + 1];
  }
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  distances_.resize(2 * pairs.size());
  std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
  for (const Pair& pair : pairs) {
    distances_[next[index(pair.b)]++] = {pair.a, pair.not_at};
    distances_[next[index(pair.a)]++] = {pair.b, mirrored(pair.not_at)};
  }
}

/// By counting: steps are few.
std::vector<std::int32_t> order_of_execution(std::span<const Lifetime> live) {
  std::int32_t steps = 0;
  for (const Lifetime& life : live) steps = std::max(steps, life.first + 1);
  std::vector<std::int32_t> next(index(steps) + 1, 0);
  for (const Lifetime& life : live) ++next[index(life.first) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<std::int32_t> order(live.size());
  for (std::size_t k = 0; k < live.size(); ++k)
    order[index(next[index(live[k].first)]++)] = static_cast<std::int32_t>(k);
  return order;
}

}  // namespace parsimony::plan
