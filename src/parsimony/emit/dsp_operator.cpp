#include "parsimony/emit/dsp_operator.hpp"

#include <algorithm>
#include <limits>

#include "parsimony/base/contracts.hpp"
#include "parsimony/ir/arithmetic.hpp"

namespace parsimony::emit {
namespace {

using Kind = ir::OperatorKind;

constexpr std::int32_t kLargestAddShift = 22;

constexpr std::int64_t padded(std::int64_t bytes) {
  return (bytes + 3) / 4 * 4;
}

std::int32_t convolution_block(Kernel kernel) {
  return kernel == Kernel::dsp_convolution_3 ? 3 : 2;
}

bool is_convolution(Kernel kernel) {
  return kernel == Kernel::dsp_convolution_3 || kernel == Kernel::dsp_convolution_2 ||
         kernel == Kernel::dsp_convolution_small;
}

bool is_depthwise(Kernel kernel) {
  return kernel == Kernel::dsp_depthwise_3x3 || kernel == Kernel::dsp_depthwise_row ||
         kernel == Kernel::dsp_depthwise;
}

/// Multipliers and shifts of an operator's channels, owned.
struct ChannelConstants {
  std::vector<std::int32_t> multiplier;
  std::vector<std::int8_t> shift;
  dsp::Channels channels;

  ChannelConstants(const ir::Graph& graph, const ir::Operator& op) {
    for (const ir::Multiplier& by : ir::requantisation(graph, op).channels) {
      multiplier.push_back(by.mantissa);
      shift.push_back(static_cast<std::int8_t>(by.shift));
    }
    channels = {op.weights,
                op.bias,
                multiplier,
                shift,
                graph.tensor(op.inputs[0]).quantisation.zero_point,
                graph.tensor(op.output).quantisation.zero_point};
  }
  ChannelConstants(const ChannelConstants&) = delete;
  ChannelConstants& operator=(const ChannelConstants&) = delete;
};

/// Whether the constants, when there are any, are ones that the kernels compute.
bool constants_fit(const ir::Graph& graph, const ir::Operator& op) {
  if (op.weights.empty()) return true;
  return dsp::fits(ChannelConstants(graph, op).channels, op.kind == Kind::depthwise_convolution);
}

bool addition_fits(const ir::Graph& graph, const ir::Operator& op) {
  if (graph.tensor(op.inputs[0]).elements() != graph.tensor(op.inputs[1]).elements()) return false;
  if (ir::is_skeleton(graph)) return true;
  const DspAddition addition = dsp_addition(graph, op);
  return addition.shift >= 1 && addition.shift <= kLargestAddShift && addition.second_shift <= 31;
}

std::optional<Kernel> depthwise_kernel(const dsp::Shape& shape) {
  if (shape.input_channels != shape.output_channels) return {};
  if (dsp::depthwise_row_takes(shape)) return Kernel::dsp_depthwise_row;
  if (dsp::depthwise_3x3_takes(shape)) return Kernel::dsp_depthwise_3x3;
  if (dsp::depthwise_takes(shape)) return Kernel::dsp_depthwise;
  return {};
}

dsp::Overlap overlap_of(const ir::Graph& graph, const ir::Operator& op, Kernel kernel) {
  const dsp::Shape shape = dsp_shape(graph, op);
  switch (kernel) {
    case Kernel::dsp_convolution_3:
    case Kernel::dsp_convolution_2:
    case Kernel::dsp_convolution_small:
      return dsp::convolution_overlap(shape, convolution_block(kernel));
    case Kernel::dsp_depthwise_3x3:
      return dsp::depthwise_3x3_overlap(shape);
    case Kernel::dsp_depthwise_row:
      return dsp::depthwise_row_overlap(shape);
    case Kernel::dsp_depthwise:
      return dsp::depthwise_overlap(shape);
    case Kernel::dsp_fully_connected:
      return dsp::fully_connected_overlap(shape.input_channels, shape.output_channels);
    case Kernel::dsp_average_pool:
    case Kernel::dsp_mean:
      return dsp::average_pool_overlap(shape);
    default:
      return dsp::elementwise_overlap(graph.tensor(op.output).elements());
  }
}

std::int64_t scratch_of(const dsp::Shape& shape, Kernel kernel) {
  switch (kernel) {
    case Kernel::dsp_convolution_3:
    case Kernel::dsp_convolution_2:
      return dsp::convolution_scratch(shape, convolution_block(kernel));
    case Kernel::dsp_convolution_small:
      return dsp::convolution_small_scratch(shape);
    case Kernel::dsp_depthwise_3x3:
      return dsp::depthwise_3x3_scratch(shape);
    case Kernel::dsp_depthwise_row:
      return dsp::depthwise_row_scratch(shape);
    case Kernel::dsp_depthwise:
      return dsp::depthwise_scratch(shape);
    default:
      return 0;
  }
}

std::vector<dsp::Access> dsp_accesses(const ir::Graph& graph, const ir::Operator& op, Kernel kernel,
                                      bool reverse) {
  const dsp::Shape shape = dsp_shape(graph, op);
  switch (kernel) {
    case Kernel::dsp_convolution_3:
    case Kernel::dsp_convolution_2:
    case Kernel::dsp_convolution_small:
      return dsp::convolution_accesses(shape, convolution_block(kernel), reverse);
    case Kernel::dsp_depthwise_3x3:
      return dsp::depthwise_3x3_accesses(shape);
    case Kernel::dsp_depthwise_row:
      return dsp::depthwise_row_accesses(shape);
    case Kernel::dsp_depthwise:
      return dsp::depthwise_accesses(shape);
    case Kernel::dsp_fully_connected:
      return dsp::fully_connected_accesses(shape.input_channels, shape.output_channels);
    case Kernel::dsp_average_pool:
    case Kernel::dsp_mean:
      return dsp::average_pool_accesses(shape);
    default:
      return dsp::elementwise_accesses(graph.tensor(op.output).elements());
  }
}

}  // namespace

std::optional<Kernel> dsp_kernel(const ir::Graph& graph, const ir::Operator& op) {
  switch (op.kind) {
    case Kind::convolution:
      if (dsp::convolution_takes(dsp_shape(graph, op)) && constants_fit(graph, op))
        return Kernel::dsp_convolution_3;
      return {};
    case Kind::fully_connected:
      if (dsp_shape(graph, op).input_channels <= 65532 && constants_fit(graph, op))
        return Kernel::dsp_fully_connected;
      return {};
    case Kind::depthwise_convolution:
      if (!constants_fit(graph, op)) return {};
      return depthwise_kernel(dsp_shape(graph, op));
    case Kind::average_pool:
      return Kernel::dsp_average_pool;
    case Kind::mean:
      return Kernel::dsp_mean;
    case Kind::add:
      if (addition_fits(graph, op)) return Kernel::dsp_add;
      return {};
    default:
      return {};
  }
}

void choose_small_dsp_kernels(const ir::Graph& graph, std::span<Kernel> kernels) {
  const auto replace = [&](Kernel portable, auto kernel_for) {
    for (std::size_t step = 0; step < kernels.size(); ++step) {
      const ir::Operator& op = graph.operators[step];
      if (kernels[step] == portable && dsp_kernel(graph, op)) kernels[step] = kernel_for(op);
    }
  };
  const auto has = [&](Kernel kernel) { return std::ranges::find(kernels, kernel) != kernels.end(); };
  replace(Kernel::convolution, [](const ir::Operator&) { return Kernel::dsp_convolution_small; });
  if (has(Kernel::dsp_convolution_small))
    replace(Kernel::fully_connected, [](const ir::Operator&) { return Kernel::dsp_convolution_small; });
  replace(Kernel::depthwise, [&](const ir::Operator& op) { return *dsp_kernel(graph, op); });
  if (has(Kernel::dsp_depthwise) || has(Kernel::dsp_depthwise_row))  // then it runs those of 3x3, too
    for (std::size_t step = 0; step < kernels.size(); ++step)
      if (is_depthwise(kernels[step]) && dsp::depthwise_takes(dsp_shape(graph, graph.operators[step])))
        kernels[step] = Kernel::dsp_depthwise;
  replace(Kernel::add, [](const ir::Operator&) { return Kernel::dsp_add; });
}

bool is_dsp_weighted(Kernel kernel) {
  switch (kernel) {
    case Kernel::dsp_convolution_3:
    case Kernel::dsp_convolution_2:
    case Kernel::dsp_convolution_small:
    case Kernel::dsp_fully_connected:
    case Kernel::dsp_depthwise_3x3:
    case Kernel::dsp_depthwise_row:
    case Kernel::dsp_depthwise:
      return true;
    default:
      return false;
  }
}

dsp::Shape dsp_shape(const ir::Graph& graph, const ir::Operator& op) {
  const ir::Tensor &input = graph.tensor(op.inputs[0]), &output = graph.tensor(op.output);
  dsp::Shape shape;
  if (op.kind == Kind::fully_connected) {
    shape.input_channels = static_cast<std::int32_t>(input.elements());
    shape.output_channels = output.shape.back();
    return shape;
  }
  const auto axis = [](const ir::Tensor& tensor, std::size_t from_last) {
    return from_last < tensor.shape.size() ? tensor.shape[tensor.shape.size() - 1 - from_last] : 1;
  };
  shape.input_channels = axis(input, 0);
  shape.input_width = axis(input, 1);
  shape.input_height = axis(input, 2);
  shape.output_channels = axis(output, 0);
  if (op.kind == Kind::mean) {
    shape.kernel_height = shape.input_height;
    shape.kernel_width = shape.input_width;
  }
  if (op.windows.empty()) return shape;
  shape.output_width = axis(output, 1);
  shape.output_height = axis(output, 2);
  const ir::Window& horizontal = op.windows.back();
  const ir::Window vertical = op.windows.size() == 2 ? op.windows[0] : ir::Window{};
  shape.kernel_height = vertical.kernel;
  shape.kernel_width = horizontal.kernel;
  shape.stride_y = vertical.stride;
  shape.stride_x = horizontal.stride;
  shape.dilation_y = vertical.dilation;
  shape.dilation_x = horizontal.dilation;
  shape.pad_top = vertical.pad_before;
  shape.pad_left = horizontal.pad_before;
  return shape;
}

dsp::Packed dsp_packed(const ir::Graph& graph, const ir::Operator& op, Kernel kernel) {
  const ChannelConstants constants(graph, op);
  const dsp::Shape shape = dsp_shape(graph, op);
  switch (kernel) {
    case Kernel::dsp_fully_connected:
      return dsp::pack_fully_connected(shape.input_channels, constants.channels);
    case Kernel::dsp_depthwise_3x3:
      return dsp::pack_depthwise_3x3(shape, constants.channels);
    case Kernel::dsp_depthwise_row:
    case Kernel::dsp_depthwise:
      return dsp::pack_depthwise(shape, constants.channels);
    default:
      return dsp::pack_convolution(shape, constants.channels);
  }
}

std::int64_t dsp_packed_bytes(const ir::Graph& graph, const ir::Operator& op, Kernel kernel) {
  const dsp::Shape shape = dsp_shape(graph, op);
  const std::int64_t channels = shape.output_channels;
  switch (kernel) {
    case Kernel::dsp_depthwise_3x3:
      return padded(9 * channels) + 8 * channels + padded(channels);
    case Kernel::dsp_depthwise_row:
    case Kernel::dsp_depthwise:
      return shape.kernel_height * padded(shape.kernel_width) * channels + 8 * channels + padded(channels);
    default: {
      const std::int64_t pairs = (channels + 1) / 2;
      const std::int64_t depth =
          padded(kernel == Kernel::dsp_fully_connected ? shape.input_channels : shape.depth());
      return pairs * (2 * depth + 16) + padded(2 * pairs);
    }
  }
}

plan::KernelMemory dsp_memory(const ir::Graph& graph, const ir::Operator& op, Kernel kernel) {
  const dsp::Overlap overlap = overlap_of(graph, op, kernel);
  plan::KernelMemory memory;
  memory.scratch = scratch_of(dsp_shape(graph, op), kernel);
  memory.reversible = is_convolution(kernel);
  for (std::size_t input = 0; input < op.inputs.size(); ++input)
    memory.clearance.push_back({overlap.below, overlap.above, overlap.in_place && overlap.below > 0});
  return memory;
}

std::vector<plan::Access> dsp_kernel_accesses(const ir::Graph& graph, const ir::Operator& op, Kernel kernel,
                                              plan::Direction direction) {
  using Access = plan::Access;
  std::vector<Access> result;
  for (const dsp::Access& access : dsp_accesses(graph, op, kernel, direction == plan::Direction::reverse)) {
    const std::size_t inputs = access.write ? 1 : op.inputs.size();
    for (std::size_t input = 0; input < inputs; ++input)
      result.push_back({access.write ? Access::Kind::write : Access::Kind::read,
                        static_cast<std::int32_t>(input), access.begin, access.end - access.begin});
  }
  return result;
}

DspAddition dsp_addition(const ir::Graph& graph, const ir::Operator& op) {
  const std::vector<ir::Multiplier> multipliers = ir::requantisation(graph, op).channels;
  const auto scale = [&](std::size_t input) { return graph.tensor(op.inputs[input]).quantisation.scale; };
  DspAddition addition;
  if (scale(1) > scale(0)) std::swap(addition.first, addition.second);
  const ir::Multiplier second = multipliers[addition.second];
  const bool equal = second.shift == 0;  // one half, as the first's: of twice the value a whole
  addition.second_multiplier = equal ? std::numeric_limits<std::int32_t>::max() : second.mantissa;
  addition.second_shift = equal ? 1 : -second.shift;
  addition.multiplier = multipliers[2].mantissa;
  addition.shift = -multipliers[2].shift;
  return addition;
}

}  // namespace parsimony::emit
