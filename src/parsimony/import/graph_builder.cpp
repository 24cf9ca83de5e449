#include "parsimony/import/graph_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "parsimony/base/contracts.hpp"

namespace parsimony::tflite {
namespace {

/// The one tensor that the network takes or gives.
std::int32_t only_tensor(const ModelFile& file, const flatbuffers::Vector<std::int32_t>* tensors,
                         const char* what) {
  const std::size_t count = tensors == nullptr ? 0 : tensors->size();
  if (count != 1) file.place().fail(fmt::format("has {} {}s", count, what), "1");
  const std::int32_t number = tensors->Get(0);
  if (number < 0 || number >= file.tensor_count())
    file.place().fail(fmt::format("its {} is tensor {}", what, number),
                      fmt::format("0 to {}", file.tensor_count() - 1));
  return number;
}

}  // namespace

std::vector<std::int32_t> without_ones(std::vector<std::int32_t> shape) {
  shape.erase(std::remove(shape.begin(), shape.end(), 1), shape.end());
  return shape;
}

std::int64_t elements(const std::vector<std::int32_t>& shape) {
  std::int64_t count = 1;
  for (const std::int32_t length : shape) count *= length;
  return count;
}

std::vector<std::int8_t> identity_table() {
  std::vector<std::int8_t> table(256);
  std::iota(table.begin(), table.end(), std::int8_t{-128});
  return table;
}

ir::Operator operator_of(ir::OperatorKind kind, std::vector<ir::TensorId> inputs) {
  ir::Operator op;
  op.kind = kind;
  op.inputs = std::move(inputs);
  return op;
}

std::int32_t Call::input(std::size_t k) const {
  if (!has_input(k)) place.fail(fmt::format("has no input {}", k));
  return inputs[k];
}

GraphBuilder::GraphBuilder(ModelFile& file, std::string_view where, ir::Rounding rounding)
    : file_(file),
      input_(only_tensor(file, file.graph().inputs(), "input")),
      output_(only_tensor(file, file.graph().outputs(), "output")),
      values_(static_cast<std::size_t>(file.tensor_count())) {
  graph_.rounding = rounding;
  const std::size_t slash = where.find_last_of('/');
  graph_.name = std::string(slash == std::string_view::npos ? where : where.substr(slash + 1));
  const schema::TensorType type = file_.tensor(input_).type();
  const std::vector<std::int32_t> shape = file_.shape(input_, file_.place());
  if (shape.size() > 1 && shape[0] != 1)
    file_.tensor_place(input_, file_.place()).fail(fmt::format("has a batch of {}", shape[0]), "1");
  if (file_.is_constant(input_)) file_.tensor_place(input_, file_.place()).fail("is an input with data");
  if (type == schema::TensorType_FLOAT32) return;  // QUANTIZE says what becomes of it
  if (type != schema::TensorType_UINT8) file_.expect_type(input_, schema::TensorType_INT8, file_.place());
  add_input(file_.quantisation(input_, file_.place()));
}

GraphBuilder::GraphBuilder(ModelFile& file, const Call& call, ir::Rounding rounding)
    : file_(file),
      input_(call.input(0)),
      output_(call.output),
      values_(static_cast<std::size_t>(file.tensor_count())) {
  graph_.rounding = rounding;
  file_.expect_type(input_, schema::TensorType_INT8, call.place);
  add_input(file_.quantisation(input_, call.place));
}

bool GraphBuilder::is_constant(const Call& call, std::size_t k) const {
  const std::int32_t number = call.input(k);
  return file_.is_constant(number) && !values_[static_cast<std::size_t>(number)];
}

ir::TensorId GraphBuilder::add_tensor(std::string name, std::vector<std::int32_t> shape,
                                      ir::Quantisation quantisation) {
  graph_.tensors.push_back({std::move(name), std::move(shape), quantisation});
  return static_cast<ir::TensorId>(graph_.tensors.size() - 1);
}

void GraphBuilder::add_input(ir::Quantisation quantisation) {
  std::vector<std::int32_t> shape = file_.shape_without_batch(input_, file_.place());
  graph_.input = add_tensor("input", shape, quantisation);
  has_input_ = true;
  values_[static_cast<std::size_t>(input_)] = Value{graph_.input, shape};
  graph_.normalisation.mean = {0.0f};  // one scale serves all channels
  graph_.normalisation.divisor = {quantisation.scale};
}

Value GraphBuilder::value(const Call& call, std::size_t k, schema::TensorType type) const {
  const std::int32_t number = call.input(k);
  file_.expect_type(number, type, call.place);
  const auto& held = values_[static_cast<std::size_t>(number)];
  if (!held) {
    const Place here = file_.tensor_place(number, call.place);
    if (file_.is_constant(number)) here.fail("is a constant", "a computed tensor");
    here.fail("is read before it is produced");
  }
  return *held;
}

ir::TensorId GraphBuilder::reshaped(const Call& call, const Value& value) {
  if (graph_.tensor(value.id).shape == value.shape) return value.id;
  const auto [made, is_new] = reshapes_.try_emplace({value.id, value.shape}, ir::TensorId{});
  if (is_new) {
    const std::string name = fmt::format("reshape_{}_{}", call.number, reshapes_.size());
    made->second = add_tensor(name, value.shape, graph_.tensor(value.id).quantisation);
    ir::Operator op = operator_of(ir::OperatorKind::reshape, {value.id});
    op.name = name;
    op.output = made->second;
    graph_.operators.push_back(std::move(op));
  }
  return made->second;
}

void GraphBuilder::set_value(const Call& call, Value value) {
  const Place here = file_.tensor_place(call.output, call.place);
  const std::int64_t count = elements(value.shape);
  value.shape = file_.shape_without_batch(call.output, call.place);
  if (elements(value.shape) != count)
    here.fail(fmt::format("has shape [{}]", fmt::join(value.shape, ", ")),
              fmt::format("{} elements (was the network converted with a batch of 1?)", count));
  auto& held = values_[static_cast<std::size_t>(call.output)];
  if (held) here.fail("is produced twice");
  if (file_.is_constant(call.output)) here.fail("is produced, but a constant");
  held = std::move(value);
}

void GraphBuilder::expect_shape(const Call& call, const std::vector<std::int32_t>& shape) const {
  const std::vector<std::int32_t> given = file_.shape_without_batch(call.output, call.place);
  if (without_ones(given) != without_ones(shape))
    file_.tensor_place(call.output, call.place)
        .fail(fmt::format("has shape [{}]", fmt::join(given, ", ")),
              fmt::format("[{}]", fmt::join(shape, ", ")));
}

void GraphBuilder::produce(const Call& call, ir::Operator op, std::vector<std::int32_t> shape,
                           schema::TensorType type) {
  file_.expect_type(call.output, type, call.place);
  append(call, std::move(op), std::move(shape), file_.quantisation(call.output, call.place));
}

void GraphBuilder::produce_index(const Call& call, ir::Operator op, std::int32_t rows) {
  const schema::TensorType type = file_.tensor(call.output).type();
  if (type != schema::TensorType_INT64) file_.expect_type(call.output, schema::TensorType_INT32, call.place);
  expect_output(call, "ARG_MAX");
  append(call, std::move(op), {rows}, {1.0f, -128});
}

void GraphBuilder::append(const Call& call, ir::Operator op, std::vector<std::int32_t> shape,
                          ir::Quantisation quantisation) {
  op.name = call.name;
  op.output = add_tensor(fmt::format("t{}", call.output), shape, quantisation);
  set_value(call, {op.output, std::move(shape)});
  graph_.operators.push_back(std::move(op));
}

void GraphBuilder::alias(const Call& call, const Value& value) {
  set_value(call, value);
}

void GraphBuilder::produce_table(const Call& call, const Value& value, std::vector<std::int8_t> table,
                                 schema::TensorType type) {
  const ir::Tensor& from = graph_.tensor(value.id);
  file_.expect_type(call.output, type, call.place);
  if (table == identity_table() && from.quantisation == file_.quantisation(call.output, call.place))
    return alias(call, value);
  ir::Operator op = operator_of(ir::OperatorKind::table, {value.id});
  op.table = std::move(table);
  produce(call, std::move(op), from.shape, type);
}

void GraphBuilder::quantise_float_input(const Call& call) {
  if (call.input(0) != input_) file_.expect_type(call.input(0), schema::TensorType_INT8, call.place);
  file_.expect_type(call.output, schema::TensorType_INT8, call.place);
  const ir::Quantisation quantisation = file_.quantisation(call.output, call.place);
  if (!has_input_) add_input(quantisation);
  if (graph_.tensor(graph_.input).quantisation != quantisation)
    call.place.fail("quantises the float input another time, in another way", "one quantisation");
  alias(call, *values_[static_cast<std::size_t>(input_)]);
}

void GraphBuilder::dequantise_float_output(const Call& call) {
  file_.expect_type(call.output, schema::TensorType_FLOAT32, call.place);
  expect_output(call, "DEQUANTIZE");
  alias(call, value(call, 0));
}

void GraphBuilder::copy_input() {
  const ir::Tensor input = graph_.tensor(graph_.input);
  ir::Operator op = operator_of(ir::OperatorKind::table, {graph_.input});
  op.name = "copy";
  op.table = identity_table();
  op.output = graph_.output = add_tensor("copy", input.shape, input.quantisation);
  graph_.operators.push_back(std::move(op));
}

void GraphBuilder::expect_output(const Call& call, std::string_view what) const {
  if (call.output == output_) return;
  file_.tensor_place(call.output, call.place)
      .fail(fmt::format("is {} inside the network",
                        schema::EnumNameTensorType(file_.tensor(call.output).type())),
            fmt::format("{} at the output only", what));
}

ir::Graph GraphBuilder::finish() {
  const auto& result = values_[static_cast<std::size_t>(output_)];
  if (!result && file_.tensor(output_).type() == schema::TensorType_INT32)
    file_.expect_type(output_, schema::TensorType_INT8, file_.place());
  if (!result) file_.tensor_place(output_, file_.place()).fail("is the output, but no operator produces it");
  graph_.output = result->id;
  if (graph_.output == graph_.input) copy_input();
  return std::move(graph_);
}

}  // namespace parsimony::tflite
