#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "parsimony/base/quantities.hpp"
#include "parsimony/cli/commands.hpp"
#include "parsimony/cli/model_file.hpp"
#include "parsimony/cli/write_network.hpp"
#include "parsimony/ir/text.hpp"
#include "parsimony/lower/lower.hpp"

namespace parsimony::cli {
namespace {

struct CompileArguments {
  std::string model;
  NetworkOptions network;
  bool json = false;
};

std::string name_of(const std::filesystem::path& path) {
  return std::filesystem::absolute(path).lexically_normal().filename().string();
}

int run_compile(const CompileArguments& arguments) {
  const ir::Graph graph = lower::lower(read_model(arguments.model));
  const auto& [prefix, plan, rom] =
      write_network(graph, arguments.network, fmt::format("parsimony compile {}", name_of(arguments.model)));
  if (arguments.json)
    fmt::print("{}\n", nlohmann::json{{"model", arguments.model},
                                      {"folder", arguments.network.out},
                                      {"name", prefix},
                                      {"rom_bytes", rom.total().value},
                                      {"ram_bytes", plan.arena.value},
                                      {"lower_bound_bytes", plan.lower_bound.value},
                                      {"model_hash", ir::model_hash(graph)}}
                           .dump(2));
  else
    fmt::print("{} -> {}: ROM {} ({} B), RAM {} ({} B; no plan of this order takes less than {} B)\n",
               arguments.model, arguments.network.out, format_bytes(rom.total()), rom.total().value,
               format_bytes(plan.arena), plan.arena.value, plan.lower_bound.value);
  return 0;
}

}  // namespace

void add_compile(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand(
      "compile", "Any int8 network (.tflite or model.graph) to a folder of C that builds as it is");
  auto arguments = std::make_shared<CompileArguments>();
  arguments->network.optimise = "speed";
  command->add_option("MODEL", arguments->model, "a .tflite file, a model.graph or a folder that holds one")
      ->required();
  add_network_options(*command, arguments->network);
  command->add_flag("--json", arguments->json, "for a program to read");
  command->footer("Example:\n  parsimony compile model.tflite -o build/net --name net");
  command->callback([&action, arguments] { action = [arguments] { return run_compile(*arguments); }; });
}

}  // namespace parsimony::cli
