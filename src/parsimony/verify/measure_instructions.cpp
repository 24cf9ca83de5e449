#include "parsimony/verify/measure_instructions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/emit/emit.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/verify/built_copy.hpp"
#include "parsimony/verify/fit_work.hpp"
#include "parsimony/verify/measure_kernels.hpp"
#include "parsimony/verify/random_layers.hpp"

namespace parsimony::verify {
namespace {

constexpr int kRepetitions = 4;  // a tick of the clock is 40 instructions

/// In the place of test/stream.c: each step alone, on random bytes.
constexpr std::string_view kCountSteps = R"(#include <string.h>

#include "board.h"
#include "network.h"

static union {
  int8_t bytes[NETWORK_ARENA_BYTES];
  int64_t alignment;
} memory;

int main(void)
{
  int step;
  for (step = 0; step < NETWORK_STEPS; ++step) {
    uint32_t random = (uint32_t)step, i;
    for (i = 0; i < NETWORK_ARENA_BYTES; ++i) {
      random = random * 1664525u + 1013904223u;
      memory.bytes[i] = (int8_t)(random >> 24);
    }
    board_start_clock();
    for (i = 0; i < REPETITIONS; ++i) {
      (void)network_invoke_from(memory.bytes, step);
    }
    board_print_number("ticks ", board_clock(), "\n");
  }
  return 0;
}
)";

/// Instructions of each row of the table of steps.
std::vector<double> count_steps(const ir::Graph& graph, const target::Target& board, emit::Family family) {
  emit::Folder folder = emit::emit(graph, emit::plan_memory(graph, family),
                                   {.name = "counted", .target = board.name, .family = family});
  folder["test/stream.c"] = fmt::format("#define REPETITIONS {}u\n{}", kRepetitions, kCountSteps);
  const TemporaryFolder temporary;
  emit::write_folder(folder, temporary.path() / "counted");
  const BuiltCopy copy(temporary.path() / "counted", 600);
  copy.build(board);
  const ProgramRun run = copy.run(board, "stream", copy.path(), true);
  if (!run.good) throw EnvironmentError(run.problem);
  std::vector<double> counts;
  for (const std::int64_t ticks : run.numbers("ticks"))
    counts.push_back(static_cast<double>(ticks) * board.instructions_per_tick / kRepetitions);
  return counts;
}

std::string shapes_text(const ir::Graph& graph, const ir::Operator& op) {
  std::string text = fmt::format("{} -> {}", graph.tensor(op.inputs[0]).shape, graph.tensor(op.output).shape);
  for (const ir::Window& window : op.windows)
    text += fmt::format(" k{}s{}p{}+{}", window.kernel, window.stride, window.pad_before, window.pad_after);
  return text;
}

/// A row less the zeros at its end.
std::string items_text(std::span<const std::int32_t> each) {
  while (each.size() > 1 && each.back() == 0) each = each.first(each.size() - 1);
  return fmt::format("{{{}}}", fmt::join(each, ", "));
}

/// The steps that clamp behind DSP kernels, in a network in which all those have one.
void count_clamps(const target::Target& board, emit::Family family, std::uint64_t seed,
                  std::vector<LayerCount>& layers) {
  ir::Graph graph = random_layers(seed, true);
  const emit::KernelChoice kernels(graph, family);
  for (std::size_t k = 0; k < graph.operators.size(); ++k)
    if (emit::is_dsp(kernels.kernels()[k])) graph.operators[k].activation_max = 100;
  const emit::KernelChoice choice(graph, family);
  const std::vector<double> counts = count_steps(graph, board, family);
  std::size_t step = 0;
  for (const ir::Operator& op : graph.operators) {
    step += static_cast<std::size_t>(choice.steps(op));
    PARSIMONY_ENSURES(step <= counts.size());
    constexpr emit::Kernel kClamp = emit::Kernel::dsp_clamp;
    if (choice.clamps_apart(op))
      layers.push_back({fmt::format("{} {}", emit::facts(kClamp).functions[0], shapes_text(graph, op)),
                        kClamp, emit::kernel_work(graph, op, kClamp), counts[step - 1]});
  }
}

}  // namespace

std::vector<LayerCount> count_layers(const target::Target& board, emit::Family family, std::uint64_t seed,
                                     int networks) {
  std::vector<LayerCount> layers;
  for (int number = 0; number < networks; ++number) {
    const bool few_channels = number % 4 >= 2;
    const ir::Graph graph =
        random_layers(seed + static_cast<std::uint64_t>(number), number % 2 == 0, few_channels);
    const emit::KernelChoice choice(graph, family);
    const std::vector<double> counts = count_steps(graph, board, family);
    std::size_t step = 0;
    for (const ir::Operator& op : graph.operators) {
      const emit::Kernel kernel = choice.of(op);
      LayerCount layer{fmt::format("{} {}", emit::facts(kernel).functions[0], shapes_text(graph, op)), kernel,
                       emit::kernel_work(graph, op, kernel), 0.0};
      PARSIMONY_ENSURES(step + static_cast<std::size_t>(choice.steps(op)) <= counts.size());
      for (std::int64_t part = 0; part < choice.steps(op); ++part) layer.instructions += counts[step++];
      layers.push_back(std::move(layer));
    }
  }
  if (family == emit::Family::dsp) count_clamps(board, family, seed, layers);
  return layers;
}

std::vector<emit::InstructionRow> fit_instructions(const target::Target& board, emit::Family family,
                                                   std::span<const LayerCount> layers) {
  std::vector<emit::InstructionRow> rows;
  for (std::size_t number = 0; number < emit::kKernels; ++number) {
    const auto kernel = static_cast<emit::Kernel>(number);
    const bool own = family == emit::Family::portable ||
                     (family == emit::Family::mve ? emit::is_mve(kernel) : emit::is_dsp(kernel));
    if (!own) continue;  // has its row already
    std::vector<CountedWork> of_kernel;
    for (const LayerCount& layer : layers)
      if (layer.kernel == kernel) of_kernel.push_back({layer.work, layer.instructions});
    if (!of_kernel.empty()) rows.push_back({family, board.name, kernel, fit_work(of_kernel)});
  }
  return rows;
}

std::string instruction_rows_source(std::span<const emit::InstructionRow> rows,
                                    std::span<const emit::FeaturesRow> features) {
  std::string entries, front_ends;
  for (const emit::InstructionRow& row : rows)
    entries += fmt::format("    {{Family::{}, \"{}\", Kernel::{}, {}}},\n", emit::family_name(row.family),
                           row.target, emit::facts(row.kernel).functions[0], items_text(row.each));
  for (const emit::FeaturesRow& row : features)
    front_ends += fmt::format("    {{\"{}\", {}}},\n", row.target, items_text(row.each));
  return fmt::format(R"(#pragma once

#include "parsimony/emit/instructions.hpp"

namespace parsimony::emit {{

// Written by tools/measure_instructions; tests/verify holds them against QEMU's counts of other layers and
// of other front ends.
inline constexpr InstructionRow kInstructionRows[] = {{
{}}};

inline constexpr FeaturesRow kFeaturesRows[] = {{
{}}};

}}  // namespace parsimony::emit
)",
                     entries, front_ends);
}

}  // namespace parsimony::verify
