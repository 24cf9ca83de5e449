#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "parsimony/base/quantities.hpp"
#include "parsimony/emit/kernels.hpp"
#include "parsimony/ir/graph.hpp"

namespace parsimony::emit {

/// Measured code sizes of one target, compiler and optimisation (tools/measure_kernels), each rounded up to 4
/// B.
struct KernelTable {
  Family family = Family::portable;
  std::string_view target;                          ///< "cortex-m4"
  std::string_view compiler;                        ///< "arm-none-eabi-gcc 12.2.1"
  std::string_view flags;                           ///< "-O2"
  std::array<std::int32_t, kKernels> kernel_bytes;  ///< by Kernel
  std::int32_t
      fixed_bytes;  ///< [B] of `_invoke`, `_quantize_input` and what they always need, libgcc's included
  std::int32_t division_bytes = 0;  ///< [B] of libgcc's, where the core has no division and a kernel divides
  std::int32_t log_mel_bytes = 0;   ///< [B] of `_features` and what it needs
  bool operator==(const KernelTable&) const = default;
};

/// What boards are compiled with beside their target's flags.
inline constexpr std::string_view kBoardFlags = "-O2";

/// The table of the target and family. @throws InputError naming the target when there is none
const KernelTable& kernel_table(std::string_view target = "cortex-m4", Family family = kCostedFamily);

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
RomPrediction predict_rom(const ir::Graph& graph, const KernelChoice& choice, const KernelTable& table);

/// Constants of one operator [B], exact: weights, bias, multipliers, its parameters and its rows in the table
/// of steps, padding included.
std::int64_t constant_bytes(const ir::Graph& graph, const ir::Operator& op, Kernel kernel,
                            bool clamps_apart = false);

/// The same as the network has them: without the arrays that another operator owns, with wide steps.
std::int64_t constant_bytes(const ir::Graph& graph, const ir::Operator& op, const KernelChoice& choice);

/// Constants of `_quantize_input` [B], exact, for that many input channels (1 where one scale serves all).
std::int64_t input_constant_bytes(std::int64_t channels);

/// What the graph's front end takes of both; nothing where it has none.
RomPrediction front_end_rom(const ir::Graph& graph, const KernelTable& table);

/// Code of a network that uses these kernels [B], `_invoke` and `_quantize_input` included.
Bytes code_bytes(KernelSet kernels, const KernelTable& table = kernel_table());

/// [B] of an operator's parameters, narrow steps, table and constant operand, whatever its channels.
std::int64_t parameter_bytes(const ir::Operator& op, Kernel kernel, bool clamps_apart = false);

/// `constant_bytes` at real-valued counts, without padding: never above the exact one.
/// @param weights       elements of the weights (0 for operators without)
/// @param channels_out  output channels (0 for operators without weights)
inline double constant_bytes_lower(const ir::Operator& op, Kernel kernel, double weights,
                                   double channels_out) {
  // A linear layer's kernel may change with its width.
  const bool linear = op.kind == ir::OperatorKind::fully_connected && kernel == Kernel::dsp_convolution_small;
  const Kernel least = linear ? Kernel::fully_connected : kernel;
  return weights + 9.0 * channels_out + static_cast<double>(parameter_bytes(op, least));
}

}  // namespace parsimony::emit
