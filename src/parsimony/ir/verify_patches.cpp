#include "parsimony/ir/verify_patches.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

namespace parsimony::ir {
namespace {

constexpr std::int64_t kWord = 4;  ///< [B] views begin at multiples of it

std::size_t index(TensorId id) {
  return static_cast<std::size_t>(id);
}

void expect_word(std::int64_t byte, const char* what, const Blame& here) {
  if (byte % kWord != 0)
    here.fail(fmt::format("{} at byte {}", what, byte), fmt::format("a multiple of {}", kWord));
}

/// Who makes each tensor, and how often it is read.
struct Uses {
  std::vector<const Operator*> producer;
  std::vector<std::int32_t> reads;

  explicit Uses(const Graph& graph) : producer(graph.tensors.size(), nullptr), reads(graph.tensors.size()) {
    for (const Operator& op : graph.operators) {
      producer[index(op.output)] = &op;
      for (const TensorId id : op.inputs) ++reads[index(id)];
    }
    ++reads[index(graph.output)];
  }
};

void verify_join(const Graph& graph, const Operator& op, const Uses& uses, const Blame& here) {
  std::int64_t at = 0;
  for (const TensorId id : op.inputs) {
    const Tensor& part = graph.tensor(id);
    const Operator* producer = uses.producer[index(id)];
    if (producer == nullptr || is_view(producer->kind) || producer->kind == OperatorKind::reshape)
      here.fail(fmt::format("joins '{}', which no operator writes", part.name),
                "outputs of operators that run");
    if (uses.reads[index(id)] != 1)
      here.fail(fmt::format("joins '{}', which others read too", part.name), "parts that it alone reads");
    expect_word(at, "has a part that begins", here);
    at += part.elements();
  }
}

bool has_constants(const Operator& op) {
  return has_weights(op.kind) || op.kind == OperatorKind::table || !op.constant.shape.empty();
}

bool same_constants(const Graph& graph, const Operator& a, const Operator& b) {
  const auto same_kernel = [](const Window& x, const Window& y) {
    return x.kernel == y.kernel && x.dilation == y.dilation;
  };
  const auto input = [&](const Operator& op) { return graph.tensor(op.inputs[0]); };
  return a.kind == b.kind && weight_count(graph, a) == weight_count(graph, b) &&
         output_channels(graph, a) == output_channels(graph, b) &&
         std::equal(a.windows.begin(), a.windows.end(), b.windows.begin(), b.windows.end(), same_kernel) &&
         input(a).quantisation == input(b).quantisation &&
         graph.tensor(a.output).quantisation == graph.tensor(b.output).quantisation &&
         a.weight_scales == b.weight_scales && a.bias == b.bias && a.weights == b.weights &&
         a.table == b.table && a.constant == b.constant;
}

}  // namespace

void verify_patches(const Graph& graph, const Blame& blame) {
  const Uses uses(graph);
  std::map<std::string_view, const Operator*> owners;
  for (const Operator& op : graph.operators) {
    const Blame here = blame.op(op.name);
    if (op.kind == OperatorKind::slice) {
      const Tensor& input = graph.tensor(op.inputs[0]);
      expect_word(op.begin * (input.elements() / input.shape[0]), "begins", here);
    }
    if (op.kind == OperatorKind::join) verify_join(graph, op, uses, here);
    if (op.constants_of.empty()) {
      if (has_constants(op)) owners[op.name] = &op;
      continue;
    }
    const auto owner = owners.find(op.constants_of);
    if (owner == owners.end() || !same_constants(graph, *owner->second, op))
      here.fail(fmt::format("has the constants of '{}'", op.constants_of),
                "an operator before it of the same kind, with constants of its own that are the same");
  }
}

}  // namespace parsimony::ir
