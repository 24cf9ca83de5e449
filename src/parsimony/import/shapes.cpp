// CONCATENATION, PAD, PADV2, RESHAPE, SQUEEZE, EXPAND_DIMS and SOFTMAX.
#include <fmt/format.h>

#include "parsimony/import/operators.hpp"

namespace parsimony::tflite {
namespace {

/// How many leading axes of the file's tensor the graph's lacks: 1 with a batch, else 0.
std::int32_t lost_axes(const std::vector<std::int32_t>& shape, const Value& value) {
  return static_cast<std::int32_t>(shape.size() - value.shape.size());
}

/// PADV2 may pad with any value, ours with the zero point.
void expect_zero_padding(const Call& call, GraphBuilder& builder) {
  constexpr std::size_t kValue = 2;
  if (!call.has_input(kValue)) return;
  const std::vector<std::int8_t> values = builder.file().int8_values(call.input(kValue), call.place);
  const std::int32_t zero_point = builder.file().quantisation(call.output, call.place).zero_point;
  if (values.size() != 1 || values[0] != zero_point)
    call.place.fail(fmt::format("pads with {}", values.empty() ? 0 : int{values[0]}),
                    fmt::format("the zero point, {}", zero_point));
}

}  // namespace

void import_concatenation(const Call& call, GraphBuilder& builder) {
  const auto& options = call.options<schema::ConcatenationOptions>();
  if (options.activation() != schema::Activation_NONE)
    call.place.fail("has a fused activation", "none for a concatenation");
  if (call.inputs.empty()) call.place.fail("has no inputs");
  const std::vector<std::int32_t> shape = builder.file().shape(call.input(0), call.place);
  const Value first = builder.value(call, 0);
  const auto rank = static_cast<std::int32_t>(shape.size());
  const std::int32_t axis =
      (options.axis() < 0 ? options.axis() + rank : options.axis()) - lost_axes(shape, first);
  if (axis < 0 || axis >= static_cast<std::int32_t>(first.shape.size()))
    call.place.fail(fmt::format("concatenates along axis {} of [{}]", options.axis(), fmt::join(shape, ", ")),
                    "an axis, but the batch");
  ir::Operator op = operator_of(ir::OperatorKind::concatenation);
  op.axis = axis;
  std::int64_t length = 0;
  for (std::size_t k = 0; k < call.inputs.size(); ++k) {
    const Value part = builder.value(call, k);
    if (part.shape.size() != first.shape.size())
      call.place.fail(fmt::format("concatenates [{}] to [{}]", fmt::join(part.shape, ", "),
                                  fmt::join(first.shape, ", ")));
    length += part.shape[static_cast<std::size_t>(axis)];
    op.inputs.push_back(builder.reshaped(call, part));
  }
  std::vector<std::int32_t> output = first.shape;
  output[static_cast<std::size_t>(axis)] = static_cast<std::int32_t>(length);
  builder.expect_shape(call, output);
  builder.produce(call, std::move(op), output);
}

void import_pad(const Call& call, GraphBuilder& builder) {
  const Value input = builder.value(call, 0);
  const std::vector<std::int32_t> shape = builder.file().shape(call.input(0), call.place);
  const std::vector<std::int32_t> pads = builder.file().int32_values(call.input(1), call.place);
  if (pads.size() != 2 * shape.size())
    call.place.fail(fmt::format("has {} pads", pads.size()), fmt::format("{}", 2 * shape.size()));
  expect_zero_padding(call, builder);
  ir::Operator op = operator_of(ir::OperatorKind::pad, {builder.reshaped(call, input)});
  std::vector<std::int32_t> output = input.shape;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    const std::int32_t before = pads[2 * axis], after = pads[2 * axis + 1];
    constexpr std::int32_t kMost = 1 << 20;
    if (before < 0 || after < 0 || before > kMost || after > kMost)
      call.place.fail(fmt::format("pads axis {} by {} and {}", axis, before, after),
                      fmt::format("0 to {}", kMost));
    const auto ours = static_cast<std::int32_t>(axis) - lost_axes(shape, input);
    if (ours < 0) {
      if (before + after != 0) call.place.fail("pads the batch", "the other axes");
      continue;
    }
    op.windows.push_back({.pad_before = before, .pad_after = after});
    output[static_cast<std::size_t>(ours)] += before + after;
  }
  builder.expect_shape(call, output);
  builder.produce(call, std::move(op), output);
}

void import_reshape(const Call& call, GraphBuilder& builder) {
  builder.produce_table(call, builder.value(call, 0), identity_table());
}

void import_softmax(const Call& call, GraphBuilder& builder) {
  const auto& options = call.options<schema::SoftmaxOptions>();
  Value input = builder.value(call, 0);
  const ir::Tensor& tensor = builder.tensor(input.id);
  if (tensor.shape.back() == input.shape.back()) input.shape = tensor.shape;  // rows of the same length
  ir::Operator op = operator_of(ir::OperatorKind::softmax, {builder.reshaped(call, input)});
  op.beta = options.beta();
  builder.produce(call, std::move(op), input.shape);
}

}  // namespace parsimony::tflite
