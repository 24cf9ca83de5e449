#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace parsimony::plan {

/// The order in which an operator makes its outputs: raster order, or from the last block to the first.
enum class Direction { forward, reverse };

/// How near an operator's output may come to one of its inputs: what its kernel, as it is written, allows.
/// Run forward, the operator is right when offset(output) <= offset(input) − below, or when the output begins
/// at or after the input's end. Run in reverse: when offset(output) >= offset(input) + above, or when the
/// output ends at or before the input's begin. Negative values say that the output may begin inside the
/// input (forward) or before it (reverse). Values beyond the disjoint placements change nothing.
struct Clearance {
  std::int64_t below = 0;  ///< [B] in place: 0; disjoint: the output's bytes; any place: −the input's bytes
  std::int64_t above = 0;  ///< [B] in place: 0; disjoint: the input's bytes; any place: −the output's bytes
  bool in_place = false;   ///< forward, the output may also begin exactly where the input does
  bool operator==(const Clearance&) const = default;
};

/// What the planner must know of the kernel that runs an operator.
struct KernelMemory {
  std::int64_t scratch = 0;          ///< [B] beside its tensors while it runs
  std::vector<Clearance> clearance;  ///< one for each input, or empty: the output is disjoint from all
  bool reversible = false;           ///< whether the kernel can run in reverse; else `above` is not used
};

/// One step of a kernel's run over its tensors, as the verifier replays it: `count` runs of `bytes` bytes,
/// `stride` apart.
struct Access {
  enum class Kind { read, write };
  Kind kind = Kind::read;
  std::int32_t input = 0;  ///< read: which input of the operator; write: of no meaning, there is one output
  std::int64_t begin = 0;  ///< [B] from the tensor's begin
  std::int64_t bytes = 0;  ///< [B] of each run
  std::int64_t count = 1;
  std::int64_t stride = 0;  ///< [B] from run to run

  std::int64_t end() const { return begin + (count - 1) * stride + bytes; }
};

/// The accesses of operator `step`, run in that direction, in their order. Every byte that matters to the
/// output is read from the tensor before it is needed (what a kernel keeps in registers or scratch is read
/// when it is put there); all bytes that it stores are written, those after the output's last one included.
/// A trace may say less than the kernel knows (a larger range, a read put later, a write put earlier); what
/// it proves holds all the same.
using AccessTrace = std::function<std::vector<Access>(std::size_t step, Direction direction)>;

/// The smallest clearance under which all writes lie outside what is read after them, first to last byte.
/// @param forward  an operator's accesses in that direction
/// @param reverse  in the other; empty: the kernel has none, `above` is the disjoint one
/// @param input    which input of the operator
/// @param input_bytes, output_bytes  [B] of that input and of the output
Clearance clearance_of(std::span<const Access> forward, std::span<const Access> reverse, std::int32_t input,
                       std::int64_t input_bytes, std::int64_t output_bytes);

}  // namespace parsimony::plan
