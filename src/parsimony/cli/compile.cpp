#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <tuple>

#include "parsimony/base/files.hpp"
#include "parsimony/base/quantities.hpp"
#include "parsimony/cli/commands.hpp"
#include "parsimony/cli/data_form.hpp"
#include "parsimony/cli/model_file.hpp"
#include "parsimony/cli/patches.hpp"
#include "parsimony/cli/write_network.hpp"
#include "parsimony/ir/draw.hpp"
#include "parsimony/ir/text.hpp"
#include "parsimony/lower/lower.hpp"

namespace parsimony::cli {
namespace {

using Json = nlohmann::json;

struct CompileArguments {
  std::string model;
  NetworkOptions network;
  std::string rounding, dump_passes;
  double extra_percent = 0;
  bool json = false;
};

std::string name_of(const std::filesystem::path& path) {
  return std::filesystem::absolute(path).lexically_normal().filename().string();
}

/// Writes the graph after each pass into the folder, as text and as a picture.
lower::Observer dumper(const std::filesystem::path& folder) {
  if (folder.empty()) return {};
  return [folder, number = 0](std::string_view pass, const ir::Graph& graph) mutable {
    const std::string stem = fmt::format("{}-{}", number++, pass);
    write_file(folder / (stem + ".graph"), ir::to_text(graph));
    write_file(folder / (stem + ".svg"), ir::drawn_as_svg(graph, fmt::format(": {}", pass)));
  };
}

int run_compile(const CompileArguments& arguments) {
  const ir::Graph whole =
      lower::lower(read_model(arguments.model, arguments.rounding), dumper(arguments.dump_passes));
  const auto& [graph, patches] = by_patches(whole, family_of(arguments.network), arguments.extra_percent);
  NetworkOptions options = arguments.network;
  options.data_form = data_form_of_folder(arguments.model);
  options.reorder = patches.segments.empty();  // patches come in an order of their own
  const WrittenNetwork network =
      write_network(graph, options, fmt::format("parsimony compile {}", name_of(arguments.model)));
  const auto& [rom, plan] = std::tie(network.rom, network.plan);
  if (arguments.json) {
    Json json = to_json(network);
    json.update(
        {{"model", arguments.model}, {"folder", options.out}, {"patches", patches_json(whole, patches)}});
    fmt::print("{}\n", json.dump(2));
    return 0;
  }
  fmt::print("{} -> {}: ROM {} ({} B), RAM {} ({} B; no plan of this order takes less than {} B){}\n",
             arguments.model, options.out, format_bytes(rom.total()), rom.total().value,
             format_bytes(plan.arena), plan.arena.value, plan.lower_bound.value, speed_text(network));
  if (network.saved > Bytes(0))
    fmt::print("operators reordered: {} B of RAM less than in the given order\n", network.saved.value);
  if (!patches.segments.empty()) fmt::print("{}\n", patches_text(whole, patches));
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
  command
      ->add_option(
          "--rounding", arguments->rounding,
          "of a .tflite file: double, TFLite's default, or single, as built with TFLITE_SINGLE_ROUNDING")
      ->check(CLI::IsMember({"double", "single"}));
  command->add_option("--dump-passes", arguments->dump_passes,
                      "a folder for the graph as imported and after each pass: NUMBER-PASS.graph and .svg");
  add_patches_option(*command, arguments->extra_percent);
  command->add_flag("--json", arguments->json, "for a program to read");
  command->footer("Example:\n  parsimony compile model.tflite -o build/net --name net");
  command->callback([&action, arguments] { action = [arguments] { return run_compile(*arguments); }; });
}

}  // namespace parsimony::cli
