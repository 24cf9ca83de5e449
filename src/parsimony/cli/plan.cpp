#include "parsimony/plan/plan.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "parsimony/base/files.hpp"
#include "parsimony/cli/commands.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/ir/text.hpp"
#include "parsimony/lower/lower.hpp"

namespace parsimony::cli {
namespace {

using Json = nlohmann::json;

struct PlanArguments {
  std::string model;
  bool json = false;
};

ir::Graph read_model(const std::string& model) {
  const std::filesystem::path path = std::filesystem::is_directory(model)
                                         ? std::filesystem::path(model) / "model.graph"
                                         : std::filesystem::path(model);
  return ir::from_text(read_file(path), path.string());
}

Json to_json(const ir::Graph& graph, const plan::Plan& plan, bool verified) {
  Json tensors = Json::array();
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    const plan::Placement& place = plan.tensors[i];
    tensors.push_back({{"name", graph.tensors[i].name},
                       {"offset", place.offset},
                       {"bytes", place.bytes},
                       {"first", place.first},
                       {"last", place.last}});
  }
  return {{"arena_bytes", plan.arena.value},
          {"lower_bound_bytes", plan.lower_bound.value},
          {"planner", plan.planner},
          {"overlap", false},
          {"verified", verified},
          {"peak_operator", graph.operators[static_cast<std::size_t>(plan.peak_step)].name},
          {"tensors", tensors}};
}

/// One line an operator: which parts of the arena hold live bytes ('#': its output, '=': its inputs, '-':
/// kept for later, '.': free), `kColumns` marks for the whole arena.
constexpr std::int64_t kColumns = 60;

std::string arena_line(const ir::Graph& graph, const plan::Plan& plan, std::int32_t step) {
  const ir::Operator& op = graph.operators[static_cast<std::size_t>(step)];
  std::string line(kColumns, '.');
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    const plan::Placement& place = plan.tensors[i];
    if (step < place.first || step > place.last) continue;
    const bool output = static_cast<std::size_t>(op.output) == i;
    bool input = false;
    for (const ir::TensorId id : op.inputs) input = input || static_cast<std::size_t>(id) == i;
    const std::int64_t begin = place.offset * kColumns / plan.arena.value;
    const std::int64_t end = std::max(begin + 1, (place.offset + place.bytes) * kColumns / plan.arena.value);
    for (std::int64_t column = begin; column < std::min(end, kColumns); ++column)
      line[static_cast<std::size_t>(column)] = output ? '#' : input ? '=' : '-';
  }
  return line;
}

void draw(const ir::Graph& graph, const plan::Plan& plan) {
  fmt::print("{}: arena {} B, lower bound {} B ({}), planner {}, verified\n", graph.name, plan.arena.value,
             plan.lower_bound.value,
             plan.gap() == Bytes(0) ? "the plan is optimal" : fmt::format("gap {} B", plan.gap().value),
             plan.planner);
  fmt::print(
      "each line an operator, left to right the arena's bytes; '#' output, '=' input, '-' kept, '.' "
      "free\n\n");
  for (std::int32_t step = 0; step < static_cast<std::int32_t>(graph.operators.size()); ++step)
    fmt::print("{:>18} |{}|{}\n", graph.operators[static_cast<std::size_t>(step)].name,
               arena_line(graph, plan, step), step == plan.peak_step ? " peak" : "");
}

int run_plan(const PlanArguments& arguments) {
  const ir::Graph graph = lower::lower(read_model(arguments.model));
  const plan::Plan plan = emit::plan_memory(graph);
  emit::verify_memory(graph, plan);
  if (arguments.json)
    fmt::print("{}\n", to_json(graph, plan, true).dump(2));
  else
    draw(graph, plan);
  return 0;
}

}  // namespace

void add_plan(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("plan", "The memory plan of an emitted network, drawn, with its lower bound");
  auto arguments = std::make_shared<PlanArguments>();
  command->add_option("MODEL", arguments->model, "an emitted folder or a model.graph")->required();
  command->add_flag("--json", arguments->json, "for a program to read");
  command->footer("Example:\n  parsimony plan build/net");
  command->callback([&action, arguments] { action = [arguments] { return run_plan(*arguments); }; });
}

}  // namespace parsimony::cli
