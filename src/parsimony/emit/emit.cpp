#include "parsimony/emit/emit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/emit/emission.hpp"
#include "parsimony/emit/runtime_files.hpp"
#include "parsimony/ir/arithmetic.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/text.hpp"

namespace parsimony::emit {
namespace {

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}
char upper(char c) {
  return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}

void check_prefix(const std::string& name) {
  const bool is_lower = std::ranges::none_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_identifier(name) || !is_lower || name[0] == '_')
    throw InputError("--name", fmt::format("'{}' cannot begin the names of C functions", name),
                     "lower-case letters, digits and _, a letter first");
}

void check_fits(std::string_view where, std::string_view what, std::int64_t value, std::int64_t largest) {
  if (value > largest)
    throw InputError(where, fmt::format("{} {} is not yet supported", what, value),
                     fmt::format("up to {}", largest));
}

/// The parameters of a kernel hold lengths and channels in 16 bits, windows in 8; steps hold offsets in words
/// in 16 or 32.
void check_field_widths(const ir::Graph& graph, const plan::Plan& plan, bool wide_steps) {
  const std::int64_t farthest = (wide_steps ? std::int64_t{0xffffffff} : 65535) * plan::kArenaAlign;
  for (std::size_t id = 0; id < plan.tensors.size(); ++id)
    check_fits(fmt::format("tensor {}", graph.tensors[id].name), "its offset in the arena [B] of",
               plan.tensors[id].offset, farthest);
  for (std::size_t step = 0; step < plan.scratch.size(); ++step)
    check_fits(graph.operators[step].name, "its scratch's offset in the arena [B] of",
               plan.scratch[step].offset, farthest);
  for (const ir::Tensor& tensor : graph.tensors)
    for (const std::int64_t size : tensor.shape)
      check_fits(fmt::format("tensor {}", tensor.name), "an axis of", size, 65535);
  for (const ir::Operator& op : graph.operators) {
    if (op.kind == ir::OperatorKind::mean)
      check_fits(op.name, "a mean over", ir::mean_count(graph, op), 65535);
    if (ir::is_binary(op.kind) && op.constant.shape.empty())
      check_fits(op.name, "a second operand that is repeated, rows:",
                 graph.tensor(op.output).elements() / graph.tensor(op.inputs[1]).elements(), 65535);
    const std::int64_t largest = op.kind == ir::OperatorKind::pad ? 65535 : 255;
    for (const ir::Window& window : op.windows)
      for (const std::int32_t field : {window.kernel, window.stride, window.pad_before, window.dilation})
        check_fits(op.name, "a kernel, stride, padding or dilation of", field, largest);
  }
}

/// Kernels add half of 2^31 to what the multiplication leaves where the shift is -31; lowering has settled
/// the channels whose bias alone is that large.
void check_accumulators(const ir::Graph& graph) {
  constexpr std::int64_t kLimit = std::int64_t{1} << 30;
  for (const ir::Operator& op : graph.operators) {
    if (!ir::has_weights(op.kind)) continue;
    const std::vector<ir::Multiplier> multipliers = ir::requantisation(graph, op).channels;
    for (std::size_t c = 0; c < multipliers.size(); ++c)
      if (multipliers[c].shift == -31 && std::abs(std::int64_t{op.bias[c]}) > kLimit / 2)
        throw InputError(
            op.name,
            fmt::format("channel {}: a bias of {} with the shift -31 is not yet supported", c, op.bias[c]),
            fmt::format("up to {}", kLimit / 2));
  }
}

/// The self-test's inputs and outputs, which are the golden ones where none are given.
void add_golden_cases(Emission& emission) {
  std::vector<std::vector<std::int8_t>> inputs, outputs;
  for (std::uint32_t test = 0; test < kSelftests; ++test) {
    inputs.push_back(selftest_input(emission.graph, test));
    outputs.push_back(ir::interpret(emission.graph, inputs.back()));
    emission.selftest_hashes.push_back(selftest_hash(outputs.back()));
  }
  if (emission.golden_inputs.empty()) {
    emission.golden_inputs = std::move(inputs);
    emission.golden_outputs = std::move(outputs);
    return;
  }
  for (const auto& input : emission.golden_inputs)
    emission.golden_outputs.push_back(ir::interpret(emission.graph, input));
}

void add_board_files(Folder& folder, const Emission& emission) {
  for (const char* file : {"board.h", "host.c", "cortex_m.c", "rom.c", "golden.c", "stream.c"})
    folder[fmt::format("test/{}", file)] = runtime_file(fmt::format("board/{}", file));
  for (const char* script : {"cortex_m.ld", "rom.ld"})
    folder[fmt::format("test/{}", script)] =
        memory_regions(emission) + std::string(runtime_file(fmt::format("board/{}", script)));
}

/// The header, and the source where NAME_IMPLEMENTATION is defined: in one file of the firmware, C or C++. Of
/// C99 the source has one thing that C++ has only since 2020, initialisers by the names of the fields, which
/// compilers take in any C++.
std::string single_file(const Folder& folder, const Emission& emission) {
  constexpr std::string_view kInclude = "#include \"model.h\"\n";
  std::string source = folder.at("model.c");
  source.erase(source.find(kInclude), kInclude.size());
  return fmt::format(
      "{}\n/* In one source file of the firmware:\n     #define {}_IMPLEMENTATION\n     #include \"{}.h\" "
      "*/\n"
      "#if defined({}_IMPLEMENTATION) && !defined({}_IMPLEMENTED)\n#define {}_IMPLEMENTED\n"
      "#ifdef __cplusplus\n#pragma GCC diagnostic push\n#pragma GCC diagnostic ignored \"-Wpragmas\"\n"
      "#pragma GCC diagnostic ignored \"-Wpedantic\"\n#pragma GCC diagnostic ignored \"-Wc++20-extensions\"\n"
      "#endif\n{}#ifdef __cplusplus\n#pragma GCC diagnostic pop\n#endif\n#endif\n",
      folder.at("model.h"), emission.macro, emission.prefix, emission.macro, emission.macro, emission.macro,
      source);
}

}  // namespace

std::vector<std::string> banner_lines(const Emission& emission) {
  std::vector<std::string> lines{"SPDX-License-Identifier: 0BSD",
                                 "Emitted by Parsimony " PARSIMONY_VERSION ", model " + emission.hash};
  if (!emission.command_line.empty()) lines.push_back("Command line: " + emission.command_line);
  for (std::string& line : lines) std::ranges::replace(line, '\n', ' ');
  return lines;
}

void write_banner(CWriter& writer, const Emission& emission) {
  for (const std::string& line : banner_lines(emission)) writer.line(Comment{line});
}

std::string shape_text(const ir::Tensor& tensor) {
  return fmt::format("s8[{}]", fmt::join(tensor.shape, ", "));
}

std::string prefix_from(std::string_view folder_name) {
  std::string prefix;
  for (const char c : folder_name) {
    const char folded = lower(c);
    const bool allowed = (folded >= 'a' && folded <= 'z') || (folded >= '0' && folded <= '9');
    if (allowed || !prefix.ends_with('_')) prefix += allowed ? folded : '_';
  }
  while (prefix.starts_with('_')) prefix.erase(0, 1);
  while (prefix.ends_with('_')) prefix.pop_back();
  const bool needs_letter = prefix.empty() || (prefix[0] >= '0' && prefix[0] <= '9');
  return needs_letter ? "network_" + prefix + (prefix.empty() ? "0" : "") : prefix;
}

Family family_of(const target::Target& target, Optimise optimise) {
  if (!target.dsp) return Family::portable;
  if (optimise == Optimise::size) return Family::dsp_small;
  return target.mve ? Family::mve : Family::dsp;
}

Folder emit(const ir::Graph& graph, const plan::Plan& plan, const EmitOptions& options) {
  PARSIMONY_EXPECTS(!ir::is_skeleton(graph) && plan.tensors.size() == graph.tensors.size());
  check_prefix(options.name);
  check_accumulators(graph);
  target::Target target = target::find_target("--target", options.target);
  if (!options.board_flags.empty()) target.flags = options.board_flags;
  const KernelChoice choice(graph, options.family.value_or(family_of(target, options.optimise)));
  Emission emission{.graph = graph,
                    .plan = plan,
                    .target = target,
                    .optimise = options.optimise,
                    .family = choice.family(),
                    .choice = choice,
                    .prefix = options.name,
                    .macro = options.name,
                    .hash = ir::model_hash(graph),
                    .command_line = options.command_line,
                    .golden_inputs = options.golden_inputs};
  check_field_widths(graph, plan, emission.choice.wide_steps());
  std::ranges::transform(emission.macro, emission.macro.begin(), upper);

  add_golden_cases(emission);

  Folder folder;
  folder["model.graph"] = "# SPDX-License-Identifier: 0BSD\n" + ir::to_text(graph);
  folder["model.h"] = model_header(emission);
  folder["model.c"] = model_source(emission);
  if (options.single_file) folder[emission.prefix + ".h"] = single_file(folder, emission);
  folder["test/network.h"] = network_header(emission);
  folder["test/golden.h"] = golden_header(emission);
  add_board_files(folder, emission);
  folder["Makefile"] = makefile(emission);
  folder["CMakeLists.txt"] = cmake_lists(emission);
  folder["README.md"] = readme(emission);
  return folder;
}

}  // namespace parsimony::emit
