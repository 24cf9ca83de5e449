#include "parsimony/cli/write_network.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/quantities.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::cli {
namespace {

void expect_room(const char* option, const std::string& limit, Bytes needed, const std::string& where) {
  if (limit.empty()) return;
  const Bytes room = parse_bytes(option, limit);
  if (needed > room)
    throw InputError(option, fmt::format("{} B are too few: the network needs {} B, {} more{}", room.value,
                                         needed.value, (needed - room).value, where));
}

/// Before anything is written.
void expect_board_holds(const ir::Graph& graph, const NetworkOptions& options,
                        const WrittenNetwork& network) {
  const ir::Operator& peak = graph.operators[static_cast<std::size_t>(network.plan.peak_step)];
  expect_room("--ram", options.ram, network.plan.arena,
              fmt::format(" (most at {}; no plan of this order takes less than {} B; stack comes on top)",
                          peak.name, network.plan.lower_bound.value));
  expect_room(
      "--flash", options.flash, network.rom.total(),
      fmt::format(" ({} B of constants, {} B of code)", network.rom.data.value, network.rom.code.value));
}

}  // namespace

void add_network_options(CLI::App& command, NetworkOptions& options) {
  command.add_option("-o,--output", options.out, "the folder to write")->required();
  command.add_option("--name", options.name, "prefix of the C symbols (default: the folder's name)");
  command.add_option("--target", options.target, "the board's core")->capture_default_str();
  command
      .add_option("--optimise", options.optimise,
                  "size: least flash, what a search costs; speed: fewest instructions")
      ->check(CLI::IsMember({"size", "speed"}))
      ->capture_default_str();
  command.add_option("--ram", options.ram,
                     "RAM that the network may take: refused when the arena is larger (64 KB)");
  command.add_option("--flash", options.flash,
                     "flash that it may take: refused when code and constants are more");
  command.add_flag("--single-file", options.single_file, "also NAME.h, which holds header and source");
}

WrittenNetwork write_network(const ir::Graph& graph, const NetworkOptions& options,
                             const std::string& command_line) {
  const auto folder_name = std::filesystem::absolute(options.out).lexically_normal().filename().string();
  const auto optimise = options.optimise == "speed" ? emit::Optimise::speed : emit::Optimise::size;
  const emit::Family family = emit::family_of(target::find_target("--target", options.target), optimise);
  const emit::KernelChoice choice(graph, family);
  WrittenNetwork written;
  written.prefix = options.name.empty() ? emit::prefix_from(folder_name) : options.name;
  written.plan = emit::plan_memory(graph, choice);
  emit::verify_memory(graph, written.plan, choice);
  if (options.target != "host")
    written.rom = emit::predict_rom(graph, choice, emit::kernel_table(options.target, choice.family()));
  expect_board_holds(graph, options, written);
  const emit::Folder folder = emit::emit(graph, written.plan,
                                         {.name = written.prefix,
                                          .target = options.target,
                                          .command_line = command_line,
                                          .optimise = optimise,
                                          .single_file = options.single_file});
  emit::write_folder(folder, options.out);
  return written;
}

}  // namespace parsimony::cli
