// ADD, SUB and MUL.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "parsimony/import/operators.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/verify.hpp"

namespace parsimony::tflite {
namespace {

using Shape = std::vector<std::int32_t>;

/// Whether `small` is one value for each channel of `large`.
bool is_row(const Shape& small, const Shape& large) {
  return small.back() == large.back() && elements(small) == small.back();
}

/// Two tensors: of the same shape, or one of them [c].
void import_pair(const Call& call, GraphBuilder& builder, ir::Operator op) {
  Value first = builder.value(call, 0), second = builder.value(call, 1);
  const bool commutes = op.kind != ir::OperatorKind::subtract;
  if (commutes && elements(first.shape) < elements(second.shape)) std::swap(first, second);
  const Shape& large = first.shape;
  Shape output = large;
  if (without_ones(second.shape) == without_ones(large)) {
    output = builder.tensor(first.id).shape;  // whatever the file calls it: the bytes lie the same
    first.shape = second.shape = output;
  } else if (is_row(second.shape, large)) {
    builder.expect_shape(call, large);
    second.shape = {large.back()};
  } else {
    call.place.fail(fmt::format("combines [{}] with [{}]", fmt::join(builder.value(call, 0).shape, ", "),
                                fmt::join(builder.value(call, 1).shape, ", ")),
                    commutes ? "equal shapes, or one value for each channel"
                             : "equal shapes, or one value for each channel to subtract");
  }
  op.inputs = {builder.reshaped(call, first), builder.reshaped(call, second)};
  builder.produce(call, std::move(op), output);
}

/// What the operator makes of every int8 value and the scalar constant: the reference interpreter says.
std::vector<std::int8_t> table_with_constant(const Call& call, GraphBuilder& builder, ir::Operator op,
                                             const Value& input, std::size_t constant) {
  ModelFile& file = builder.file();
  const std::int8_t value = file.int8_values(call.input(constant), call.place).front();
  constexpr std::int32_t kInputs = 256;
  const ir::Quantisation quantisation = builder.tensor(input.id).quantisation;
  ir::Graph small;
  small.rounding = builder.rounding();
  small.tensors = {{"input", {kInputs}, quantisation},
                   {"constant", {kInputs}, file.quantisation(call.input(constant), call.place)},
                   {"output", {kInputs}, file.quantisation(call.output, call.place)}};
  small.normalisation = {std::vector<float>(kInputs, 0.0f), std::vector<float>(kInputs, quantisation.scale)};
  small.output = ir::TensorId{2};
  ir::Operator fill = operator_of(ir::OperatorKind::table, {ir::TensorId{0}});
  fill.name = "constant";
  fill.output = ir::TensorId{1};
  fill.table.assign(kInputs, value);
  small.operators.push_back(std::move(fill));
  op.name = call.name;
  op.inputs = {ir::TensorId{0}, ir::TensorId{1}};
  if (constant == 0) std::swap(op.inputs[0], op.inputs[1]);
  op.output = small.output;
  small.operators.push_back(std::move(op));
  ir::verify(small, call.place.text());
  return ir::interpret(small, identity_table());
}

/// The constant's values under the shape of the file's tensor `like`: axes of 1 repeat.
std::vector<std::int8_t> broadcast(const Call& call, ModelFile& file, std::int32_t constant,
                                   const Shape& like) {
  const std::vector<std::int8_t> values = file.int8_values(constant, call.place);
  Shape shape = file.shape(constant, call.place);
  shape.insert(shape.begin(), like.size() - std::min(like.size(), shape.size()), 1);
  bool fits = shape.size() == like.size();
  for (std::size_t axis = 0; fits && axis < like.size(); ++axis)
    fits = shape[axis] == 1 || shape[axis] == like[axis];
  if (!fits)
    file.tensor_place(constant, call.place)
        .fail(fmt::format("is a constant of [{}]", fmt::join(file.shape(constant, call.place), ", ")),
              fmt::format("one that repeats into [{}]", fmt::join(like, ", ")));
  file.spend(elements(like), file.tensor_place(constant, call.place));
  std::vector<std::int8_t> repeated(static_cast<std::size_t>(elements(like)));
  for (std::size_t k = 0; k < repeated.size(); ++k) {
    std::size_t rest = k, at = 0, step = 1;
    for (std::size_t axis = like.size(); axis-- > 0;) {
      const auto length = static_cast<std::size_t>(like[axis]);
      if (shape[axis] != 1) at += rest % length * step;
      rest /= length;
      step *= static_cast<std::size_t>(shape[axis]);
    }
    repeated[k] = values[at];
  }
  return repeated;
}

/// A constant of several values: one for each channel, or one for each element.
void import_with_values(const Call& call, GraphBuilder& builder, ir::Operator op, Value input,
                        std::size_t constant) {
  ModelFile& file = builder.file();
  const std::int32_t number = call.input(constant);
  op.constant.quantisation = file.quantisation(number, call.place);
  op.constant.first = op.kind == ir::OperatorKind::subtract && constant == 0;
  if (is_row(file.shape(number, call.place), input.shape)) {
    op.constant.values = file.int8_values(number, call.place);
    op.constant.shape = {input.shape.back()};
  } else {
    op.constant.values = broadcast(call, file, number, file.shape(call.input(1 - constant), call.place));
    input.shape = op.constant.shape = builder.tensor(input.id).shape;  // the bytes lie the same
  }
  op.inputs = {builder.reshaped(call, input)};
  builder.produce(call, std::move(op), input.shape);
}

/// Whether weights of int8 hold the constant less its zero point.
bool are_weights(const std::vector<std::int8_t>& values, std::int32_t zero_point) {
  return std::all_of(values.begin(), values.end(), [&](std::int8_t value) {
    return value - zero_point >= -128 && value - zero_point <= 127;
  });
}

/// MUL by one constant for each channel is a depthwise convolution of kernel 1, to the bit: the same product,
/// the same multiplier.
void import_scaling(const Call& call, GraphBuilder& builder, ir::Operator op, Value input,
                    std::size_t constant) {
  ModelFile& file = builder.file();
  const std::int32_t number = call.input(constant);
  const ir::Quantisation quantisation = file.quantisation(number, call.place);
  op.weights = file.int8_values(number, call.place);
  if (!are_weights(op.weights, quantisation.zero_point)) {
    op.weights.clear();
    return import_with_values(call, builder, std::move(op), std::move(input), constant);
  }
  op.kind = ir::OperatorKind::depthwise_convolution;
  for (std::int8_t& weight : op.weights) weight = static_cast<std::int8_t>(weight - quantisation.zero_point);
  op.bias.assign(op.weights.size(), 0);
  op.weight_scales.assign(op.weights.size(), quantisation.scale);
  if (input.shape.size() == 1) input.shape.insert(input.shape.begin(), 1);
  op.windows.assign(input.shape.size() - 1, ir::Window{});
  op.inputs = {builder.reshaped(call, input)};
  builder.produce(call, std::move(op), input.shape);
}

void import_with_constant(const Call& call, GraphBuilder& builder, ir::Operator op, std::size_t constant) {
  ModelFile& file = builder.file();
  const std::int32_t number = call.input(constant);
  const Value input = builder.value(call, 1 - constant);
  const Shape shape = file.shape(number, call.place);
  file.expect_type(number, schema::TensorType_INT8, call.place);
  if (elements(shape) == 1)
    return builder.produce_table(call, input,
                                 table_with_constant(call, builder, std::move(op), input, constant));
  if (op.kind == ir::OperatorKind::multiply && is_row(shape, input.shape))
    return import_scaling(call, builder, std::move(op), input, constant);
  import_with_values(call, builder, std::move(op), input, constant);
}

void import_binary(const Call& call, GraphBuilder& builder, ir::OperatorKind kind,
                   schema::Activation activation) {
  if (call.inputs.size() != 2) call.place.fail(fmt::format("has {} inputs", call.inputs.size()), "2");
  ir::Operator op = operator_of(kind);
  set_fused_clamp(call, builder, activation, op);
  for (const std::size_t k : {std::size_t{0}, std::size_t{1}})
    if (builder.is_constant(call, k)) return import_with_constant(call, builder, std::move(op), k);
  import_pair(call, builder, std::move(op));
}

}  // namespace

void import_add(const Call& call, GraphBuilder& builder) {
  import_binary(call, builder, ir::OperatorKind::add, call.options<schema::AddOptions>().activation());
}

void import_subtract(const Call& call, GraphBuilder& builder) {
  import_binary(call, builder, ir::OperatorKind::subtract, call.options<schema::SubOptions>().activation());
}

void import_multiply(const Call& call, GraphBuilder& builder) {
  import_binary(call, builder, ir::OperatorKind::multiply, call.options<schema::MulOptions>().activation());
}

}  // namespace parsimony::tflite
