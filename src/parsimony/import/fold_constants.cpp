#include <algorithm>
#include <cmath>

#include "parsimony/import/operators.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/verify.hpp"

namespace parsimony::tflite {
namespace {

/// QUANTIZE of floats: round(x / scale) + zero point, the division in float, saturated.
std::vector<std::int8_t> quantised_floats(const Call& call, ModelFile& file) {
  const ir::Quantisation quantisation = file.quantisation(call.output, call.place);
  std::vector<std::int8_t> values;
  for (const float real : file.float_values(call.input(0), call.place)) {
    if (std::isnan(real))
      file.tensor_place(call.input(0), call.place).fail("holds a value that is no number", "numbers");
    values.push_back(static_cast<std::int8_t>(std::clamp(quantised_bound(real, quantisation), -128, 127)));
  }
  return values;
}

/// By the reference interpreter, the first constant being the input of a graph of the operator alone.
std::vector<std::int8_t> interpreted(const Call& call, GraphBuilder& builder,
                                     void (*run)(const Call& call, GraphBuilder& builder)) {
  ModelFile& file = builder.file();
  GraphBuilder alone(file, call, builder.rounding());
  run(call, alone);
  const ir::Graph graph = alone.finish();
  ir::verify(graph, call.place.text());
  file.spend(graph.tensor(graph.output).elements() + ir::flops(graph), call.place);
  return ir::interpret(graph, file.int8_values(call.input(0), call.place));
}

}  // namespace

bool depends_on_constants_alone(const Call& call, const GraphBuilder& builder) {
  std::size_t constants = 0;
  for (std::size_t k = 0; k < call.inputs.size(); ++k) {
    if (!call.has_input(k)) continue;
    if (!builder.is_constant(call, k)) return false;
    ++constants;
  }
  return constants > 0 && builder.file().tensor(call.output).type() == schema::TensorType_INT8;
}

void fold_constants(const Call& call, GraphBuilder& builder,
                    void (*run)(const Call& call, GraphBuilder& builder)) {
  ModelFile& file = builder.file();
  if (file.is_constant(call.output))
    file.tensor_place(call.output, call.place).fail("is produced, but a constant");
  const bool is_float = file.tensor(call.input(0)).type() == schema::TensorType_FLOAT32 &&
                        call.code == schema::BuiltinOperator_QUANTIZE;
  file.set_constant(call.output, is_float ? quantised_floats(call, file) : interpreted(call, builder, run));
}

}  // namespace parsimony::tflite
