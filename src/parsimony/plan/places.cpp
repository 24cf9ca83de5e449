#include "parsimony/plan/places.hpp"

namespace parsimony::plan {
namespace {

using Kind = ir::OperatorKind;

std::size_t index(ir::TensorId id) {
  return static_cast<std::size_t>(id);
}

}  // namespace

std::vector<Place> places(const ir::Graph& graph) {
  std::vector<Place> places(graph.tensors.size());
  for (std::size_t k = 0; k < places.size(); ++k) places[k].of = static_cast<std::int32_t>(k);
  for (const ir::Operator& op : graph.operators) {
    if (op.kind == Kind::reshape) places[index(op.output)] = places[index(op.inputs[0])];
    if (op.kind == Kind::slice) {
      const ir::Tensor& input = graph.tensor(op.inputs[0]);
      const Place& from = places[index(op.inputs[0])];
      places[index(op.output)] = {from.of, from.at + op.begin * (input.elements() / input.shape[0])};
    }
    if (op.kind != Kind::join) continue;
    std::int64_t at = 0;
    for (const ir::TensorId part : op.inputs) {
      places[index(part)] = {static_cast<std::int32_t>(op.output), at};
      at += graph.tensor(part).elements();
    }
  }
  return places;
}

std::vector<Lifetime> lifetimes_of_bytes(const ir::Graph& graph) {
  std::vector<Lifetime> live = lifetimes(graph);
  for (Lifetime& life : live) life.last = life.first;
  std::int32_t step = 0;
  for (const ir::Operator& op : graph.operators) {
    for (const ir::TensorId id : op.inputs)
      if (!ir::is_view(op.kind)) live[index(id)].last = step;
    ++step;
  }
  live[index(graph.output)].last = step - 1;
  return live;
}

}  // namespace parsimony::plan
