#include "parsimony/plan/plan.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "parsimony/base/files.hpp"
#include "parsimony/cli/board_options.hpp"
#include "parsimony/cli/commands.hpp"
#include "parsimony/cli/model_file.hpp"
#include "parsimony/cli/patches.hpp"
#include "parsimony/emit/instructions.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/lower/lower.hpp"
#include "parsimony/plan/draw.hpp"
#include "parsimony/verify/verify_folder.hpp"

namespace parsimony::cli {
namespace {

using Json = nlohmann::json;

struct PlanArguments {
  std::string model;
  std::string svg, optimise;
  BoardOptions board;
  double extra_percent = 0;
  bool json = false;
};

/// Core and kernels that the plan is for: an emitted folder's own, else those asked for.
std::pair<const target::Target&, emit::Family> kernels_for(const PlanArguments& arguments,
                                                           const target::Target& target) {
  if (std::filesystem::is_directory(arguments.model) && arguments.optimise.empty()) {
    const verify::MadeFor own = verify::made_for(arguments.model);
    return {*own.target, own.family()};
  }
  const auto optimise = arguments.optimise == "speed" ? emit::Optimise::speed : emit::Optimise::size;
  return {target, emit::family_of(target, optimise)};
}

Json to_json(const std::string& name, const plan::Placement& place) {
  return {{"name", name},
          {"offset", place.offset},
          {"bytes", place.bytes},
          {"first", place.first},
          {"last", place.last}};
}

/// DESIGN's fields, and after them ours.
Json to_json(const ir::Graph& graph, const plan::Plan& plan, bool verified) {
  Json tensors = Json::array(), scratch = Json::array(), reversed = Json::array();
  for (std::size_t k = 0; k < plan.tensors.size(); ++k)
    tensors.push_back(to_json(graph.tensors[k].name, plan.tensors[k]));
  if (plan.filling.bytes > 0) scratch.push_back(to_json("features", plan.filling));
  for (std::size_t k = 0; k < plan.scratch.size(); ++k) {
    if (plan.scratch[k].bytes > 0) scratch.push_back(to_json(graph.operators[k].name, plan.scratch[k]));
    if (plan.directions[k] == plan::Direction::reverse) reversed.push_back(graph.operators[k].name);
  }
  return {{"arena_bytes", plan.arena.value},
          {"lower_bound_bytes", plan.lower_bound.value},
          {"planner", plan.planner},
          {"overlap", plan.overlap},
          {"verified", verified},
          {"tensors", tensors},
          {"scratch", scratch},
          {"reversed", reversed},
          {"plain_bound_bytes", plan.plain_bound.value},
          {"search_nodes", plan.search_nodes},
          {"peak_operator", plan::peak_name(graph, plan)}};
}

int run_plan(const PlanArguments& arguments) {
  const ChosenBoard chosen = choose_board(arguments.board);
  const auto& [target, family] = kernels_for(arguments, *chosen.target);
  const ir::Graph given = lower::lower(read_model(arguments.model));
  const auto& [patched, patches] = by_patches(given, family, arguments.extra_percent);
  const bool reorders = !std::filesystem::is_directory(arguments.model) && patches.segments.empty();
  const ir::Graph graph = reorders ? emit::in_best_order(given, family) : patched;
  const bool reordered = reorders && graph != given;
  const emit::KernelChoice choice(graph, family);
  const plan::Plan plan = emit::plan_memory(graph, choice);
  emit::verify_memory(graph, plan, choice);
  const std::string note = patches_text(given, patches);
  if (!arguments.svg.empty()) write_file(arguments.svg, plan::drawn_as_svg(graph, plan, note));
  const bool is_board = !target.machine.empty();
  const emit::InferenceInstructions instructions =
      is_board ? emit::InstructionCosts(target.name, choice.family()).of(graph, choice)
               : emit::InferenceInstructions{};
  if (arguments.json) {
    Json json = to_json(graph, plan, true);
    json["reordered"] = reordered;
    json["patches"] = patches_json(given, patches);
    if (is_board) json["predicted_instructions"] = instructions.total();
    if (is_board && graph.log_mel) json["predicted_features_instructions"] = instructions.features;
    fmt::print("{}\n", json.dump(2));
  } else {
    if (reordered) fmt::print("operators reordered for a smaller arena\n");
    fmt::print("{}verified: every byte that an operator reads is the one that its producer wrote{}\n",
               plan::drawn_as_text(graph, plan, plan::kColumns, note),
               speed_text(instructions, chosen.board));
  }
  expect_ram(chosen.ram, graph, plan);
  if (chosen.flash && is_board)
    expect_flash(chosen.flash,
                 emit::predict_rom(graph, choice, emit::kernel_table(target.name, choice.family())));
  return 0;
}

}  // namespace

void add_plan(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("plan", "The memory plan of a network, drawn, with its lower bound");
  auto arguments = std::make_shared<PlanArguments>();
  command->add_option("MODEL", arguments->model, "an emitted folder, a model.graph or a .tflite file")
      ->required();
  command->add_option("--target", arguments->board.target,
                      "the core, when MODEL is no folder (default: the board's, else cortex-m4)");
  add_board_options(*command, arguments->board);
  command
      ->add_option("--optimise", arguments->optimise, "size or speed (default: the folder's own, else size)")
      ->check(CLI::IsMember({"size", "speed"}));
  add_patches_option(*command, arguments->extra_percent);
  command->add_option("--svg", arguments->svg, "write a picture of the plan to this file");
  command->add_flag("--json", arguments->json, "for a program to read");
  command->footer("Example:\n  parsimony plan build/net --svg plan.svg");
  command->callback([&action, arguments] { action = [arguments] { return run_plan(*arguments); }; });
}

}  // namespace parsimony::cli
