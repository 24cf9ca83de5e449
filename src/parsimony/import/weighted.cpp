// CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED.
#include <fmt/format.h>

#include "parsimony/import/operators.hpp"

namespace parsimony::tflite {
namespace {

constexpr std::size_t kWeights = 1, kBias = 2;

/// The weights' shape, `rank` axes of it.
std::vector<std::int32_t> weight_shape(const Call& call, GraphBuilder& builder, std::size_t rank) {
  const std::int32_t number = call.input(kWeights);
  std::vector<std::int32_t> shape = builder.file().shape(number, call.place);
  if (shape.size() != rank)
    builder.file()
        .tensor_place(number, call.place)
        .fail(fmt::format("has {} axes", shape.size()), fmt::format("{} for weights of this kind", rank));
  return shape;
}

/// Weights, scales along `axis` (one stays one) and biases; a missing bias is zeros.
void read_constants(const Call& call, GraphBuilder& builder, std::int32_t axis, std::int32_t channels,
                    ir::Operator& op) {
  ModelFile& file = builder.file();
  op.weights = file.int8_values(call.input(kWeights), call.place);
  op.weight_scales = file.weight_scales(call.input(kWeights), axis, call.place);
  if (!call.has_input(kBias)) {
    op.bias.assign(static_cast<std::size_t>(channels), 0);
    return;
  }
  op.bias = file.int32_values(call.input(kBias), call.place);
  if (op.bias.size() != static_cast<std::size_t>(channels))
    file.tensor_place(call.input(kBias), call.place)
        .fail(fmt::format("has {} biases", op.bias.size()), fmt::format("{}", channels));
}

void spread_scale(ir::Operator& op, std::int32_t channels) {
  if (op.weight_scales.size() == 1)
    op.weight_scales.assign(static_cast<std::size_t>(channels), op.weight_scales[0]);
}

/// The image that a convolution reads: [height, width, channels], batch 1.
Value image(const Call& call, const GraphBuilder& builder) {
  Value value = builder.value(call, 0);
  if (value.shape.size() != 3)
    call.place.fail(fmt::format("reads shape [{}]", fmt::join(value.shape, ", ")),
                    "[1, height, width, channels]");
  return value;
}

template <typename Options>
std::vector<ir::Window> windows_of(const Call& call, const Options& options, const Value& input,
                                   const std::vector<std::int32_t>& weights) {
  return {padded_window(call, options.padding(), input.shape[0],
                        {weights[1], options.stride_h(), options.dilation_h()}),
          padded_window(call, options.padding(), input.shape[1],
                        {weights[2], options.stride_w(), options.dilation_w()})};
}

/// A convolution that sees one pixel through a kernel of 1 is a fully connected layer, which
/// takes the pixel as the row that MEAN makes.
bool is_fully_connected(const Value& input, const std::vector<std::int32_t>& weights) {
  return input.shape[0] == 1 && input.shape[1] == 1 && weights[1] == 1 && weights[2] == 1;
}

}  // namespace

void import_convolution(const Call& call, GraphBuilder& builder) {
  constexpr std::int32_t kChannelAxis = 0;
  const auto& options = call.options<schema::Conv2DOptions>();
  const Value input = image(call, builder);
  const std::vector<std::int32_t> weights = weight_shape(call, builder, 4);
  if (weights[3] != input.shape[2])
    call.place.fail(fmt::format("has weights for {} input channels of {}", weights[3], input.shape[2]),
                    "all of them: grouped convolutions are not supported");
  ir::Operator op = operator_of(ir::OperatorKind::convolution);
  op.windows = windows_of(call, options, input, weights);
  read_constants(call, builder, kChannelAxis, weights[0], op);
  spread_scale(op, weights[0]);
  set_fused_clamp(call, builder, options.activation(), op);
  if (is_fully_connected(input, weights)) {
    op.kind = ir::OperatorKind::fully_connected;
    op.windows.clear();
    op.inputs = {input.id};
    return builder.produce(call, std::move(op), {weights[0]});
  }
  op.inputs = {builder.reshaped(call, input)};
  const auto shape = output_shape(call, op.windows, input.shape, weights[0]);
  builder.expect_shape(call, shape);
  builder.produce(call, std::move(op), shape);
}

void import_depthwise_convolution(const Call& call, GraphBuilder& builder) {
  constexpr std::int32_t kChannelAxis = 3;
  const auto& options = call.options<schema::DepthwiseConv2DOptions>();
  const Value input = image(call, builder);
  const std::vector<std::int32_t> weights = weight_shape(call, builder, 4);
  if (weights[0] != 1 || weights[3] % input.shape[2] != 0)
    call.place.fail(fmt::format("has weights of shape [{}]", fmt::join(weights, ", ")),
                    fmt::format("[1, height, width, a multiple of {}]", input.shape[2]));
  ir::Operator op = operator_of(ir::OperatorKind::depthwise_convolution);
  op.inputs = {builder.reshaped(call, input)};
  op.windows = windows_of(call, options, input, weights);
  read_constants(call, builder, kChannelAxis, weights[3], op);
  spread_scale(op, weights[3]);
  set_fused_clamp(call, builder, options.activation(), op);
  const auto shape = output_shape(call, op.windows, input.shape, weights[3]);
  builder.expect_shape(call, shape);
  builder.produce(call, std::move(op), shape);
}

void import_fully_connected(const Call& call, GraphBuilder& builder) {
  constexpr std::int32_t kChannelAxis = 0;
  const auto& options = call.options<schema::FullyConnectedOptions>();
  if (options.weights_format() != schema::WeightsFormat_DEFAULT)
    call.place.fail("has shuffled weights", "the default format");
  const Value input = builder.value(call, 0);
  const std::vector<std::int32_t> weights = weight_shape(call, builder, 2);
  const std::int64_t count = elements(input.shape);
  if (count % weights[1] != 0)
    call.place.fail(fmt::format("has weights for {} inputs of {}", weights[1], count));
  const auto rows = static_cast<std::int32_t>(count / weights[1]);
  ir::Operator op = operator_of(ir::OperatorKind::fully_connected);
  read_constants(call, builder, kChannelAxis, weights[0], op);
  set_fused_clamp(call, builder, options.activation(), op);
  if (rows == 1) {
    op.inputs = {input.id};
    return builder.produce(call, std::move(op), {weights[0]});
  }
  // The same weights for every row: a convolution of kernel 1 along the rows.
  op.kind = ir::OperatorKind::convolution;
  op.windows = {ir::Window{}};
  spread_scale(op, weights[0]);
  op.inputs = {builder.reshaped(call, {input.id, {rows, weights[1]}})};
  builder.produce(call, std::move(op), {rows, weights[0]});
}

}  // namespace parsimony::tflite
