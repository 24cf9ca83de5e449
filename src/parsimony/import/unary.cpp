// Functions of one value, each a table of 256; QUANTIZE and DEQUANTIZE.
#include <fmt/format.h>

#include <algorithm>

#include "parsimony/import/operators.hpp"
#include "parsimony/import/unary_tables.hpp"

namespace parsimony::tflite {
namespace {

struct Ends {
  ir::Quantisation input, output;
  ir::Rounding rounding;
};

void expect_output(const Call& call, ir::Quantisation output, ir::Quantisation wanted) {
  if (output != wanted)
    call.place.fail(fmt::format("has output scale {:.9g} and zero point {}", output.scale, output.zero_point),
                    fmt::format("{:.9g} and {}", wanted.scale, wanted.zero_point));
}

Table usable(const Call& call, const Ends& ends, std::optional<Table> table) {
  if (!table)
    call.place.fail(
        fmt::format("has input scale {:.9g} and output scale {:.9g}", ends.input.scale, ends.output.scale),
        "scales whose ratio TFLite Micro's arithmetic can hold");
  return std::move(*table);
}

Table table_of(const Call& call, const Ends& ends) {
  const ir::Quantisation input = ends.input, output = ends.output;
  const auto bound = [&](float real) { return std::clamp(quantised_bound(real, output), -128, 127); };
  switch (call.code) {
    case schema::BuiltinOperator_RELU:
      return usable(call, ends, relu_table(input, output, bound(0.0f), 127, ends.rounding));
    case schema::BuiltinOperator_RELU_N1_TO_1:
      return usable(call, ends, relu_table(input, output, bound(-1.0f), bound(1.0f), ends.rounding));
    case schema::BuiltinOperator_RELU6:
      expect_output(call, output, input);
      return relu6_table(input, bound(6.0f));
    case schema::BuiltinOperator_LEAKY_RELU:
      return usable(
          call, ends,
          leaky_relu_table(input, output, call.options<schema::LeakyReluOptions>().alpha(), ends.rounding));
    case schema::BuiltinOperator_HARD_SWISH:
      return usable(call, ends, hard_swish_table(input, output));
    case schema::BuiltinOperator_LOGISTIC:
      expect_output(call, output, {1.0f / 256, -128});
      return usable(call, ends, logistic_table(input, ends.rounding));
    case schema::BuiltinOperator_TANH:
      expect_output(call, output, {1.0f / 128, 0});
      return usable(call, ends, tanh_table(input, ends.rounding));
    default:
      return usable(call, ends, requantise_table(input, output, ends.rounding));
  }
}

}  // namespace

void import_unary(const Call& call, GraphBuilder& builder) {
  const Value input = builder.value(call, 0);
  const Ends ends{builder.tensor(input.id).quantisation, builder.file().quantisation(call.output, call.place),
                  builder.rounding()};
  builder.produce_table(call, input, table_of(call, ends));
}

/// int8 to int8, float to int8 at the network's input, uint8 to int8 there, int8 to uint8 at its output.
void import_quantise(const Call& call, GraphBuilder& builder) {
  const ModelFile& file = builder.file();
  const schema::TensorType from = file.tensor(call.input(0)).type(), to = file.tensor(call.output).type();
  if (from == schema::TensorType_FLOAT32) return builder.quantise_float_input(call);
  const bool is_byte_input = from == schema::TensorType_UINT8 && to == schema::TensorType_INT8;
  const bool is_byte_output = to == schema::TensorType_UINT8 && from == schema::TensorType_INT8;
  const Value input = builder.value(call, 0, is_byte_input ? from : schema::TensorType_INT8);
  const Ends ends{builder.tensor(input.id).quantisation, file.quantisation(call.output, call.place),
                  builder.rounding()};
  builder.produce_table(call, input, table_of(call, ends), is_byte_output ? to : schema::TensorType_INT8);
}

void import_dequantise(const Call& call, GraphBuilder& builder) {
  builder.dequantise_float_output(call);
}

}  // namespace parsimony::tflite
