#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "parsimony/ir/graph.hpp"
#include "parsimony/plan/kernel_memory.hpp"

namespace parsimony::emit {

/// What kernels are written for: any core, the DSP extension of Cortex-M4, M7, M33 and M55, for least flash
/// or fewest instructions, or the vector extension of M55. A folder's kernels are of one family; what that
/// lacks, the DSP or the portable one has. `single`: the portable ones for graphs that round once.
enum class Family { portable, dsp_small, dsp, mve, single };
/// "portable", "dsp_small", …
std::string_view family_name(Family family);
/// The family that a graph's kernels are of where `wanted` is asked for.
Family family_for(const ir::Graph& graph, Family wanted);

/// That of the folders that searches cost (family_of a Cortex-M4 and Optimise::size).
inline constexpr Family kCostedFamily = Family::dsp_small;

/// The device functions that an emitted network is made of (runtime/kernels), each of one size for a
/// compiler.
enum class Kernel {
  convolution_1d,   ///< straight from the input, without scratch
  depthwise_1d,     ///< the same
  mean,             ///< over all positions
  multiply,         ///< rows by a second input
  table,            ///< any unary function
  convolution,      ///< two spatial axes, two pixels at a time
  depthwise,        ///< two spatial axes
  fully_connected,  ///< four outputs at a time
  add,              ///< and subtract
  pool,             ///< average and maximum
  copy_rows,        ///< one part of a concatenation; a reshape that moves
  pad,
  softmax,
  add_constant,  ///< and subtract, from the constant or it
  multiply_constant,
  argmax,
  dsp_convolution_3,      ///< three pixels at a time
  dsp_convolution_2,      ///< two: less scratch
  dsp_convolution_small,  ///< two: least flash; runs linear layers, too
  dsp_fully_connected,
  dsp_depthwise_3x3,
  dsp_depthwise_row,  ///< one spatial axis, at most four taps
  dsp_depthwise,
  dsp_add,
  dsp_average_pool,
  dsp_mean,
  dsp_clamp,  ///< behind a DSP kernel, which saturates to the whole range of int8
  // What several of them call.
  dsp_gather,
  dsp_any_pair,
  dsp_requantise_any,
  dsp_sum_pixels,
  mve_convolution,  ///< two pixels by four channels at a time
  mve_fully_connected,
  mve_depthwise,  ///< eight channels or sixteen at a time
  mve_add,
  mve_average_pool,
  mve_mean,
  mve_sum_pixels,  ///< what the two before call
};
constexpr std::size_t kKernels = 38;

/// Whether it is of the DSP family, what several of them call included.
constexpr bool is_dsp(Kernel kernel) {
  return kernel >= Kernel::dsp_convolution_3 && kernel <= Kernel::dsp_sum_pixels;
}

/// Whether it is of the MVE family.
constexpr bool is_mve(Kernel kernel) {
  return kernel > Kernel::dsp_sum_pixels;
}

/// What is the same for every use of a kernel.
struct KernelFacts {
  std::string_view file;             ///< in runtime/kernels, without ".c" or ".h"
  std::string_view parameters;       ///< the struct of its parameters is "parsimony_" + it
  std::int32_t parameter_bytes = 0;  ///< [B] of its parameters on a 32-bit core
  std::int32_t constant_bytes = 0;   ///< [B] of constants of its own
  bool divides = false;              ///< whether it divides integers by others than powers of two
  /// The functions that its code is made of, without "parsimony_"; the first is called with the parameters.
  std::array<std::string_view, 4> functions{};
  std::array<std::int8_t, 3> calls{-1, -1, -1};  ///< kernels that it calls
};

const KernelFacts& facts(Kernel kernel);

/// A set of kernels.
struct KernelSet {
  std::uint64_t bits = 0;
  constexpr void add(Kernel kernel) { bits |= std::uint64_t{1} << static_cast<unsigned>(kernel); }
  constexpr bool contains(Kernel kernel) const { return (bits >> static_cast<unsigned>(kernel) & 1u) != 0; }
  /// The kernel and all that it calls.
  void add_with_calls(Kernel kernel);
};

/// Which kernels run each operator of a network (with a constant operand: the portable ones): a function of
/// shapes, and of constants only where the DSP kernels cannot hold them.
class KernelChoice {
 public:
  KernelChoice(const ir::Graph& graph, Family wanted);

  Family family() const { return family_; }                               ///< the one that it is
  std::span<const Kernel> kernels() const { return kernels_; }            ///< [operators of the graph]
  std::span<const plan::KernelMemory> memory() const { return memory_; }  ///< what they need, likewise
  Kernel of(const ir::Operator& op) const {
    return kernels_[static_cast<std::size_t>(&op - graph_.operators.data())];
  }
  /// Whether the operator's output is clamped by a step of its own.
  bool clamps_apart(const ir::Operator& op) const;
  /// Those of all operators, and what they call.
  KernelSet all() const;
  /// Whether the table of steps holds offsets in 32 bits: the tensors alive together are beyond 16 bits of
  /// words.
  bool wide_steps() const { return wide_steps_; }
  /// [B] of a row of the table of steps.
  std::int64_t step_bytes() const { return wide_steps_ ? 20 : 16; }
  /// Rows that the operator has in the table of steps.
  std::int64_t steps(const ir::Operator& op) const;
  /// The operator whose arrays of constants this one uses: itself, or an earlier one.
  const ir::Operator& owner(const ir::Operator& op) const;
  /// Calls of the operator's own kernel: one for each part of a concatenation, none for a slice or a join.
  static std::int64_t parts(const ir::Operator& op) {
    if (ir::is_view(op.kind)) return 0;
    return op.kind == ir::OperatorKind::concatenation ? static_cast<std::int64_t>(op.inputs.size()) : 1;
  }

 private:
  const ir::Graph& graph_;
  Family family_;
  std::vector<Kernel> kernels_;
  std::vector<plan::KernelMemory> memory_;
  bool wide_steps_ = false;
};

}  // namespace parsimony::emit
