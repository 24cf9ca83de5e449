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

/// MUL by one constant for each channel is a depthwise convolution of kernel 1, to the bit: the same product,
/// the same multiplier.
void import_scaling(const Call& call, GraphBuilder& builder, ir::Operator op, Value input,
                    std::size_t constant) {
  ModelFile& file = builder.file();
  const std::int32_t number = call.input(constant);
  const ir::Quantisation quantisation = file.quantisation(number, call.place);
  op.kind = ir::OperatorKind::depthwise_convolution;
  op.weights = file.int8_values(number, call.place);
  for (std::int8_t& weight : op.weights) {
    const std::int32_t shifted = weight - quantisation.zero_point;
    if (shifted < -128 || shifted > 127)
      file.tensor_place(number, call.place)
          .fail(fmt::format("has a value {} steps from its zero point", shifted), "-128 to 127");
    weight = static_cast<std::int8_t>(shifted);
  }
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
  file.tensor_place(number, call.place)
      .fail(fmt::format("is a constant of [{}]", fmt::join(shape, ", ")),
            op.kind == ir::OperatorKind::multiply ? "a scalar, or one for each channel" : "a scalar");
}

void import_binary(const Call& call, GraphBuilder& builder, ir::OperatorKind kind,
                   schema::Activation activation) {
  if (call.inputs.size() != 2) call.place.fail(fmt::format("has {} inputs", call.inputs.size()), "2");
  ir::Operator op = operator_of(kind);
  set_fused_clamp(call, builder, activation, op);
  for (const std::size_t k : {std::size_t{0}, std::size_t{1}})
    if (builder.file().is_constant(call.input(k)))
      return import_with_constant(call, builder, std::move(op), k);
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
