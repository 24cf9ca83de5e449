#include "parsimony/emit/mve_operator.hpp"

#include <algorithm>

#include "parsimony/emit/dsp_operator.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/ir/arithmetic.hpp"

namespace parsimony::emit {
namespace {

using Kind = ir::OperatorKind;

/// Whether no channel is shifted to the left or not at all: rounding below zero would be another.
bool shifts_fit(const ir::Graph& graph, const ir::Operator& op) {
  if (op.weights.empty()) return true;
  const std::vector<ir::Multiplier> channels = ir::requantisation(graph, op).channels;
  return std::ranges::all_of(channels, [](ir::Multiplier by) { return by.shift <= -1 || by.mantissa == 0; });
}

/// The DSP or portable kernel that reads and writes its tensors in the same order.
Kernel alike(Kernel kernel) {
  switch (kernel) {
    case Kernel::mve_convolution:
      return Kernel::dsp_convolution_2;
    case Kernel::mve_fully_connected:
      return Kernel::dsp_fully_connected;
    case Kernel::mve_depthwise:
      return Kernel::depthwise;
    case Kernel::mve_add:
      return Kernel::dsp_add;
    case Kernel::mve_average_pool:
      return Kernel::dsp_average_pool;
    default:
      return Kernel::dsp_mean;
  }
}

}  // namespace

std::optional<Kernel> mve_kernel(const ir::Graph& graph, const ir::Operator& op) {
  const auto takes = [&](bool shape, Kernel kernel) {
    return shape && shifts_fit(graph, op) ? std::optional(kernel) : std::nullopt;
  };
  switch (op.kind) {
    case Kind::convolution: {
      const dsp::Shape shape = dsp_shape(graph, op);
      return takes(dsp::convolution_takes(shape) && shape.output_channels >= 4, Kernel::mve_convolution);
    }
    case Kind::fully_connected:
      return takes(dsp_shape(graph, op).input_channels <= UINT16_MAX, Kernel::mve_fully_connected);
    case Kind::depthwise_convolution: {
      const dsp::Shape shape = dsp_shape(graph, op);
      const bool one_each = shape.input_channels == shape.output_channels;
      return takes(one_each && dsp::convolution_takes(shape) && shape.input_channels >= 8,
                   Kernel::mve_depthwise);
    }
    case Kind::add:
      if (dsp_kernel(graph, op)) return Kernel::mve_add;
      return {};
    case Kind::average_pool:
      return Kernel::mve_average_pool;
    case Kind::mean:
      return Kernel::mve_mean;
    default:
      return {};
  }
}

plan::KernelMemory mve_memory(const ir::Graph& graph, const ir::Operator& op, Kernel kernel) {
  plan::KernelMemory memory = kernel_memory(graph, op, alike(kernel));
  constexpr std::int64_t kVector = 16, kPixels = 2;
  const std::int64_t vectors = (dsp_shape(graph, op).depth() + kVector - 1) / kVector;
  memory.scratch = kernel == Kernel::mve_convolution ? kPixels * kVector * vectors : 0;
  return memory;
}

std::vector<plan::Access> mve_kernel_accesses(const ir::Graph& graph, const ir::Operator& op, Kernel kernel,
                                              plan::Direction direction) {
  return kernel_accesses(graph, op, alike(kernel), direction);
}

}  // namespace parsimony::emit
