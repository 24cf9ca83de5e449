#include "parsimony/verify/measure_kernels.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/process.hpp"
#include "parsimony/emit/emit.hpp"
#include "parsimony/ir/verify.hpp"
#include "parsimony/plan/plan.hpp"
#include "parsimony/verify/built_copy.hpp"

namespace parsimony::verify {
namespace {

/// A chain of [2, 2] tensors through every kernel, with so many tables at its end.
class EveryKernel {
 public:
  explicit EveryKernel(int tables) {
    graph_.name = "every_kernel";
    graph_.tensors.push_back({"x", {2, 2}, {1.0f, 0}});
    graph_.normalisation = {{0.0f, 0.0f}, {1.0f, 1.0f}};
    weigh(add(ir::OperatorKind::convolution, {2, 2}), 4);
    weigh(add(ir::OperatorKind::depthwise_convolution, {2, 2}), 2);
    add(ir::OperatorKind::multiply, {2, 2}).inputs.push_back(ir::TensorId{0});
    add(ir::OperatorKind::mean, {2});
    for (int number = 0; number < tables; ++number)
      add(ir::OperatorKind::table, {2}).table.assign(256, static_cast<std::int8_t>(number));
    graph_.output = last();
    ir::verify(graph_);
  }

  ir::Graph take() { return std::move(graph_); }

 private:
  ir::TensorId last() const { return static_cast<ir::TensorId>(graph_.tensors.size() - 1); }

  ir::Operator& add(ir::OperatorKind kind, std::vector<std::int32_t> shape) {
    ir::Operator op;
    op.kind = kind;
    op.name = fmt::format("operator{}", graph_.operators.size());
    op.inputs = {last()};
    graph_.tensors.push_back({op.name + "_out", std::move(shape), {1.0f, 0}});
    op.output = last();
    graph_.operators.push_back(std::move(op));
    return graph_.operators.back();
  }

  static void weigh(ir::Operator& op, std::size_t weights) {
    op.windows = {ir::Window{}};
    op.weights.assign(weights, 1);
    op.weight_scales.assign(2, 0.5f);
    op.bias.assign(2, 0);
  }

  ir::Graph graph_;
};

std::int32_t rounded_up(std::int64_t bytes) {
  return static_cast<std::int32_t>((bytes + 3) / 4 * 4);
}

using Sections = std::map<std::string, std::int64_t>;

/// [B] of each function in the object, by its section.
Sections function_bytes(const target::Target& board, int tables) {
  const ir::Graph graph = EveryKernel(tables).take();
  const emit::Folder folder =
      emit::emit(graph, plan::best_plan(graph), {.name = "measured", .target = board.name});
  const TemporaryFolder temporary;
  emit::write_folder(folder, temporary.path() / "measured");
  const BuiltCopy copy(temporary.path() / "measured", 600);
  copy.build(board);
  return copy.function_bytes(board);
}

}  // namespace

bool MeasuredKernels::equals(const emit::KernelTable& table) const {
  return target == table.target && compiler == table.compiler && flags == table.flags &&
         kernel_bytes == table.kernel_bytes && fixed_bytes == table.fixed_bytes;
}

std::string compiler_version(const target::Target& board) {
  if (!program_exists(board.compiler)) throw EnvironmentError(fmt::format("{} is missing", board.compiler));
  const std::string version = run_process({board.compiler, "-dumpfullversion"}).output;
  return fmt::format("{} {}", board.compiler, version.substr(0, version.find('\n')));
}

MeasuredKernels measure_kernels(const target::Target& board) {
  constexpr int kFew = 1, kMany = 300;  // the number of steps is an immediate of one size or the other
  MeasuredKernels measured;
  measured.target = board.name;
  measured.compiler = compiler_version(board);
  measured.flags = emit::kernel_table(board.name).flags;
  for (const int tables : {kFew, kMany}) {
    const Sections sections = function_bytes(board, tables);
    std::int32_t fixed = 0;
    for (const char* name :
         {"parsimony_run_steps", "parsimony_quantize_values", "measured_invoke", "measured_quantize_input"})
      fixed += rounded_up(sections.at(name));
    measured.fixed_bytes = std::max(measured.fixed_bytes, fixed);
    for (std::size_t kernel = 0; kernel < emit::kKernels; ++kernel) {
      const std::string name(emit::kernel_name(static_cast<emit::Kernel>(kernel)));
      measured.kernel_bytes[kernel] =
          std::max(measured.kernel_bytes[kernel], rounded_up(sections.at("parsimony_" + name)));
    }
  }
  return measured;
}

std::string kernel_table_source(const MeasuredKernels& measured) {
  return fmt::format(R"(#pragma once

#include "parsimony/emit/cost.hpp"

namespace parsimony::emit {{

// Written by tools/measure_kernels; tests/verify fails when it is stale.
inline constexpr KernelTable kCortexM4{{
    .target = "{}",
    .compiler = "{}",
    .flags = "{}",
    .kernel_bytes = {{{}}},
    .fixed_bytes = {},
}};

}}  // namespace parsimony::emit
)",
                     measured.target, measured.compiler, measured.flags,
                     fmt::join(measured.kernel_bytes, ", "), measured.fixed_bytes);
}

}  // namespace parsimony::verify
