#include "parsimony/import/operators.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "parsimony/ir/verify.hpp"

namespace parsimony::tflite {
namespace {

struct Import {
  schema::BuiltinOperator code;
  void (*run)(const Call& call, GraphBuilder& builder);
};

constexpr Import kImports[] = {
    {schema::BuiltinOperator_CONV_2D, import_convolution},
    {schema::BuiltinOperator_DEPTHWISE_CONV_2D, import_depthwise_convolution},
    {schema::BuiltinOperator_FULLY_CONNECTED, import_fully_connected},
    {schema::BuiltinOperator_AVERAGE_POOL_2D, import_average_pool},
    {schema::BuiltinOperator_MAX_POOL_2D, import_max_pool},
    {schema::BuiltinOperator_MEAN, import_mean},
    {schema::BuiltinOperator_REDUCE_MAX, import_reduce_max},
    {schema::BuiltinOperator_ADD, import_add},
    {schema::BuiltinOperator_SUB, import_subtract},
    {schema::BuiltinOperator_MUL, import_multiply},
    {schema::BuiltinOperator_ARG_MAX, import_argmax},
    {schema::BuiltinOperator_CONCATENATION, import_concatenation},
    {schema::BuiltinOperator_PAD, import_pad},
    {schema::BuiltinOperator_PADV2, import_pad},
    {schema::BuiltinOperator_RESHAPE, import_reshape},
    {schema::BuiltinOperator_SQUEEZE, import_reshape},
    {schema::BuiltinOperator_EXPAND_DIMS, import_reshape},
    {schema::BuiltinOperator_SOFTMAX, import_softmax},
    {schema::BuiltinOperator_RELU, import_unary},
    {schema::BuiltinOperator_RELU6, import_unary},
    {schema::BuiltinOperator_RELU_N1_TO_1, import_unary},
    {schema::BuiltinOperator_HARD_SWISH, import_unary},
    {schema::BuiltinOperator_LOGISTIC, import_unary},
    {schema::BuiltinOperator_TANH, import_unary},
    {schema::BuiltinOperator_LEAKY_RELU, import_unary},
    {schema::BuiltinOperator_QUANTIZE, import_quantise},
    {schema::BuiltinOperator_DEQUANTIZE, import_dequantise},
};

bool is_integer(schema::TensorType type) {
  return type == schema::TensorType_INT32 || type == schema::TensorType_INT64;
}

/// For networks of any batch converters write operators that compute RESHAPE's shape: SHAPE, and arithmetic
/// on integers. They do nothing here, the shapes are in the file.
bool computes_a_shape(const Call& call, const ModelFile& file) {
  if (!is_integer(file.tensor(call.output).type())) return false;
  return call.code == schema::BuiltinOperator_SHAPE ||
         std::all_of(call.inputs.begin(), call.inputs.end(), [&](std::int32_t number) {
           return number < 0 || is_integer(file.tensor(number).type());
         });
}

}  // namespace

void import_operator(const Call& call, GraphBuilder& builder) {
  if (computes_a_shape(call, builder.file())) return;
  const auto* const known = std::find_if(std::begin(kImports), std::end(kImports),
                                         [&](const Import& one) { return one.code == call.code; });
  if (known != std::end(kImports)) {
    if (depends_on_constants_alone(call, builder)) return fold_constants(call, builder, known->run);
    return known->run(call, builder);
  }
  std::string allowed;
  for (const Import& one : kImports)
    allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", schema::EnumNameBuiltinOperator(one.code));
  call.place.fail("is not supported", allowed);
}

std::int32_t quantised_bound(float real, ir::Quantisation quantisation) {
  const float steps = std::round(real / quantisation.scale);
  return quantisation.zero_point + static_cast<std::int32_t>(std::clamp(steps, -1e6f, 1e6f));
}

void set_fused_clamp(const Call& call, GraphBuilder& builder, schema::Activation activation,
                     ir::Operator& op) {
  const ir::Quantisation output = builder.file().quantisation(call.output, call.place);
  const auto clamp_below = [&](float real) {
    op.activation_min = std::max(-128, quantised_bound(real, output));
  };
  const auto clamp_above = [&](float real) {
    op.activation_max = std::min(127, quantised_bound(real, output));
  };
  switch (activation) {
    case schema::Activation_NONE:
      break;
    case schema::Activation_RELU:
      clamp_below(0.0f);
      break;
    case schema::Activation_RELU_N1_TO_1:
      clamp_below(-1.0f);
      clamp_above(1.0f);
      break;
    case schema::Activation_RELU6:
      clamp_below(0.0f);
      clamp_above(6.0f);
      break;
    default:
      call.place.fail(fmt::format("has the fused activation {}", static_cast<int>(activation)),
                      "none, RELU, RELU_N1_TO_1, RELU6");
  }
}

ir::Window padded_window(const Call& call, schema::Padding padding, std::int32_t length, WindowShape shape) {
  const auto check = [&](const char* what, std::int32_t value) {
    if (value < 1 || value > ir::kMaxDimension)
      call.place.fail(fmt::format("has {} {}", what, value), fmt::format("1 to {}", ir::kMaxDimension));
  };
  check("kernel", shape.kernel);
  check("stride", shape.stride);
  check("dilation", shape.dilation);
  ir::Window window{.kernel = shape.kernel, .stride = shape.stride, .dilation = shape.dilation};
  if (padding == schema::Padding_VALID) return window;
  if (padding != schema::Padding_SAME)
    call.place.fail(fmt::format("has padding {}", static_cast<int>(padding)), "SAME, VALID");
  const std::int64_t outputs = (std::int64_t{length} + shape.stride - 1) / shape.stride;
  const std::int64_t pads = std::max<std::int64_t>(0, (outputs - 1) * shape.stride + window.span() - length);
  if (pads > 2 * ir::kMaxDimension)
    call.place.fail(fmt::format("has a window over {} inputs", window.span()),
                    fmt::format("{} at most", ir::kMaxDimension));
  window.pad_before = static_cast<std::int32_t>(pads / 2);
  window.pad_after = static_cast<std::int32_t>(pads - pads / 2);
  return window;
}

std::vector<std::int32_t> output_shape(const Call& call, const std::vector<ir::Window>& windows,
                                       const std::vector<std::int32_t>& input, std::int32_t channels) {
  std::vector<std::int32_t> shape;
  for (std::size_t axis = 0; axis < windows.size(); ++axis) {
    const ir::Window& window = windows[axis];
    const std::int64_t padded = std::int64_t{input[axis]} + window.pad_before + window.pad_after;
    if (padded < window.span())
      call.place.fail(fmt::format("has a kernel of {} over {} inputs", window.span(), padded));
    shape.push_back(window.outputs(input[axis]));
  }
  shape.push_back(channels);
  return shape;
}

}  // namespace parsimony::tflite
