#include "parsimony/emit/memory.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/emit/dsp_operator.hpp"
#include "parsimony/emit/front_end.hpp"
#include "parsimony/emit/mve_operator.hpp"
#include "parsimony/emit/sweep.hpp"
#include "parsimony/plan/least_bytes.hpp"
#include "parsimony/plan/schedule.hpp"

namespace parsimony::emit {
namespace {

constexpr std::int64_t kPixelsGathered = 2;  // runtime/kernels/convolution.c

constexpr std::int64_t padded(std::int64_t bytes) {
  return (bytes + 3) / 4 * 4;
}

Sweep::Axis axis_of(const ir::Window& window, std::int32_t inputs, std::int32_t outputs) {
  return {inputs, outputs, window.stride, window.pad_before, window.span()};
}

/// The sweep of a kernel that goes over windows; none for the others.
std::optional<Sweep> sweep_of(const ir::Graph& graph, const ir::Operator& op, Kernel kernel) {
  if (!ir::has_spatial_windows(op.kind)) return {};
  const auto &in = graph.tensor(op.inputs[0]).shape, &out = graph.tensor(op.output).shape;
  const std::size_t rank = in.size();
  Sweep sweep;
  sweep.horizontal = axis_of(op.windows.back(), in[rank - 2], out[rank - 2]);
  if (rank == 3) sweep.vertical = axis_of(op.windows[0], in[0], out[0]);
  sweep.input_channels = in.back();
  sweep.output_channels = out.back();
  sweep.block = kernel == Kernel::convolution ? kPixelsGathered : 0;
  sweep.reversible = kernel == Kernel::convolution || kernel == Kernel::depthwise;
  return sweep;
}

/// Kernels that read element k of their inputs, or row k, before they write element k of their output.
bool is_elementwise(Kernel kernel) {
  return kernel == Kernel::table || kernel == Kernel::add || kernel == Kernel::multiply ||
         kernel == Kernel::softmax || kernel == Kernel::add_constant || kernel == Kernel::multiply_constant ||
         kernel == Kernel::argmax;
}

std::int64_t bytes_of(const ir::Graph& graph, ir::TensorId id) {
  return graph.tensor(id).elements();
}

}  // namespace

plan::KernelMemory kernel_memory(const ir::Graph& graph, const ir::Operator& op, Kernel kernel) {
  if (ir::is_view(op.kind)) return {};
  if (is_dsp(kernel)) return dsp_memory(graph, op, kernel);
  if (is_mve(kernel)) return mve_memory(graph, op, kernel);
  plan::KernelMemory memory;
  const std::int64_t outputs = bytes_of(graph, op.output);
  if (const std::optional<Sweep> sweep = sweep_of(graph, op, kernel)) {
    memory.reversible = sweep->reversible;
    memory.clearance = {clearance(*sweep)};
    if (kernel == Kernel::convolution) {
      const std::int64_t window = ir::weight_count(graph, op) / ir::output_channels(graph, op);
      memory.scratch = kPixelsGathered * padded(window);
    }
    return memory;
  }
  if (is_elementwise(kernel)) {
    for (const ir::TensorId id : op.inputs) {
      const bool whole = bytes_of(graph, id) == outputs;  // else it is read again for each row
      memory.clearance.push_back({whole ? 0 : outputs, bytes_of(graph, id)});
    }
    return memory;
  }
  if (op.kind == ir::OperatorKind::mean)
    memory.clearance = {{0, bytes_of(graph, op.inputs[0])}};  // output c after the last of channel c
  if (op.kind == ir::OperatorKind::fully_connected)
    memory.clearance = {{outputs - 1, bytes_of(graph, op.inputs[0])}};
  return memory;
}

std::vector<plan::KernelMemory> memory_of(const ir::Graph& graph, std::span<const Kernel> kernels) {
  std::vector<plan::KernelMemory> memory;
  memory.reserve(kernels.size());
  for (std::size_t step = 0; step < kernels.size(); ++step)
    memory.push_back(kernel_memory(graph, graph.operators[step], kernels[step]));
  return memory;
}

std::vector<plan::Access> kernel_accesses(const ir::Graph& graph, const ir::Operator& op, Kernel kernel,
                                          plan::Direction direction) {
  using Kind = plan::Access::Kind;
  if (is_dsp(kernel)) return dsp_kernel_accesses(graph, op, kernel, direction);
  if (is_mve(kernel)) return mve_kernel_accesses(graph, op, kernel, direction);
  if (const std::optional<Sweep> sweep = sweep_of(graph, op, kernel)) return accesses(*sweep, direction);
  PARSIMONY_EXPECTS(direction == plan::Direction::forward);
  const std::int64_t outputs = bytes_of(graph, op.output);
  std::vector<plan::Access> result;
  if (op.kind == ir::OperatorKind::mean) {
    const std::int64_t positions = bytes_of(graph, op.inputs[0]) / outputs;
    for (std::int64_t c = 0; c < outputs; ++c) {
      result.push_back({Kind::read, 0, c, 1, positions, outputs});
      result.push_back({Kind::write, 0, c, 1});
    }
    return result;
  }
  if (op.kind == ir::OperatorKind::fully_connected) {
    const plan::Access whole{Kind::read, 0, 0, bytes_of(graph, op.inputs[0])};
    result = {whole, {Kind::write, 0, 0, outputs - 1}, whole, {Kind::write, 0, outputs - 1, 1}};
    return result;
  }
  if (is_elementwise(kernel)) {
    for (std::int64_t k = 0; k < outputs; ++k) {
      for (std::size_t input = 0; input < op.inputs.size(); ++input) {
        const std::int64_t at = k % bytes_of(graph, op.inputs[input]);
        result.push_back({Kind::read, static_cast<std::int32_t>(input), at, 1});
      }
      result.push_back({Kind::write, 0, k, 1});
    }
    return result;
  }
  for (std::size_t input = 0; input < op.inputs.size(); ++input)
    result.push_back({Kind::read, static_cast<std::int32_t>(input), 0, bytes_of(graph, op.inputs[input])});
  result.push_back({Kind::write, 0, 0, outputs});
  return result;
}

void spare_scratch(const ir::Graph& graph, std::vector<Kernel>& kernels,
                   std::vector<plan::KernelMemory>& memory) {
  std::vector<Kernel> least = kernels;
  std::ranges::replace(least, Kernel::dsp_convolution_3, Kernel::dsp_convolution_2);
  for (std::size_t step = 0; step < kernels.size(); ++step)
    if (kernels[step] == Kernel::dsp_convolution_small &&
        graph.operators[step].kind == ir::OperatorKind::fully_connected)
      least[step] = Kernel::fully_connected;
  if (least == kernels) return;
  plan::LeastBytes least_bytes(graph);
  std::vector<plan::KernelMemory> least_memory(kernels.size());
  std::vector<Bytes> fast;
  fast.reserve(kernels.size());
  Bytes bound(0);
  for (std::size_t step = 0; step < kernels.size(); ++step) {
    fast.push_back(least_bytes.of(step, memory[step]));
    Bytes slim = fast.back();
    if (least[step] != kernels[step]) {
      least_memory[step] = kernel_memory(graph, graph.operators[step], least[step]);
      slim = least_bytes.of(step, least_memory[step]);
    }
    bound = std::max(bound, slim);
  }
  for (std::size_t step = 0; step < kernels.size(); ++step) {
    if (fast[step] <= bound || least[step] == kernels[step]) continue;
    kernels[step] = least[step];
    memory[step] = std::move(least_memory[step]);
  }
}

std::vector<Bytes> least_bytes(const ir::Graph& graph, const KernelChoice& choice) {
  return plan::least_bytes(graph, choice.memory());
}

plan::Plan plan_memory(const ir::Graph& graph, const KernelChoice& choice, const plan::PlanOptions& options) {
  plan::PlanOptions filling = options;
  if (graph.log_mel) filling.filling_scratch = front_end_scratch(*graph.log_mel);
  return plan::best_plan(graph, choice.memory(), filling);
}

plan::Plan plan_memory(const ir::Graph& graph, Family family) {
  return plan_memory(graph, KernelChoice(graph, family));
}

ir::Graph in_best_order(const ir::Graph& graph, Family family) {
  const bool by_patches =
      std::ranges::any_of(graph.operators, [](const ir::Operator& op) { return ir::is_view(op.kind); });
  if (by_patches) return graph;  // constants must come before those that share them
  const KernelChoice choice(graph, family);
  ir::Graph other = plan::schedule(graph, choice.memory());
  if (other == graph) return other;
  return plan_memory(other, family).arena < plan_memory(graph, choice).arena ? other : graph;
}

void verify_memory(const ir::Graph& graph, const plan::Plan& plan, const KernelChoice& choice) {
  plan::verify_plan(graph, plan, [&](std::size_t step, plan::Direction direction) {
    const ir::Operator& op = graph.operators[step];
    return kernel_accesses(graph, op, choice.of(op), direction);
  });
}

void verify_memory(const ir::Graph& graph, const plan::Plan& plan, Family family) {
  verify_memory(graph, plan, KernelChoice(graph, family));
}

}  // namespace parsimony::emit
