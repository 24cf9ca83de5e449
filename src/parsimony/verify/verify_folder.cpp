#include "parsimony/verify/verify_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/emit.hpp"
#include "parsimony/emit/front_end.hpp"
#include "parsimony/emit/instructions.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/quantise_input.hpp"
#include "parsimony/ir/text.hpp"
#include "parsimony/plan/plan.hpp"
#include "parsimony/target/target.hpp"
#include "parsimony/verify/built_copy.hpp"
#include "parsimony/verify/in_blocks.hpp"
#include "parsimony/verify/made_up_sounds.hpp"
#include "parsimony/verify/write_rows.hpp"

namespace parsimony::verify {
namespace {

namespace fs = std::filesystem;

using Row = std::vector<std::int8_t>;

/// Inputs and what the reference gives for them.
struct Cases {
  std::vector<Row> inputs, outputs;
  std::vector<std::vector<float>> raw;
  std::vector<Row> quantised;
  std::vector<std::vector<std::int16_t>> sounds;  ///< where the network has a front end
  std::vector<Row> features;
};

/// The extremes, then random bytes.
std::vector<Row> made_up_inputs(std::size_t elements, const VerifyOptions& options) {
  std::vector<Row> inputs;
  for (std::int64_t number = 0; number < options.cases; ++number) {
    RandomStream random(options.seed, 0, "verify", static_cast<std::uint64_t>(number));
    Row input(elements, number == 0 ? -128 : 127);
    if (number > 1)
      for (std::int8_t& value : input)
        value = static_cast<std::int8_t>(static_cast<int>(random.below(256)) - 128);
    inputs.push_back(std::move(input));
  }
  return inputs;
}

/// Sensor values over and beyond the int8 range, halves, zeros of both signs, NaN and infinities.
std::vector<float> made_up_raw(const ir::Graph& graph, std::uint64_t seed) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kSpecial[] = {std::numeric_limits<float>::quiet_NaN(),
                                kInfinity,
                                -kInfinity,
                                0.0f,
                                -0.0f,
                                std::numeric_limits<float>::max(),
                                std::numeric_limits<float>::denorm_min()};
  const auto& [mean, divisor] = graph.normalisation;
  RandomStream random(seed, 0, "verify-raw");
  std::vector<float> raw(static_cast<std::size_t>(graph.tensor(graph.input).elements()));
  for (std::size_t k = 0; k < raw.size(); ++k) {
    const std::size_t channel = k % mean.size();
    const double steps =
        random.below(2) == 0 ? std::round(random.uniform(-300, 300)) / 2 : random.uniform(-600, 600);
    raw[k] = random.below(8) == 0 ? kSpecial[random.below(std::size(kSpecial))]
                                  : static_cast<float>(mean[channel] + steps * divisor[channel]);
  }
  return raw;
}

Cases make_cases(const ir::Graph& graph, const VerifyOptions& options) {
  constexpr std::uint64_t kRawRows = 4;
  const auto elements = static_cast<std::size_t>(graph.tensor(graph.input).elements());
  Cases cases;
  cases.inputs = options.inputs.empty() ? made_up_inputs(elements, options) : options.inputs;
  for (const Row& input : cases.inputs) {
    const std::size_t done = cases.outputs.size();
    if (options.progress && done % 16 == 0)
      options.progress("reference", static_cast<std::int64_t>(done),
                       static_cast<std::int64_t>(cases.inputs.size()));
    cases.outputs.push_back(ir::interpret(graph, input));
  }
  cases.raw = options.raw_inputs;
  for (std::uint64_t number = 0; number < kRawRows; ++number)
    cases.raw.push_back(made_up_raw(graph, options.seed + number));
  for (const auto& raw : cases.raw) ir::quantise_input(graph, raw, cases.quantised.emplace_back(elements));
  if (graph.log_mel) cases.sounds = made_up_sounds(graph.log_mel->samples, options.seed);
  for (const auto& sound : cases.sounds) cases.features.push_back(emit::features_input(graph, sound));
  return cases;
}

void note(Verification& result, const std::string& difference) {
  if (result.first_difference.empty()) result.first_difference = difference;
}

/// Holds the rows of `file` against a block of the wanted ones.
/// @param what  the rows are, to be named where they differ
void compare_rows(const fs::path& file, const std::vector<Row>& wanted, const Block& block, const char* what,
                  Verification& result) {
  const std::string got = fs::exists(file) ? read_file(file) : std::string();
  std::size_t start = 0;
  for (std::size_t number = block.first; number < block.first + block.count;
       start += wanted[number++].size()) {
    const Row& row = wanted[number];
    if (start + row.size() > got.size()) {
      ++result.mismatches, ++result.missing;
      note(result, fmt::format("{} {} is missing", what, number));
      continue;
    }
    const auto* const first = reinterpret_cast<const std::int8_t*>(got.data() + start);
    const auto differing = std::ranges::mismatch(row, std::span(first, row.size()));
    if (differing.in1 == row.end()) continue;
    ++result.mismatches;
    note(result, fmt::format("{} {}, byte {}: {} instead of {}", what, number, differing.in1 - row.begin(),
                             int{*differing.in2}, int{*differing.in1}));
  }
}

Block all_of(const auto& rows) {
  return {0, rows.size()};
}

auto part_of(const auto& rows, const Block& block) {
  return std::span(rows).subspan(block.first, block.count);
}

/// One run of "stream": a block of the inputs, raw rows and sounds, compared. False where it did not end
/// well.
bool run_block(const BuiltCopy& copy, const target::Target& target, const Cases& cases, const Block& inputs,
               const Block& raw, const Block& sounds, Verification& result) {
  const fs::path directory = copy.path() / ("run-" + target.name);
  for (const char* of_the_last_block : {"outputs.bin", "quantized.bin", "features.bin"})
    fs::remove(directory / of_the_last_block);
  write_rows(directory / "inputs.bin", part_of(cases.inputs, inputs));
  write_rows(directory / "raw.bin", part_of(cases.raw, raw));
  write_rows(directory / "samples.bin", part_of(cases.sounds, sounds));
  const ProgramRun stream = copy.run(target, "stream", directory);
  if (!stream.good) note(result, stream.problem);
  result.ram_bytes = Bytes(std::max(stream.number("arena"), result.ram_bytes.value));
  compare_rows(directory / "outputs.bin", cases.outputs, inputs, "output", result);
  compare_rows(directory / "quantized.bin", cases.quantised, raw, "quantised input", result);
  compare_rows(directory / "features.bin", cases.features, sounds, "features", result);
  if (!stream.good && result.mismatches == 0) result.mismatches = 1;
  return stream.good;
}

/// Every case through the target, compared; and the folder's golden vectors.
void run_cases(const BuiltCopy& copy, const target::Target& target, const Cases& cases,
               const VerifyOptions& options, Verification& result) {
  const auto inputs = static_cast<std::int64_t>(cases.inputs.size());
  result.cases = inputs + static_cast<std::int64_t>(cases.raw.size() + cases.sounds.size());
  const std::size_t begun = in_blocks(cases.inputs.size(), [&](const Block& block) {
    if (options.progress) options.progress(target.name, static_cast<std::int64_t>(block.first), inputs);
    return run_block(copy, target, cases, block, {}, {}, result);
  });
  const std::int64_t not_begun = inputs - static_cast<std::int64_t>(begun);
  result.mismatches += not_begun, result.missing += not_begun;
  (void)run_block(copy, target, cases, {}, all_of(cases.raw), all_of(cases.sounds), result);

  const ProgramRun golden = copy.run(target, "golden", copy.path() / ("run-" + target.name));
  result.cases += std::max<std::int64_t>(golden.number("golden vectors:"), 0);
  if (golden.good) return;
  ++result.mismatches;
  note(result, golden.problem);
}

/// What only a board shows: flash, stack, instructions.
void measure_board(const BuiltCopy& copy, const target::Target& board, const ir::Graph& graph,
                   emit::Family family, const Cases& cases, Verification& result) {
  const emit::RomPrediction predicted =
      emit::predict_rom(graph, emit::kernel_table(board.name, emit::family_for(graph, family)));
  const LinkedRom linked = copy.linked_rom(board);
  result.rom_bytes = linked.code + linked.constants + linked.library;
  result.rom_data_bytes = linked.constants;
  result.predicted_rom_bytes = predicted.total();
  result.predicted_rom_data_bytes = predicted.data;
  const emit::InferenceInstructions instructions =
      emit::InstructionCosts(board.name, family).of(graph, emit::KernelChoice(graph, family));
  if (instructions.network > 0) result.predicted_instructions = instructions.network;
  if (instructions.features > 0) result.predicted_features_instructions = instructions.features;
  result.static_stack_bytes = copy.static_stack(board);

  const fs::path directory = copy.path() / ("clock-" + board.name);
  write_rows(directory / "inputs.bin", std::vector<Row>(cases.inputs.begin(), cases.inputs.begin() + 1));
  write_file(directory / "raw.bin", "");
  write_rows(directory / "samples.bin",
             std::vector(cases.sounds.begin(), cases.sounds.begin() + (cases.sounds.empty() ? 0 : 1)));
  const ProgramRun run = copy.run(board, "stream", directory, true);
  const auto instructions_of = [&](std::int64_t ticks) {
    return std::llround(static_cast<double>(ticks) * board.instructions_per_tick);
  };
  if (run.number("stack") >= 0)
    result.stack_bytes = Bytes(std::max(run.number("stack"), run.number("features_stack")));
  if (run.number("ticks") >= 0) result.instructions = instructions_of(run.number("ticks"));
  if (run.number("features_ticks") >= 0)
    result.features_instructions = instructions_of(run.number("features_ticks"));
}

std::vector<const target::Target*> chosen_targets(const std::vector<std::string>& names) {
  std::vector<const target::Target*> targets;
  const auto add = [&](const std::string& name) {
    const target::Target* found = &target::find_target("--target", name);
    if (std::ranges::find(targets, found) == targets.end()) targets.push_back(found);
  };
  for (const std::string& name : names)
    if (name == "all")
      std::ranges::for_each(target::target_names(), add);
    else
      add(name);
  return targets;
}

void check_inputs(const ir::Graph& graph, const VerifyOptions& options) {
  const auto elements = static_cast<std::size_t>(graph.tensor(graph.input).elements());
  const auto fits = [&](const auto& row) { return row.size() == elements; };
  PARSIMONY_EXPECTS(std::ranges::all_of(options.inputs, fits) &&
                    std::ranges::all_of(options.raw_inputs, fits));
  PARSIMONY_EXPECTS(options.cases >= 1 || !options.inputs.empty());
}

/// What the folder's own Makefile says of itself: "TARGET := cortex-m4".
std::string own_value(const fs::path& folder, std::string_view name) {
  const std::string key = fmt::format("\n{} := ", name);
  const std::string makefile = read_file(folder / "Makefile");
  const std::size_t at = makefile.find(key);
  if (at == std::string::npos)
    throw InputError((folder / "Makefile").string(), fmt::format("names no {}: not one of ours", name));
  const std::size_t begin = at + key.size();
  return makefile.substr(begin, makefile.find('\n', begin) - begin);
}

/// The folder's network emitted again for another core, in a temporary folder.
class EmittedAgain {
 public:
  EmittedAgain(const ir::Graph& graph, const target::Target& target, emit::Optimise optimise) {
    const plan::Plan plan = emit::plan_memory(graph, emit::family_of(target, optimise));
    const emit::Folder files =
        emit::emit(graph, plan, {.name = "network", .target = target.name, .optimise = optimise});
    emit::write_folder(files, path());
  }
  fs::path path() const { return temporary_.path() / "network"; }

 private:
  TemporaryFolder temporary_;
};

/// One target by the folder that is for it.
Verification verify_target(const BuiltCopy& copy, const target::Target& target, const ir::Graph& graph,
                           emit::Family family, const Cases& cases, const VerifyOptions& options) {
  Verification result;
  result.target = target.name;
  result.predicted_ram_bytes = emit::plan_memory(graph, family).arena;
  copy.build(target);
  run_cases(copy, target, cases, options, result);
  if (!target.machine.empty()) measure_board(copy, target, graph, family, cases, result);
  return result;
}

}  // namespace

MadeFor made_for(const fs::path& folder) {
  const std::string where = (folder / "Makefile").string();
  return {&target::find_target(where, own_value(folder, "TARGET")),
          own_value(folder, "OPTIMISE") == "speed" ? emit::Optimise::speed : emit::Optimise::size};
}

std::vector<Verification> verify_folder(const fs::path& folder, const std::vector<std::string>& targets,
                                        const VerifyOptions& options) {
  const auto chosen = chosen_targets(targets);
  const BuiltCopy copy(folder, options.timeout_seconds);
  const fs::path model = folder / "model.graph";
  const ir::Graph graph = ir::from_text(read_file(model), model.string());
  if (ir::is_skeleton(graph)) throw InputError(model.string(), "has no constants: a skeleton cannot be run");
  check_inputs(graph, options);
  const Cases cases = make_cases(graph, options);
  const auto [own, optimise] = made_for(folder);

  std::vector<Verification> results;
  for (const target::Target* target : chosen) {
    const bool is_host = target->machine.empty();
    const emit::Family family = emit::family_of(is_host ? *own : *target, optimise);
    if (is_host || target == own) {
      results.push_back(verify_target(copy, *target, graph, family, cases, options));
      continue;
    }
    const EmittedAgain again(graph, *target, optimise);
    results.push_back(verify_target(BuiltCopy(again.path(), options.timeout_seconds), *target, graph, family,
                                    cases, options));
  }
  return results;
}

}  // namespace parsimony::verify
