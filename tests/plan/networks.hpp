#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "parsimony/base/files.hpp"
#include "parsimony/ir/graph.hpp"
#include "parsimony/network/network_file.hpp"

namespace parsimony::test {

/// Grows a skeleton graph operator by operator.
class SkeletonBuilder {
 public:
  explicit SkeletonBuilder(std::string name, std::vector<std::int32_t> input) {
    graph_.name = std::move(name);
    graph_.input = tensor("x", std::move(input));
  }

  ir::TensorId input() const { return graph_.input; }
  const ir::Tensor& tensor(ir::TensorId id) const { return graph_.tensor(id); }

  /// Windows of a height and a width; TFLite's SAME padding when `same`, which puts less before.
  ir::TensorId convolution(ir::TensorId from, std::int32_t channels, std::pair<int, int> kernel, int stride,
                           bool same = true) {
    return windowed(ir::OperatorKind::convolution, from, channels, kernel, stride, same);
  }
  ir::TensorId depthwise(ir::TensorId from, int kernel, int stride) {
    return windowed(ir::OperatorKind::depthwise_convolution, from, graph_.tensor(from).shape.back(),
                    {kernel, kernel}, stride, true);
  }
  /// Average over the whole plane, to [1, 1, c].
  ir::TensorId global_pool(ir::TensorId from) {
    const std::vector<std::int32_t> shape = graph_.tensor(from).shape;
    return windowed(ir::OperatorKind::average_pool, from, shape[2], {shape[0], shape[1]}, 1, false);
  }
  ir::TensorId add(ir::TensorId a, ir::TensorId b) {
    return push(ir::OperatorKind::add, {a, b}, graph_.tensor(a).shape);
  }
  ir::TensorId flatten(ir::TensorId from) {
    return push(ir::OperatorKind::reshape, {from},
                {static_cast<std::int32_t>(graph_.tensor(from).elements())});
  }
  ir::TensorId fully_connected(ir::TensorId from, std::int32_t outputs) {
    return push(ir::OperatorKind::fully_connected, {from}, {outputs});
  }
  ir::TensorId softmax(ir::TensorId from) {
    return push(ir::OperatorKind::softmax, {from}, graph_.tensor(from).shape);
  }

  ir::Graph finish() {
    graph_.output = graph_.operators.back().output;
    return graph_;
  }

  ir::TensorId push(ir::OperatorKind kind, std::vector<ir::TensorId> inputs,
                    std::vector<std::int32_t> shape) {
    const std::string number = std::to_string(graph_.operators.size());
    ir::Operator op;
    op.kind = kind;
    op.name = std::string(ir::kind_name(kind)) + number;
    op.inputs = std::move(inputs);
    op.output = tensor("t" + number, std::move(shape));
    graph_.operators.push_back(std::move(op));
    return graph_.operators.back().output;
  }

 private:
  ir::TensorId tensor(std::string name, std::vector<std::int32_t> shape) {
    graph_.tensors.push_back({std::move(name), std::move(shape), {}});
    return static_cast<ir::TensorId>(graph_.tensors.size() - 1);
  }

  static ir::Window window(std::int32_t length, int kernel, int stride, bool same) {
    ir::Window window{.kernel = kernel, .stride = stride};
    if (!same) return window;
    const std::int32_t outputs = (length + stride - 1) / stride;
    const std::int32_t pads = std::max((outputs - 1) * stride + kernel - length, 0);
    window.pad_before = pads / 2;
    window.pad_after = pads - pads / 2;
    return window;
  }

  ir::TensorId windowed(ir::OperatorKind kind, ir::TensorId from, std::int32_t channels,
                        std::pair<int, int> kernel, int stride, bool same) {
    const std::vector<std::int32_t> shape = graph_.tensor(from).shape;
    const ir::Window down = window(shape[0], kernel.first, stride, same);
    const ir::Window across = window(shape[1], kernel.second, stride, same);
    const ir::TensorId output =
        push(kind, {from}, {down.outputs(shape[0]), across.outputs(shape[1]), channels});
    graph_.operators.back().windows = {down, across};
    return output;
  }

  ir::Graph graph_;
};

/// MLPerf Tiny's reference models (mlcommons/tiny, their .tflite files), by shapes.
inline ir::Graph image_classification() {
  SkeletonBuilder net("ic_resnet8", {32, 32, 3});
  ir::TensorId x = net.convolution(net.input(), 16, {3, 3}, 1);
  ir::TensorId y = net.convolution(net.convolution(x, 16, {3, 3}, 1), 16, {3, 3}, 1);
  x = net.add(x, y);
  for (const int channels : {32, 64}) {
    y = net.convolution(net.convolution(x, channels, {3, 3}, 2), channels, {3, 3}, 1);
    x = net.add(net.convolution(x, channels, {1, 1}, 2), y);
  }
  net.softmax(net.fully_connected(net.flatten(net.global_pool(x)), 10));
  return net.finish();
}

inline ir::Graph keyword_spotting() {
  SkeletonBuilder net("kws_dscnn", {49, 10, 1});
  ir::TensorId x = net.convolution(net.input(), 64, {10, 4}, 2);
  for (int block = 0; block < 4; ++block) x = net.convolution(net.depthwise(x, 3, 1), 64, {1, 1}, 1);
  net.softmax(net.fully_connected(net.flatten(net.global_pool(x)), 12));
  return net.finish();
}

inline ir::Graph visual_wake_words() {
  SkeletonBuilder net("vww_mobilenetv1", {96, 96, 3});
  ir::TensorId x = net.convolution(net.input(), 8, {3, 3}, 2);
  for (const auto& [channels, stride] : {std::pair{16, 1},
                                         {32, 2},
                                         {32, 1},
                                         {64, 2},
                                         {64, 1},
                                         {128, 2},
                                         {128, 1},
                                         {128, 1},
                                         {128, 1},
                                         {128, 1},
                                         {128, 1},
                                         {256, 2},
                                         {256, 1}})
    x = net.convolution(net.depthwise(x, 3, stride), channels, {1, 1}, 1);
  net.softmax(net.fully_connected(net.flatten(net.global_pool(x)), 2));
  return net.finish();
}

inline ir::Graph anomaly_detection() {
  SkeletonBuilder net("ad_autoencoder", {640});
  ir::TensorId x = net.input();
  for (const int outputs : {128, 128, 128, 128, 8, 128, 128, 128, 128, 640})
    x = net.fully_connected(x, outputs);
  return net.finish();
}

/// An MCUNet network of its published description (mit-han-lab/mcunet: ProxylessNASNets as JSON).
inline ir::Graph mcunet(const std::string& name, const std::filesystem::path& file) {
  const std::string text = read_file(file);
  const network::FileTask task = network::read_network_task(text, file.string());
  network::Description description =
      network::read_network(text, file.string(), {task.input.value(), task.classes.value()});
  description.name = name;
  return network::skeleton(description);
}

}  // namespace parsimony::test
