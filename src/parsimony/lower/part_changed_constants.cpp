#include <map>
#include <string_view>

#include "parsimony/lower/passes.hpp"

namespace parsimony::lower {
namespace {

bool same_constants(const ir::Operator& a, const ir::Operator& b) {
  return a.weights == b.weights && a.weight_scales == b.weight_scales && a.bias == b.bias &&
         a.table == b.table && a.constant == b.constant;
}

}  // namespace

void part_changed_constants(ir::Graph& graph) {
  std::map<std::string_view, const ir::Operator*> owners;
  for (ir::Operator& op : graph.operators) {
    if (op.constants_of.empty()) {
      owners[op.name] = &op;
      continue;
    }
    const auto owner = owners.find(op.constants_of);
    if (owner != owners.end() && same_constants(*owner->second, op)) continue;
    op.constants_of.clear();
    owners[op.name] = &op;
  }
}

}  // namespace parsimony::lower
