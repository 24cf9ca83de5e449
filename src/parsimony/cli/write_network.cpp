#include "parsimony/cli/write_network.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>

#include "parsimony/cli/data_form.hpp"
#include "parsimony/emit/instructions.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/ir/text.hpp"

namespace parsimony::cli {
emit::Family family_of(const NetworkOptions& options) {
  const auto optimise = options.optimise == "speed" ? emit::Optimise::speed : emit::Optimise::size;
  return emit::family_of(*choose_board(options.board).target, optimise);
}

void add_network_options(CLI::App& command, NetworkOptions& options) {
  command.add_option("-o,--output", options.out, "the folder to write")->required();
  command.add_option("--name", options.name, "prefix of the C symbols (default: the folder's name)");
  command.add_option("--target", options.board.target, "the core (default: the board's, else cortex-m4)");
  command
      .add_option("--optimise", options.optimise,
                  "size: least flash, what a search costs; speed: fewest instructions")
      ->check(CLI::IsMember({"size", "speed"}))
      ->capture_default_str();
  add_board_options(command, options.board);
  command.add_flag("--single-file", options.single_file, "also NAME.h, which holds header and source");
}

WrittenNetwork write_network(const ir::Graph& given, const NetworkOptions& options,
                             const std::string& command_line) {
  const auto folder_name = std::filesystem::absolute(options.out).lexically_normal().filename().string();
  const auto optimise = options.optimise == "speed" ? emit::Optimise::speed : emit::Optimise::size;
  WrittenNetwork written;
  written.chosen = choose_board(options.board);
  const target::Target& target = *written.chosen.target;
  const emit::Family family = emit::family_of(target, optimise);
  const ir::Graph graph = options.reorder ? emit::in_best_order(given, family) : given;
  const emit::KernelChoice choice(graph, family);
  written.prefix = options.name.empty() ? emit::prefix_from(folder_name) : options.name;
  written.plan = emit::plan_memory(graph, choice);
  emit::verify_memory(graph, written.plan, choice);
  written.hash = ir::model_hash(graph);
  if (graph != given) written.saved = emit::plan_memory(given, family).arena - written.plan.arena;
  expect_ram(written.chosen.ram, graph, written.plan);
  if (!target.machine.empty()) {
    written.rom = emit::predict_rom(graph, choice, emit::kernel_table(target.name, choice.family()));
    written.instructions = emit::InstructionCosts(target.name, choice.family()).of(graph, choice);
  }
  expect_flash(written.chosen.flash, written.rom);
  emit::Folder folder = emit::emit(
      graph, written.plan,
      {.name = written.prefix,
       .target = target.name,
       .command_line = command_line,
       .optimise = optimise,
       .single_file = options.single_file,
       .board_flags = written.chosen.board ? written.chosen.board->flags : std::vector<std::string>{}});
  if (!options.data_form.empty()) folder[kDataFile] = options.data_form;
  emit::write_folder(folder, options.out);
  return written;
}

nlohmann::json to_json(const WrittenNetwork& network) {
  nlohmann::json json{{"name", network.prefix},
                      {"rom_bytes", network.rom.total().value},
                      {"ram_bytes", network.plan.arena.value},
                      {"lower_bound_bytes", network.plan.lower_bound.value},
                      {"ram_bytes_saved_by_order", network.saved.value},
                      {"predicted_instructions", network.instructions.total()},
                      {"model_hash", network.hash}};
  if (network.plan.filling.bytes > 0) json["predicted_features_instructions"] = network.instructions.features;
  return json;
}

std::string speed_text(const WrittenNetwork& network) {
  return speed_text(network.instructions, network.chosen.board);
}

}  // namespace parsimony::cli
