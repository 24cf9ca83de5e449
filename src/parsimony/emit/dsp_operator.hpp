#pragma once

#include <optional>
#include <span>

#include "parsimony/emit/dsp_layout.hpp"
#include "parsimony/emit/dsp_overlap.hpp"
#include "parsimony/emit/kernels.hpp"
#include "parsimony/ir/graph.hpp"
#include "parsimony/plan/kernel_memory.hpp"

namespace parsimony::emit {

/// The DSP kernel that runs the operator; none: the portable one does. Convolutions get the faster of their
/// two.
std::optional<Kernel> dsp_kernel(const ir::Graph& graph, const ir::Operator& op);

/// In place of portable kernels, those of the DSP family that take less flash: one convolution, which runs
/// linear layers too where there is one, and one depthwise convolution. Kernels of one axis stay, they are
/// smaller.
void choose_small_dsp_kernels(const ir::Graph& graph, std::span<Kernel> kernels);

/// Whether the kernel's constants are packed by dsp_layout.
bool is_dsp_weighted(Kernel kernel);

/// The window of an operator with weights or of a pool; a fully connected layer is one pixel, a mean one
/// window.
dsp::Shape dsp_shape(const ir::Graph& graph, const ir::Operator& op);

/// The constants of an operator with weights as its DSP kernel reads them.
dsp::Packed dsp_packed(const ir::Graph& graph, const ir::Operator& op, Kernel kernel);

/// [B] of those, from shapes alone, rounded up to words array by array.
std::int64_t dsp_packed_bytes(const ir::Graph& graph, const ir::Operator& op, Kernel kernel);

/// As kernel_memory and kernel_accesses, for DSP kernels.
plan::KernelMemory dsp_memory(const ir::Graph& graph, const ir::Operator& op, Kernel kernel);
std::vector<plan::Access> dsp_kernel_accesses(const ir::Graph& graph, const ir::Operator& op, Kernel kernel,
                                              plan::Direction direction);

/// ADD's parameters: the first input is the one with the larger scale.
struct DspAddition {
  std::size_t first = 0, second = 1;  ///< indices into op.inputs
  std::int32_t second_multiplier = 0, second_shift = 0;
  std::int32_t multiplier = 0, shift = 0;
};
DspAddition dsp_addition(const ir::Graph& graph, const ir::Operator& op);

}  // namespace parsimony::emit
