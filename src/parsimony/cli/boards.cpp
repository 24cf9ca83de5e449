#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "parsimony/cli/commands.hpp"
#include "parsimony/target/board.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::cli {
namespace {

using Json = nlohmann::json;

Json to_json(const target::Board& board) {
  const target::Target& core = target::find_target("core", board.core);
  return {{"name", board.name},           {"core", board.core},           {"flash_bytes", board.flash.value},
          {"ram_bytes", board.ram.value}, {"megahertz", board.megahertz}, {"flags", core.flags},
          {"qemu_machine", core.machine}};
}

int run_boards(bool json) {
  if (json) {
    Json all = Json::array();
    for (const target::Board& board : target::built_in_boards()) all.push_back(to_json(board));
    fmt::print("{}\n", all.dump(2));
    return 0;
  }
  fmt::print("{:<12} {:<10} {:>8} {:>8} {:>8}  QEMU machine of the core\n", "board", "core", "flash", "RAM",
             "clock");
  for (const target::Board& board : target::built_in_boards())
    fmt::print("{:<12} {:<10} {:>5} KB {:>5} KB {:>4g} MHz  {}\n", board.name, board.core,
               board.flash.value / 1024, board.ram.value / 1024, board.megahertz,
               target::find_target("core", board.core).machine);
  fmt::print("RAM is the largest piece without a gap. Others by file: see docs/deploy.md.\n");
  return 0;
}

}  // namespace

void add_boards(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("boards", "The boards that --board knows: core, flash, RAM, clock");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "for a program to read");
  command->footer("Example:\n  parsimony boards --json");
  command->callback([&action, json] { action = [json] { return run_boards(*json); }; });
}

}  // namespace parsimony::cli
