#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "parsimony/plan/plan.hpp"

namespace parsimony::test {

/// Kernels by a model. A convolution copies the windows of a block of `pixels` outputs to int16 scratch, then
/// writes that block's outputs; blocks in raster order, or from the last to the first. A depthwise one does
/// so for four channels at a time within each block. Pools are convolutions without scratch. Elementwise
/// operators go pixel by pixel, a concatenation row by row; a softmax and a mean read everything before they
/// write; a fully connected layer and a pad read all of their input for each output.
struct BlockKernels {
  std::int32_t pixels = 2;
  bool scratch = true;

  std::vector<plan::Access> trace(const ir::Graph& graph, std::size_t step, plan::Direction direction) const {
    const ir::Operator& op = graph.operators[step];
    std::vector<plan::Access> accesses;
    const auto count = blocks(graph, op);
    for (std::int64_t k = 0; k < count; ++k)
      run_block(graph, op, direction == plan::Direction::forward ? k : count - 1 - k, accesses);
    return accesses;
  }

  plan::KernelMemory memory(const ir::Graph& graph, std::size_t step) const {
    const ir::Operator& op = graph.operators[step];
    plan::KernelMemory result{
        .scratch = scratch ? scratch_bytes(graph, op) : 0, .clearance = {}, .reversible = true};
    const auto forward = trace(graph, step, plan::Direction::forward);
    const auto reverse = trace(graph, step, plan::Direction::reverse);
    for (std::size_t k = 0; k < op.inputs.size(); ++k)
      result.clearance.push_back(plan::clearance_of(forward, reverse, static_cast<std::int32_t>(k),
                                                    graph.tensor(op.inputs[k]).elements(),
                                                    graph.tensor(op.output).elements()));
    return result;
  }

  std::vector<plan::KernelMemory> memory(const ir::Graph& graph) const {
    std::vector<plan::KernelMemory> result;
    for (std::size_t step = 0; step < graph.operators.size(); ++step) result.push_back(memory(graph, step));
    return result;
  }

  plan::AccessTrace trace_of(const ir::Graph& graph) const {
    return
        [this, &graph](std::size_t step, plan::Direction direction) { return trace(graph, step, direction); };
  }

 private:
  using Kind = ir::OperatorKind;
  using Accesses = std::vector<plan::Access>;
  static constexpr std::int64_t kChannels = 4;  // of a depthwise block

  static std::int64_t rows(const ir::Graph& graph, const ir::Operator& op) {
    std::int64_t count = 1;
    for (std::int32_t axis = 0; axis < op.axis; ++axis)
      count *= graph.tensor(op.output).shape[static_cast<std::size_t>(axis)];
    return count;
  }

  std::int64_t blocks(const ir::Graph& graph, const ir::Operator& op) const {
    const ir::Tensor& output = graph.tensor(op.output);
    const std::int64_t positions = output.elements() / output.shape.back();
    switch (op.kind) {
      case Kind::mean:
      case Kind::softmax:
      case Kind::argmax:
      case Kind::reshape:
        return 1;
      case Kind::fully_connected:
      case Kind::pad:
        return output.elements();
      case Kind::concatenation:
        return rows(graph, op);
      default:
        return ir::has_spatial_windows(op.kind) ? (positions + pixels - 1) / pixels : positions;
    }
  }

  void run_block(const ir::Graph& graph, const ir::Operator& op, std::int64_t block,
                 Accesses& accesses) const {
    switch (op.kind) {
      case Kind::depthwise_convolution:
        return run_depthwise(graph, op, block, accesses);
      case Kind::convolution:
      case Kind::average_pool:
      case Kind::max_pool:
        return run_windows(graph, op, block, accesses);
      case Kind::concatenation:
        return run_row(graph, op, block, accesses);
      case Kind::add:
      case Kind::subtract:
      case Kind::multiply:
      case Kind::table:
        return run_pixel(graph, op, block, accesses);
      default: {
        const std::int64_t written = graph.tensor(op.output).elements() / blocks(graph, op);
        read(accesses, 0, 0, graph.tensor(op.inputs[0]).elements());
        write(accesses, block * written, written);
      }
    }
  }

  static void read(Accesses& accesses, std::size_t input, std::int64_t begin, std::int64_t bytes,
                   std::int64_t count = 1, std::int64_t stride = 0) {
    accesses.push_back(
        {plan::Access::Kind::read, static_cast<std::int32_t>(input), begin, bytes, count, stride});
  }
  static void write(Accesses& accesses, std::int64_t begin, std::int64_t bytes, std::int64_t count = 1,
                    std::int64_t stride = 0) {
    accesses.push_back({plan::Access::Kind::write, 0, begin, bytes, count, stride});
  }

  /// An input of [c] alone is read whole for each pixel.
  static void run_pixel(const ir::Graph& graph, const ir::Operator& op, std::int64_t pixel,
                        Accesses& accesses) {
    const ir::Tensor& output = graph.tensor(op.output);
    const std::int64_t channels = output.shape.back();
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      const bool broadcast = graph.tensor(op.inputs[k]).elements() != output.elements();
      read(accesses, k, broadcast ? 0 : pixel * channels, channels);
    }
    write(accesses, pixel * channels, channels);
  }

  static void run_row(const ir::Graph& graph, const ir::Operator& op, std::int64_t row, Accesses& accesses) {
    std::int64_t at = row * graph.tensor(op.output).elements() / rows(graph, op);
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      const std::int64_t bytes = graph.tensor(op.inputs[k]).elements() / rows(graph, op);
      read(accesses, k, row * bytes, bytes);
      write(accesses, at, bytes);
      at += bytes;
    }
  }

  void run_windows(const ir::Graph& graph, const ir::Operator& op, std::int64_t block,
                   Accesses& accesses) const {
    const ir::Tensor& output = graph.tensor(op.output);
    const std::int64_t channels = output.shape.back();
    const std::int64_t begin = block * pixels;
    const std::int64_t end = std::min(begin + pixels, output.elements() / channels);
    for (std::int64_t pixel = begin; pixel < end; ++pixel)
      read_window(graph, op, pixel, 0, graph.tensor(op.inputs[0]).shape.back(), accesses);
    write(accesses, begin * channels, (end - begin) * channels);
  }

  void run_depthwise(const ir::Graph& graph, const ir::Operator& op, std::int64_t block,
                     Accesses& accesses) const {
    const ir::Tensor& output = graph.tensor(op.output);
    const std::int64_t channels = output.shape.back();
    const std::int64_t of_each = channels / graph.tensor(op.inputs[0]).shape.back();
    const std::int64_t begin = block * pixels;
    const std::int64_t end = std::min(begin + pixels, output.elements() / channels);
    for (std::int64_t first = 0; first < channels; first += kChannels * of_each) {
      const std::int64_t some = std::min(kChannels * of_each, channels - first);
      for (std::int64_t pixel = begin; pixel < end; ++pixel)
        read_window(graph, op, pixel, first / of_each, some / of_each, accesses);
      write(accesses, begin * channels + first, some, end - begin, channels);
    }
  }

  /// The bytes of one output's window in some channels of the input, row by row.
  static void read_window(const ir::Graph& graph, const ir::Operator& op, std::int64_t pixel,
                          std::int64_t channel, std::int64_t some, Accesses& accesses) {
    const std::vector<std::int32_t>& in = graph.tensor(op.inputs[0]).shape;
    const std::vector<std::int32_t>& out = graph.tensor(op.output).shape;
    const ir::Window across = op.windows.back();
    const ir::Window down = op.windows.size() == 2 ? op.windows[0] : ir::Window{};
    const std::int64_t height = op.windows.size() == 2 ? in[0] : 1;
    const std::int64_t width = in[in.size() - 2];
    const std::int64_t channels = in.back();
    const std::int64_t out_width = out[out.size() - 2];
    const std::int64_t x = pixel % out_width * across.stride - across.pad_before;
    const std::int64_t y = pixel / out_width * down.stride - down.pad_before;
    const std::int64_t first = std::max<std::int64_t>(x, 0);
    const std::int64_t last = std::min(x + across.span(), width);
    for (std::int64_t tap = 0; tap < down.kernel && first < last; ++tap) {
      const std::int64_t row = y + tap * down.dilation;
      if (row < 0 || row >= height) continue;
      const std::int64_t begin = (row * width + first) * channels + channel;
      if (some == channels) {
        read(accesses, 0, begin, (last - first) * channels);
      } else {
        read(accesses, 0, begin, some, last - first, channels);
      }
    }
  }

  std::int64_t scratch_bytes(const ir::Graph& graph, const ir::Operator& op) const {
    if (op.kind != Kind::convolution && op.kind != Kind::depthwise_convolution) return 0;
    const std::int64_t channels = graph.tensor(op.inputs[0]).shape.back();
    std::int64_t window = op.kind == Kind::convolution ? channels : std::min(channels, kChannels);
    for (const ir::Window& axis : op.windows) window *= axis.kernel;
    return 2 * pixels * window;
  }
};

}  // namespace parsimony::test
