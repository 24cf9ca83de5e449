#include "parsimony/import/tflite.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "parsimony/import/graph_builder.hpp"
#include "parsimony/import/idle_reshapes.hpp"
#include "parsimony/import/operators.hpp"
#include "parsimony/import/spatial_axes.hpp"
#include "parsimony/ir/verify.hpp"

namespace parsimony::tflite {
namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::vector<std::int32_t> tensor_numbers(const ModelFile& file, const Place& place,
                                         const flatbuffers::Vector<std::int32_t>* numbers,
                                         std::int32_t least) {
  constexpr std::size_t kMost = 1024;
  if (numbers == nullptr) return {};
  if (numbers->size() > kMost)
    place.fail(fmt::format("has {} tensors", numbers->size()), fmt::format("{} at most", kMost));
  for (const std::int32_t number : *numbers)
    if (number < least || number >= file.tensor_count())
      place.fail(fmt::format("refers to tensor {}", number),
                 fmt::format("{} to {}", least, file.tensor_count() - 1));
  return {numbers->begin(), numbers->end()};
}

Call read_call(const ModelFile& file, std::int32_t number, const schema::Operator& op,
               std::string_view where) {
  Call call;
  call.number = number;
  call.op = &op;
  call.place = Place(fmt::format("{}: operator {}", where, number));
  call.code = file.code(op, call.place);
  const std::string kind = schema::EnumNameBuiltinOperator(call.code);
  call.name = fmt::format("{}_{}", lower_case(kind), number);
  call.place = Place(fmt::format("{}: operator {} ({})", where, number, kind));
  constexpr std::int32_t kLeftOut = -1;
  call.inputs = tensor_numbers(file, call.place, op.inputs(), kLeftOut);
  const std::vector<std::int32_t> outputs = tensor_numbers(file, call.place, op.outputs(), 0);
  if (outputs.size() != 1) call.place.fail(fmt::format("has {} outputs", outputs.size()), "1");
  call.output = outputs[0];
  return call;
}

}  // namespace

ir::Graph import_model(std::span<const std::uint8_t> bytes, std::string_view where, ir::Rounding rounding) {
  ModelFile file(bytes, where);
  GraphBuilder builder(file, where, rounding);
  if (const auto* const operators = file.graph().operators())
    for (flatbuffers::uoffset_t k = 0; k < operators->size(); ++k)
      import_operator(read_call(file, static_cast<std::int32_t>(k), *operators->Get(k), where), builder);
  const ir::Graph graph = drop_idle_reshapes(drop_unit_axis(builder.finish()));
  ir::verify(graph, where);
  return graph;
}

}  // namespace parsimony::tflite
