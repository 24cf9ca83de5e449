#include "parsimony/plan/buffers.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "parsimony/base/contracts.hpp"
#include "parsimony/plan/least_bytes.hpp"
#include "parsimony/plan/places.hpp"

namespace parsimony::plan {
namespace {

std::size_t index(ir::TensorId id) {
  return static_cast<std::size_t>(id);
}
std::size_t index(std::int32_t buffer) {
  return static_cast<std::size_t>(buffer);
}

/// Room for a buffer of each tensor and each operator's scratch, and for an overlap of most operators.
void reserve(Buffers& buffers, const ir::Graph& graph) {
  const std::size_t tensors = graph.tensors.size(), most = tensors + graph.operators.size();
  buffers.live.reserve(most);
  buffers.pieces.reserve(most);
  buffers.piece_live.reserve(most);
  buffers.of_tensor.reserve(tensors);
  buffers.at_of_tensor.reserve(tensors);
  buffers.overlaps.reserve(most);
}

void add_buffer(Buffers& buffers, const Lifetime& life) {
  const auto buffer = static_cast<std::int32_t>(buffers.live.size());
  buffers.live.push_back(life);
  buffers.pieces.push_back({buffer, 0});
  buffers.piece_live.push_back(life);
}

void join(Lifetime& life, const Lifetime& other) {
  life.first = std::min(life.first, other.first);
  life.last = std::max(life.last, other.last);
}

/// Cuts a buffer where the life of its bytes changes.
/// @param inside  tensors that lie in it
void add_pieces(std::int32_t buffer, std::span<const std::size_t> inside, std::span<const Lifetime> live,
                Buffers& buffers) {
  const auto begin = [&](std::size_t k) { return buffers.at_of_tensor[k]; };
  const auto end = [&](std::size_t k) { return buffers.at_of_tensor[k] + aligned(live[k].bytes); };
  std::vector<std::int64_t> cuts;
  for (const std::size_t k : inside) cuts.insert(cuts.end(), {begin(k), end(k)});
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  const std::size_t first_piece = buffers.pieces.size();
  for (std::size_t cut = 0; cut + 1 < cuts.size(); ++cut) {
    std::optional<Lifetime> life;
    for (const std::size_t k : inside) {
      if (begin(k) > cuts[cut] || end(k) <= cuts[cut]) continue;
      if (!life) life = live[k];
      join(*life, live[k]);
    }
    life->bytes = cuts[cut + 1] - cuts[cut];
    const bool longer = buffers.pieces.size() > first_piece &&
                        buffers.piece_live.back().first == life->first &&
                        buffers.piece_live.back().last == life->last;
    if (longer) {
      buffers.piece_live.back().bytes += life->bytes;
    } else {
      buffers.pieces.push_back({buffer, cuts[cut]});
      buffers.piece_live.push_back(*life);
    }
  }
}

void cut_into_pieces(std::span<const Lifetime> live, Buffers& buffers) {
  std::vector<std::vector<std::size_t>> inside(buffers.live.size());
  for (std::size_t k = 0; k < live.size(); ++k) inside[index(buffers.of_tensor[k])].push_back(k);
  buffers.pieces.clear();
  buffers.piece_live.clear();
  for (std::size_t buffer = 0; buffer < inside.size(); ++buffer)
    add_pieces(static_cast<std::int32_t>(buffer), inside[buffer], live, buffers);
}

/// Buffers for the tensors, those of several with the union of their lifetimes.
void add_tensors(const ir::Graph& graph, Buffers& buffers) {
  const std::vector<Lifetime> live = lifetimes_of_bytes(graph);
  const std::vector<Place> place = places(graph);
  std::vector<std::int32_t> buffer_of(live.size(), -1);
  for (std::size_t k = 0; k < live.size(); ++k) {
    std::int32_t& buffer = buffer_of[index(place[k].of)];
    if (buffer < 0) {
      buffer = static_cast<std::int32_t>(buffers.live.size());
      add_buffer(buffers, {aligned(live[index(place[k].of)].bytes), live[k].first, live[k].last});
    }
    join(buffers.live[index(buffer)], live[k]);
    buffers.piece_live[index(buffer)] = buffers.live[index(buffer)];
    buffers.of_tensor.push_back(buffer);
    buffers.at_of_tensor.push_back(place[k].at);
  }
  const bool cut = std::any_of(graph.operators.begin(), graph.operators.end(),
                               [](const ir::Operator& op) { return ir::is_view(op.kind); });
  if (cut) cut_into_pieces(live, buffers);
}

/// Bytes of that part of a buffer of which no step after this one reads any.
std::int64_t dying_bytes(const Buffers& buffers, std::int32_t buffer, std::int64_t at, std::int64_t bytes,
                         std::int32_t step) {
  const auto before = [](const Piece& piece, std::int32_t of) { return piece.buffer < of; };
  const auto first = std::lower_bound(buffers.pieces.begin(), buffers.pieces.end(), buffer, before);
  std::int64_t sum = 0;
  for (auto piece = first; piece != buffers.pieces.end() && piece->buffer == buffer; ++piece) {
    const Lifetime& life = buffers.piece_live[static_cast<std::size_t>(piece - buffers.pieces.begin())];
    if (piece->at >= at && piece->at < at + bytes && life.last == step) sum += life.bytes;
  }
  return sum;
}

/// The operator's overlap over input k, whoever reads it later.
Overlap overlap_of(const ir::Graph& graph, const Buffers& buffers, std::int32_t step,
                   const KernelMemory& memory, std::size_t k) {
  const ir::Operator& op = graph.operators[index(step)];
  const std::size_t input = index(op.inputs[k]), output = index(op.output);
  Overlap overlap;
  overlap.step = step;
  overlap.input = buffers.of_tensor[input];
  overlap.output = buffers.of_tensor[output];
  overlap.input_at = buffers.at_of_tensor[input];
  overlap.output_at = buffers.at_of_tensor[output];
  overlap.input_bytes = aligned(graph.tensors[input].elements());
  overlap.output_bytes = aligned(graph.tensors[output].elements());
  overlap.dying = dying_bytes(buffers, overlap.input, overlap.input_at, overlap.input_bytes, step);
  const Clearance& clearance = memory.clearance[k];
  const std::int64_t above = memory.reversible ? clearance.above : overlap.input_bytes;
  overlap.below = std::clamp(aligned(clearance.below), -overlap.input_bytes, overlap.output_bytes);
  overlap.above = std::clamp(aligned(above), -overlap.output_bytes, overlap.input_bytes);
  overlap.in_place = clearance.in_place;
  return overlap;
}

/// Overlaps of one operator, without regard to who reads its inputs later; an input that it reads twice
/// counts once, with the larger clearance.
void add_overlaps(const ir::Graph& graph, std::int32_t step, const KernelMemory& memory,
                  const Buffers& buffers, std::vector<Overlap>& overlaps) {
  const ir::Operator& op = graph.operators[index(step)];
  PARSIMONY_EXPECTS(memory.clearance.empty() || memory.clearance.size() == op.inputs.size());
  const auto begin = static_cast<std::ptrdiff_t>(overlaps.size());
  const std::int32_t output = buffers.of_tensor[index(op.output)];
  for (std::size_t k = 0; k < memory.clearance.size(); ++k) {
    const std::int32_t input = buffers.of_tensor[index(op.inputs[k])];
    if (input == output || input == buffers.of_tensor[index(graph.output)]) continue;
    const Overlap overlap = overlap_of(graph, buffers, step, memory, k);
    if (overlap.below == overlap.output_bytes && overlap.above == overlap.input_bytes && !overlap.in_place)
      continue;  // disjoint either way
    const auto same = [&](const Overlap& other) {
      return other.input == input && other.input_at == overlap.input_at &&
             other.input_bytes == overlap.input_bytes;
    };
    const auto twice = std::find_if(overlaps.begin() + begin, overlaps.end(), same);
    if (twice == overlaps.end()) {
      overlaps.push_back(overlap);
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
std::int64_t most_shared(std::span<const Overlap> overlaps, Direction direction) {
  const std::int64_t output = overlaps[0].output_bytes;
  std::int64_t sum = 0;
  std::int64_t most = 0;
  for (const Overlap& overlap : overlaps) {
    const bool forward = direction == Direction::forward;
    const bool before = forward && !overlap.in_place;
    const std::int64_t of_output = before ? output - std::max<std::int64_t>(overlap.below, 0) : output;
    const std::int64_t free = forward ? 0 : std::max<std::int64_t>(overlap.above, 0);
    sum += std::min({overlap.dying, overlap.input_bytes - free, of_output});
    most = std::max(most, of_output);
  }
  return std::min(sum, most);
}

}  // namespace

Buffers all_overlaps(const ir::Graph& graph, std::span<const KernelMemory> memory) {
  PARSIMONY_EXPECTS(memory.empty() || memory.size() == graph.operators.size());
  Buffers buffers;
  reserve(buffers, graph);
  add_tensors(graph, buffers);
  buffers.of_scratch.assign(graph.operators.size(), -1);
  for (std::size_t k = 0; k < memory.size(); ++k) {
    const auto step = static_cast<std::int32_t>(k);
    add_overlaps(graph, step, memory[k], buffers, buffers.overlaps);
    if (memory[k].scratch == 0) continue;
    buffers.of_scratch[k] = static_cast<std::int32_t>(buffers.live.size());
    add_buffer(buffers, {aligned(memory[k].scratch), step, step});
  }
  return buffers;
}

Buffers buffers_of(const ir::Graph& graph, std::span<const KernelMemory> memory) {
  Buffers buffers = all_overlaps(graph, memory);
  std::erase_if(buffers.overlaps, [](const Overlap& overlap) { return overlap.dying == 0; });
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

Bytes most_shared(std::span<const Overlap> of_operator) {
  if (of_operator.empty()) return Bytes(0);
  return Bytes(
      std::max(most_shared(of_operator, Direction::forward), most_shared(of_operator, Direction::reverse)));
}

std::vector<Bytes> least_bytes(const Buffers& buffers) {
  std::vector<Bytes> least = alive_bytes(buffers.piece_live);
  for (const std::span<const Overlap> overlaps : by_step(buffers.overlaps)) {
    Bytes& of_step = least[index(overlaps[0].step)];
    of_step = of_step - most_shared(overlaps);
  }
  return least;
}

LeastBytes::LeastBytes(const ir::Graph& graph)
    : graph_(graph), tensors_(buffers_of(graph, {})), alive_(alive_bytes(tensors_.piece_live)) {}

Bytes LeastBytes::of(std::size_t step, const KernelMemory& memory) {
  overlaps_.clear();
  add_overlaps(graph_, static_cast<std::int32_t>(step), memory, tensors_, overlaps_);
  std::erase_if(overlaps_, [](const Overlap& overlap) { return overlap.dying == 0; });
  return alive_[step] + Bytes(aligned(memory.scratch)) - most_shared(overlaps_);
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
