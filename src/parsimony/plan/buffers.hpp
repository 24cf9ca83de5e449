#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/plan/plan.hpp"

namespace parsimony::plan {

/// Some of a buffer's bytes, which live at the same steps.
struct Piece {
  std::int32_t buffer = 0;
  std::int64_t at = 0;  ///< [B] from the buffer's begin
};

/// An input whose last reader may write its output over it. Values are multiples of kArenaAlign and within
/// the disjoint placements: −bytes(input) <= below <= bytes(output), −bytes(output) <= above <= bytes(input).
struct Overlap {
  std::int32_t step = 0;
  std::int32_t input = 0, output = 0;        ///< buffers
  std::int64_t input_at = 0, output_at = 0;  ///< [B] where in them the operator reads and writes
  std::int64_t input_bytes = 0, output_bytes = 0;
  std::int64_t dying = 0;             ///< [B] of the input that nobody reads later
  std::int64_t below = 0, above = 0;  ///< [B] as in Clearance
  bool in_place = false;              ///< forward, they may also begin at one offset; the only overlap then
  bool alone = true;                  ///< the operator's only one: its direction follows from the offsets
};

/// What the planners place: one buffer for each tensor and each operator's scratch; tensors that lie in each
/// other (`places`) are one. Its parts may live at different steps.
struct Buffers {
  std::vector<Lifetime> live;              ///< of the whole; bytes: multiples of kArenaAlign
  std::vector<Piece> pieces;               ///< by buffer; one where all its bytes live alike
  std::vector<Lifetime> piece_live;        ///< [pieces]
  std::vector<std::int32_t> of_tensor;     ///< [tensors of the graph]
  std::vector<std::int64_t> at_of_tensor;  ///< [tensors of the graph] [B] from its buffer's begin
  std::vector<std::int32_t> of_scratch;    ///< [operators of the graph], −1: needs none
  std::vector<Overlap> overlaps;           ///< by step; those of a step have one output
};

/// @param memory  [operators of the graph], or empty: no scratch, no overlap
Buffers buffers_of(const ir::Graph& graph, std::span<const KernelMemory> memory);

/// The same with overlaps over all inputs, whoever reads them last: what another order might allow. `alone`
/// is of no meaning.
Buffers all_overlaps(const ir::Graph& graph, std::span<const KernelMemory> memory);

/// The overlaps of each operator that has any.
std::vector<std::span<const Overlap>> by_step(std::span<const Overlap> overlaps);

/// The most bytes that an operator's output may share with its inputs.
Bytes most_shared(std::span<const Overlap> of_operator);

/// The least arena that each step asks for: the bytes of the buffers alive less the most that its operator's
/// output may share with its inputs. No plan is smaller than the largest.
/// @return [steps]
std::vector<Bytes> least_bytes(const Buffers& buffers);

/// Differences of two offsets that are forbidden: the open interval; low >= high forbids nothing.
struct Interval {
  std::int64_t low = 0, high = 0;  ///< [B] multiples of kArenaAlign
  bool but_one = false;            ///< one is allowed though it lies inside
  std::int64_t one = 0;            ///< that one

  bool holds(std::int64_t difference) const {
    return difference > low && difference < high && !(but_one && difference == one);
  }
};

/// Of offset(output) − offset(input), when the operator runs in that direction; in both; when neither may lie
/// over the other.
Interval forbidden(const Overlap& overlap, Direction direction);
Interval forbidden(const Overlap& overlap);
Interval apart(const Overlap& overlap);

/// Whether every overlap of one operator is safe in that direction.
bool safe(std::span<const Overlap> of_operator, std::span<const std::int64_t> offsets, Direction direction);

/// Two buffers that may not lie anywhere relative to each other: alive together, as a whole or in parts. Two
/// buffers may have several pairs, which all hold.
struct Pair {
  std::int32_t a = 0, b = 0;
  Interval not_at;          ///< of offset(b) − offset(a)
  std::int32_t joint = -1;  ///< its place in Buffers::overlaps, when that operator overlaps several inputs:
                            ///< `not_at` is what both directions forbid
};
std::vector<Pair> pairs_of(const Buffers& buffers);

/// An interval of the overlap's buffers, from the pair's side.
Interval from_side_of(const Pair& pair, const Overlap& overlap, const Interval& interval);

/// The same pairs with all joint operators in that direction.
std::vector<Pair> directed(const Buffers& buffers, std::vector<Pair> pairs, Direction direction);

/// The pairs of each buffer, from its side: it may not begin at offset(other) + x for x in `not_at`.
struct Distance {
  std::int32_t other = 0;
  Interval not_at;
};
class Distances {
 public:
  Distances(std::size_t buffers, std::span<const Pair> pairs);

  std::span<const Distance> of(std::size_t buffer) const {
    return {distances_.data() + begin_[buffer], begin_[buffer + 1] - begin_[buffer]};
  }

 private:
  std::vector<std::size_t> begin_;  ///< [buffers + 1] of each buffer's distances
  std::vector<Distance> distances_;
};

/// Buffers by first step, then index.
std::vector<std::int32_t> order_of_execution(std::span<const Lifetime> live);

/// Sizes and offsets are counted in whole words.
constexpr std::int64_t aligned(std::int64_t bytes) {
  return bytes >= 0 ? (bytes + kArenaAlign - 1) / kArenaAlign * kArenaAlign
                    : -(-bytes / kArenaAlign * kArenaAlign);
}

}  // namespace parsimony::plan
