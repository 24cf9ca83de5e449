#pragma once

#include <string>
#include <string_view>

#include "parsimony/ir/graph.hpp"

namespace parsimony::ir {

/// Whom an error names: "model.graph: operator conv1". Holds views: cheap to make for each operator.
class Blame {
 public:
  explicit Blame(std::string_view where) : where_(where) {}
  Blame op(std::string_view name) const { return {where_, "operator ", name}; }
  Blame tensor(std::string_view name) const { return {where_, "tensor ", name}; }

  /// @throws InputError
  [[noreturn]] void fail(std::string_view problem, std::string_view allowed = {}) const;

 private:
  Blame(std::string_view where, std::string_view kind, std::string_view name)
      : where_(where), kind_(kind), name_(name) {}
  std::string_view where_, kind_ = "graph", name_;
};

/// The part of verify() that reads constants: scales, zero points, sizes, ranges, int32 bounds. The structure
/// is already verified.
void verify_values(const Graph& graph, const Blame& blame);

}  // namespace parsimony::ir
