#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "parsimony/ir/graph.hpp"

namespace parsimony::emit {

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
};
constexpr std::size_t kKernels = 13;

/// What is the same for every use of a kernel.
struct KernelFacts {
  std::string_view name;  ///< its file in runtime/kernels, without ".c"; the function is "parsimony_" + it
  std::int32_t parameter_bytes = 0;  ///< [B] of its parameters on a 32-bit core
  std::int32_t constant_bytes = 0;   ///< [B] of constants of its own
  bool divides = false;              ///< whether it divides integers by others than powers of two
  const char* helper = nullptr;      ///< a function that only it calls
};

const KernelFacts& facts(Kernel kernel);

/// A set of kernels.
struct KernelSet {
  std::uint64_t bits = 0;
  constexpr void add(Kernel kernel) { bits |= std::uint64_t{1} << static_cast<unsigned>(kernel); }
  constexpr bool contains(Kernel kernel) const { return (bits >> static_cast<unsigned>(kernel) & 1u) != 0; }
};

/// Which kernel runs each operator of a network: a function of shapes alone.
class KernelChoice {
 public:
  explicit KernelChoice(const ir::Graph& graph);

  Kernel of(const ir::Operator& op) const;
  KernelSet all() const;

  /// Calls of the operator's kernel: one for each part of a concatenation, else one.
  static std::int64_t steps(const ir::Operator& op) {
    return op.kind == ir::OperatorKind::concatenation ? static_cast<std::int64_t>(op.inputs.size()) : 1;
  }

 private:
  bool is_plain_1d(const ir::Operator& op) const;

  const ir::Graph& graph_;
  bool shares_convolution_1d_ = false;  // a network with 1-D convolutions runs its linear layers on them
};

}  // namespace parsimony::emit
