#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "parsimony/base/quantities.hpp"
#include "parsimony/ir/graph.hpp"

namespace parsimony::emit {

/// The device functions that an emitted network is made of (runtime/kernels), each of one size for a
/// compiler.
enum class Kernel { convolution_1d, depthwise_1d, mean_1d, multiply, table };
constexpr std::size_t kKernels = 5;

/// The kernel that runs an operator; a fully connected layer is a convolution of one position.
constexpr Kernel kernel_of(ir::OperatorKind kind) {
  switch (kind) {
    case ir::OperatorKind::convolution:
    case ir::OperatorKind::fully_connected:
      return Kernel::convolution_1d;
    case ir::OperatorKind::depthwise_convolution:
      return Kernel::depthwise_1d;
    case ir::OperatorKind::mean:
      return Kernel::mean_1d;
    case ir::OperatorKind::multiply:
      return Kernel::multiply;
    default:
      break;
  }
  return Kernel::table;
}

/// The file name of a kernel in runtime/kernels, without ".c"; the function is "parsimony_" + it.
std::string_view kernel_name(Kernel kernel);

/// A set of kernels.
struct KernelSet {
  std::uint32_t bits = 0;
  constexpr void add(Kernel kernel) { bits |= 1u << static_cast<unsigned>(kernel); }
  constexpr void add(ir::OperatorKind kind) { add(kernel_of(kind)); }
  constexpr bool contains(Kernel kernel) const { return (bits >> static_cast<unsigned>(kernel) & 1u) != 0; }
};

/// Measured code sizes of one target, compiler and optimisation (tools/measure_kernels), each rounded up to 4
/// B.
struct KernelTable {
  std::string_view target;                          ///< "cortex-m4"
  std::string_view compiler;                        ///< "arm-none-eabi-gcc 12.2.1"
  std::string_view flags;                           ///< "-O2"
  std::array<std::int32_t, kKernels> kernel_bytes;  ///< by Kernel
  std::int32_t fixed_bytes;  ///< [B] of `_invoke`, `_quantize_input` and what they always need
  bool operator==(const KernelTable&) const = default;
};

/// The table of the target. @throws InputError naming the target when there is none
const KernelTable& kernel_table(std::string_view target = "cortex-m4");

/// Name and content of a table, such as "cortex-m4/arm-none-eabi-gcc 12.2.1/-O2/1f2e3d4c": what a study
/// records.
std::string table_identity(const KernelTable& table = kernel_table());

/// ROM of an emitted network [B], by SEMANTICS.md section 7: data exact, code never below the linked one.
struct RomPrediction {
  Bytes data;
  Bytes code;
  Bytes total() const { return data + code; }
};

/// ROM from shapes alone; `graph` is verified and lowered, a skeleton will do. Microseconds.
RomPrediction predict_rom(const ir::Graph& graph, const KernelTable& table = kernel_table());

/// Constants of one operator [B], exact: weights, bias, multipliers, its parameters and its row in the table
/// of steps, padding included.
std::int64_t constant_bytes(const ir::Graph& graph, const ir::Operator& op);

/// Constants of `_quantize_input` [B], exact, for that many input channels.
std::int64_t input_constant_bytes(std::int64_t channels);

/// Code of a network that uses these kernels [B], `_invoke` and `_quantize_input` included.
Bytes code_bytes(KernelSet kernels, const KernelTable& table = kernel_table());

/// [B] of the parameters and the step of an operator, whatever its shapes.
constexpr std::int64_t parameter_bytes(ir::OperatorKind kind) {
  constexpr std::int64_t kStep = 16;
  switch (kernel_of(kind)) {
    case Kernel::convolution_1d:
      return kStep + 32;
    case Kernel::depthwise_1d:
      return kStep + 32;
    case Kernel::mean_1d:
      return kStep + 16;
    case Kernel::multiply:
      return kStep + 16;
    case Kernel::table:
      break;
  }
  return kStep + 8 + 256;
}

/// `constant_bytes` at real-valued counts, without padding: never above the exact one.
/// @param weights       elements of the weights (0 for operators without)
/// @param channels_out  output channels (0 for operators without weights)
template <typename Real>
constexpr Real constant_bytes_lower(ir::OperatorKind kind, Real weights, Real channels_out) {
  return weights + Real(9) * channels_out + Real(parameter_bytes(kind));
}

}  // namespace parsimony::emit
