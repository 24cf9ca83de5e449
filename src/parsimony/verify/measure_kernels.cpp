#include "parsimony/verify/measure_kernels.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/process.hpp"
#include "parsimony/emit/emit.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/ir/verify.hpp"
#include "parsimony/plan/plan.hpp"
#include "parsimony/verify/built_copy.hpp"

namespace parsimony::verify {
namespace {

/// Chains of small tensors that need every kernel between them, with so many tables at their end. Linear
/// layers run on the kernel of 1-D convolutions where there is one: a chain with, one without.
class EveryKernel {
 public:
  explicit EveryKernel(int tables, bool one_dimension) {
    graph_.name = "every_kernel";
    graph_.tensors.push_back({"x", one_dimension ? Shape{2, 2} : Shape{2, 2, 2}, {1.0f, 0}});
    graph_.normalisation = {{0.0f, 0.0f}, {1.0f, 1.0f}};
    const Shape shape = graph_.tensors[0].shape;
    weigh(add(Kind::convolution, shape), 4);
    weigh(add(Kind::depthwise_convolution, shape), 2);
    add(Kind::multiply, shape).inputs.push_back(ir::TensorId{0});
    if (!one_dimension) {
      add_planar();
      add_scaled_down();
    }
    add(Kind::mean, {2});
    if (!one_dimension) {
      weigh(add(Kind::fully_connected, {2}), 4).windows.clear();
      weigh(add(Kind::fully_connected, {2}), 4, kDown).windows.clear();
      add(Kind::softmax, {2});
      graph_.tensors.back().quantisation = {1.0f / 256, -128};
      for (const Kind kind : {Kind::add, Kind::multiply})
        add(kind, {2}).constant = {{2}, {1.0f, 0}, false, {1, 2}};
    }
    for (int number = 0; number < tables; ++number)
      add(Kind::table, {2}).table.assign(256, static_cast<std::int8_t>(number));
    if (!one_dimension) {
      add(Kind::argmax, {1});
      graph_.tensors.back().quantisation = {1.0f, -128};
    }
    graph_.output = last();
    ir::verify(graph_);
  }

  /// The chain of one dimension behind a front end of two frames with two bands.
  void add_front_end() { graph_.log_mel = {.samples = 800, .bands = 2}; }

  ir::Graph take() { return std::move(graph_); }

 private:
  using Kind = ir::OperatorKind;
  using Shape = std::vector<std::int32_t>;

  ir::TensorId last() const { return static_cast<ir::TensorId>(graph_.tensors.size() - 1); }

  void add_planar() {
    // Of the two DSP convolutions, the larger window gets the one with less scratch.
    const std::vector<ir::Window> three_by_three{{3, 1, 1, 1}, {3, 1, 1, 1}};
    weigh(add(Kind::convolution, {2, 2, 2}), 36).windows = three_by_three;
    ir::Operator& depthwise = weigh(add(Kind::depthwise_convolution, {2, 2, 2}), 18);
    depthwise.windows = three_by_three;
    depthwise.activation_max = 100;
    add(Kind::subtract, {2, 2, 2}).inputs.push_back(ir::TensorId{0});
    add(Kind::max_pool, {2, 2, 2}).windows = {ir::Window{}, ir::Window{}};
    add(Kind::add, {2, 2, 2}).inputs.push_back(ir::TensorId{0});
    add(Kind::average_pool, {2, 2, 2}).windows = {ir::Window{}, ir::Window{}};
    add(Kind::concatenation, {2, 2, 2});
    add(Kind::pad, {2, 2, 2}).windows = {ir::Window{}, ir::Window{}, ir::Window{}};
  }

  /// What the vector kernels compute: several channels, shifts to the right.
  void add_scaled_down() {
    weigh(add(Kind::convolution, {2, 2, 16}), 32, kDown);
    weigh(add(Kind::depthwise_convolution, {2, 2, 16}), 16, kDown);
    weigh(add(Kind::convolution, {2, 2, 2}), 32);
  }

  ir::Operator& add(Kind kind, Shape shape) {
    ir::Operator op;
    op.kind = kind;
    op.name = fmt::format("operator{}", graph_.operators.size());
    op.inputs = {last()};
    graph_.tensors.push_back({op.name + "_out", std::move(shape), {1.0f, 0}});
    op.output = last();
    graph_.operators.push_back(std::move(op));
    return graph_.operators.back();
  }

  static constexpr float kHalf = 0.5f, kDown = 0.125f;

  ir::Operator& weigh(ir::Operator& op, std::size_t weights, float scale = kHalf) {
    const auto channels = static_cast<std::size_t>(graph_.tensor(op.output).shape.back());
    op.windows.assign(graph_.tensors[0].shape.size() - 1, ir::Window{});
    op.weights.assign(weights, 1);
    op.weight_scales.assign(channels, scale);
    op.bias.assign(channels, 0);
    return op;
  }

  ir::Graph graph_;
};

std::int32_t rounded_up(std::int64_t bytes) {
  return static_cast<std::int32_t>((bytes + 3) / 4 * 4);
}

using Sections = std::map<std::string, std::int64_t>;

/// [B] of each function in the object, by its section.
/// And of what the whole image pulls in of libgcc and libc, as "library".
Sections function_bytes(const target::Target& board, emit::Family family, int tables, bool one_dimension,
                        bool front_end = false) {
  EveryKernel every(tables, one_dimension);
  if (front_end) every.add_front_end();
  ir::Graph graph = every.take();
  if (family == emit::Family::single) graph.rounding = ir::Rounding::once;
  const emit::Folder folder = emit::emit(graph, emit::plan_memory(graph, family),
                                         {.name = "measured", .target = board.name, .family = family});
  const TemporaryFolder temporary;
  emit::write_folder(folder, temporary.path() / "measured");
  const BuiltCopy copy(temporary.path() / "measured", 600);
  copy.build(board);
  Sections sections = copy.function_bytes(board);
  sections["library"] = copy.linked_rom(board).library.value;
  return sections;
}

}  // namespace

bool MeasuredKernels::equals(const emit::KernelTable& table) const {
  return target == table.target && family == table.family && compiler == table.compiler &&
         flags == table.flags && kernel_bytes == table.kernel_bytes && fixed_bytes == table.fixed_bytes &&
         division_bytes == table.division_bytes && log_mel_bytes == table.log_mel_bytes;
}

std::string compiler_version(const target::Target& board) {
  if (!program_exists(board.compiler)) throw EnvironmentError(fmt::format("{} is missing", board.compiler));
  const std::string version = run_process({board.compiler, "-dumpfullversion"}).output;
  return fmt::format("{} {}", board.compiler, version.substr(0, version.find('\n')));
}

namespace {

/// @param others  bytes of the kernels that another family's do for it, 0 elsewhere
MeasuredKernels measure(const target::Target& board, emit::Family family,
                        const std::array<std::int32_t, emit::kKernels>& others) {
  constexpr int kFew = 1, kMany = 300;  // the number of steps is an immediate of one size or the other
  MeasuredKernels measured;
  measured.target = board.name;
  measured.family = family;
  measured.compiler = compiler_version(board);
  measured.flags = emit::kBoardFlags;
  measured.kernel_bytes = others;
  std::int32_t library_without_division = 0, library_with_division = 0;
  for (const int tables : {kFew, kMany})
    for (const bool one_dimension : {true, false}) {
      const Sections sections = function_bytes(board, family, tables, one_dimension);
      const auto bytes = [&](std::string_view name) {
        const auto found = sections.find(std::string(name));
        return found == sections.end() ? 0 : rounded_up(found->second);
      };
      // Nothing in the chain of one dimension divides.
      std::int32_t& library = one_dimension ? library_without_division : library_with_division;
      library = std::max(library, bytes("library"));
      std::int32_t fixed = library_without_division;
      for (const char* name :
           {"parsimony_run_steps", "parsimony_quantize_values", "measured_invoke", "measured_quantize_input"})
        fixed += bytes(name);
      measured.fixed_bytes = std::max(measured.fixed_bytes, fixed);
      for (std::size_t kernel = 0; kernel < emit::kKernels; ++kernel) {
        const emit::KernelFacts& facts = emit::facts(static_cast<emit::Kernel>(kernel));
        std::int32_t sum = 0;
        for (const std::string_view function : facts.functions)
          if (!function.empty()) sum += bytes("parsimony_" + std::string(function));
        // Some of the DSP and MVE kernels are aligned to 8 B, with a gap before them.
        if (kernel >= static_cast<std::size_t>(emit::Kernel::dsp_convolution_3)) sum = (sum + 7) / 8 * 8;
        measured.kernel_bytes[kernel] = std::max(measured.kernel_bytes[kernel], sum);
      }
    }
  measured.division_bytes = std::max(library_with_division - library_without_division, 0);
  for (const auto& [name, bytes] : function_bytes(board, family, kFew, true, true)) {
    if (name.starts_with("parsimony_log_mel") || name == "measured_features")
      measured.log_mel_bytes += rounded_up(bytes);
    if (name == "library")
      measured.log_mel_bytes += std::max(rounded_up(bytes) - library_without_division, 0);
  }
  return measured;
}

}  // namespace

std::vector<MeasuredKernels> measure_kernels(const target::Target& board) {
  using emit::Family;
  std::vector<MeasuredKernels> tables;
  tables.push_back(measure(board, Family::portable, {}));
  // What a family lacks, another's kernels do.
  if (board.dsp) {
    const MeasuredKernels dsp = measure(board, Family::dsp, tables.front().kernel_bytes);
    tables.push_back(measure(board, Family::dsp_small, dsp.kernel_bytes));
    tables.push_back(dsp);
    if (board.mve) tables.push_back(measure(board, Family::mve, dsp.kernel_bytes));
  }
  tables.push_back(measure(board, Family::single, {}));
  return tables;
}

std::string kernel_tables_source(std::span<const MeasuredKernels> tables) {
  std::string entries;
  for (const MeasuredKernels& measured : tables)
    entries += fmt::format(R"(    {{
        .family = Family::{},
        .target = "{}",
        .compiler = "{}",
        .flags = "{}",
        .kernel_bytes = {{{}}},
        .fixed_bytes = {},
        .division_bytes = {},
        .log_mel_bytes = {},
    }},
)",
                           emit::family_name(measured.family), measured.target, measured.compiler,
                           measured.flags, fmt::join(measured.kernel_bytes, ", "), measured.fixed_bytes,
                           measured.division_bytes, measured.log_mel_bytes);
  return fmt::format(R"(#pragma once

#include "parsimony/emit/cost.hpp"

namespace parsimony::emit {{

// Written by tools/measure_kernels; tests/verify fails when it is stale.
inline constexpr KernelTable kKernelTables[] = {{
{}}};

}}  // namespace parsimony::emit
)",
                     entries);
}

}  // namespace parsimony::verify
