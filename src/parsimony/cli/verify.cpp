#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/cli/board_options.hpp"
#include "parsimony/cli/commands.hpp"
#include "parsimony/cli/renewed_line.hpp"
#include "parsimony/cli/study_search.hpp"
#include "parsimony/ir/quantise_input.hpp"
#include "parsimony/ir/text.hpp"
#include "parsimony/search/network_search.hpp"
#include "parsimony/verify/verify_folder.hpp"

namespace parsimony::cli {
namespace {

using Json = nlohmann::json;
using verify::Verification;

struct VerifyArguments {
  std::string folder, study;
  std::vector<std::string> targets;  ///< empty: the board's core, else all
  BoardOptions board;
  std::optional<std::int64_t> cases;
  bool json = false;
};

/// Test windows of the study's data, as the network's int8 input: all, or as many as are wanted, spread
/// evenly.
std::vector<std::vector<std::int8_t>> test_windows(const std::string& folder, const std::string& study,
                                                   std::optional<std::int64_t> wanted) {
  const auto path = std::filesystem::path(folder) / "model.graph";
  const ir::Graph graph = ir::from_text(read_file(path), path.string());
  const data::Dataset test = open_study_search(study).search.data.test;
  if (test.case_size() != graph.tensor(graph.input).elements())
    throw InputError(study, fmt::format("its windows have {} values", test.case_size()),
                     fmt::format("the {} that {} takes", graph.tensor(graph.input).elements(), folder));
  std::vector<std::vector<std::int8_t>> windows;
  const std::int64_t count = std::min(wanted.value_or(test.size()), test.size());
  for (std::int64_t k = 0; k < count; ++k) {
    const std::int64_t i = k * test.size() / count;
    windows.emplace_back(static_cast<std::size_t>(test.case_size()));
    ir::quantise_input(graph, test.case_values(i), windows.back());
  }
  return windows;
}

/// Of one inference, its features included.
std::int64_t counted_instructions(const Verification& one) {
  return one.instructions.value_or(0) + one.features_instructions.value_or(0);
}

template <typename Quantity>
Json bytes_or_null(const std::optional<Quantity>& bytes) {
  return bytes ? Json(bytes->value) : Json(nullptr);
}

Json to_json(const Verification& one, std::int64_t cases, const std::optional<target::Board>& board) {
  Json json{{"target", one.target},
            {"cases", cases},
            {"mismatches", one.mismatches},
            {"missing", one.missing},
            {"rom_bytes", bytes_or_null(one.rom_bytes)},
            {"predicted_rom_bytes", bytes_or_null(one.predicted_rom_bytes)},
            {"ram_bytes", one.ram_bytes.value},
            {"predicted_ram_bytes", one.predicted_ram_bytes.value},
            {"stack_bytes", bytes_or_null(one.stack_bytes)},
            {"instructions", one.instructions ? Json(*one.instructions) : Json(nullptr)},
            {"predicted_instructions",
             one.predicted_instructions ? Json(*one.predicted_instructions) : Json(nullptr)},
            {"first_difference", one.first_difference}};
  if (one.features_instructions) json["features_instructions"] = *one.features_instructions;
  if (one.predicted_features_instructions)
    json["predicted_features_instructions"] = *one.predicted_features_instructions;
  if (one.instructions && board)
    json["estimated_milliseconds"] = target::estimated_milliseconds(counted_instructions(one), *board);
  return json;
}

void print(const Verification& one, std::int64_t cases, const std::optional<target::Board>& board) {
  fmt::print("{:<11} {} cases, {} mismatches{}; RAM {} B (predicted {})", one.target, cases, one.mismatches,
             one.missing > 0 ? fmt::format(" ({} without an output)", one.missing) : "", one.ram_bytes.value,
             one.predicted_ram_bytes.value);
  if (one.rom_bytes)
    fmt::print(", ROM {} B (predicted {})", one.rom_bytes->value,
               one.predicted_rom_bytes ? one.predicted_rom_bytes->value : 0);
  if (one.stack_bytes) fmt::print(", stack {} B", one.stack_bytes->value);
  if (one.instructions)
    fmt::print(", {} instructions (QEMU's count, no cycles{})", *one.instructions,
               one.predicted_instructions ? fmt::format("; predicted {}", *one.predicted_instructions) : "");
  if (one.features_instructions)
    fmt::print(", features {} more{}", *one.features_instructions,
               one.predicted_features_instructions
                   ? fmt::format(" (predicted {})", *one.predicted_features_instructions)
                   : "");
  if (one.instructions && board) fmt::print(", {}", milliseconds_text(counted_instructions(one), *board));
  fmt::print("\n");
  if (!one.first_difference.empty()) fmt::print("            {}\n", one.first_difference);
}

/// What was linked and painted against what there is; the host shows neither flash nor stack.
void expect_board_holds(const ChosenBoard& chosen, const Verification& one) {
  const Bytes stack = one.stack_bytes.value_or(Bytes(0));
  expect_room(
      chosen.ram, one.ram_bytes + stack,
      fmt::format(" ({} B of arena, {} B of stack on {})", one.ram_bytes.value, stack.value, one.target));
  if (one.rom_bytes) expect_room(chosen.flash, *one.rom_bytes, fmt::format(" on {}", one.target));
}

std::vector<std::string> targets_of(const VerifyArguments& arguments, const ChosenBoard& chosen) {
  if (!arguments.targets.empty()) return arguments.targets;
  return {chosen.board ? chosen.board->core : "all"};
}

int run_verify(const VerifyArguments& arguments) {
  const ChosenBoard chosen = choose_board(arguments.board);
  verify::VerifyOptions options;
  options.cases = arguments.cases.value_or(options.cases);
  if (!arguments.study.empty())
    options.inputs = test_windows(arguments.folder, arguments.study, arguments.cases);
  const std::int64_t cases =
      options.inputs.empty() ? options.cases : static_cast<std::int64_t>(options.inputs.size());
  RenewedLine line;
  options.progress = [&](const std::string& what, std::int64_t done, std::int64_t of) {
    line.show(fmt::format("{}: {} of {} cases", what, done, of));
  };
  const auto results = verify::verify_folder(arguments.folder, targets_of(arguments, chosen), options);
  line.clear();
  Json json = Json::array();
  std::int64_t mismatches = 0;
  for (const Verification& one : results) {
    mismatches += one.mismatches;
    if (arguments.json)
      json.push_back(to_json(one, cases, chosen.board));
    else
      print(one, cases, chosen.board);
  }
  if (arguments.json) fmt::print("{}\n", json.dump(2));
  for (const Verification& one : results) expect_board_holds(chosen, one);
  return mismatches == 0 ? 0 : 1;
}

}  // namespace

void add_verify(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand(
      "verify", "Build an emitted network and hold it against the reference interpreter, byte by byte");
  auto arguments = std::make_shared<VerifyArguments>();
  command->add_option("OUT", arguments->folder, "the emitted folder")->required();
  command
      ->add_option("--target", arguments->targets,
                   "host, a core (cortex-m0, m3, m4, m7, m33, m55) or all (default: the board's, else all)")
      ->delimiter(',');
  add_board_options(*command, arguments->board);
  command->add_option("--study", arguments->study, "take the test windows of this study's data as input");
  command
      ->add_option("--cases", arguments->cases,
                   "random inputs (default 32), or test windows of the study, spread evenly (default all)")
      ->check(CLI::Range(1, 100000));
  command->add_flag("--json", arguments->json, "for a program to read");
  command->footer("Example:\n  parsimony verify build/net --target all --study studies/motions");
  command->callback([&action, arguments] { action = [arguments] { return run_verify(*arguments); }; });
}

}  // namespace parsimony::cli
