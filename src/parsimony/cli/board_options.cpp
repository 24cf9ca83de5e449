#include "parsimony/cli/board_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "parsimony/base/errors.hpp"
#include "parsimony/search/board_file.hpp"

namespace parsimony::cli {
namespace {

std::optional<Limit> limit_of(const char* option, const std::string& given, const ChosenBoard& chosen,
                              const char* what, Bytes target::Board::*size) {
  if (!given.empty()) return Limit{option, parse_bytes(option, given)};
  if (!chosen.board) return std::nullopt;
  return Limit{fmt::format("--board {}: {}", chosen.board->name, what), (*chosen.board).*size};
}

}  // namespace

void add_board_options(CLI::App& command, BoardOptions& options) {
  command.add_option("--board", options.board,
                     "its core and its limits: a name that 'parsimony boards' lists, or a .yaml file");
  command.add_option("--ram", options.ram,
                     "RAM that the network may take: refused when the arena is larger (64 KB)");
  command.add_option("--flash", options.flash,
                     "flash that it may take: refused when code and constants are more");
}

ChosenBoard choose_board(const BoardOptions& options) {
  ChosenBoard chosen;
  if (!options.board.empty()) chosen.board = search::read_board("--board", options.board);
  const std::string core = chosen.board ? chosen.board->core : "cortex-m4";
  chosen.target = &target::find_target("--target", options.target.empty() ? core : options.target);
  chosen.ram = limit_of("--ram", options.ram, chosen, "RAM", &target::Board::ram);
  chosen.flash = limit_of("--flash", options.flash, chosen, "flash", &target::Board::flash);
  return chosen;
}

void expect_room(const std::optional<Limit>& limit, Bytes needed, const std::string& what) {
  if (!limit || needed <= limit->bytes) return;
  throw InputError(limit->source,
                   fmt::format("{} B are too few: the network needs {} B, {} more{}", limit->bytes.value,
                               needed.value, (needed - limit->bytes).value, what));
}

void expect_ram(const std::optional<Limit>& ram, const ir::Graph& graph, const plan::Plan& plan) {
  expect_room(ram, plan.arena,
              fmt::format(" (most at {}; no plan of this order takes less than {} B; stack comes on top)",
                          plan::peak_name(graph, plan), plan.lower_bound.value));
}

void expect_flash(const std::optional<Limit>& flash, const emit::RomPrediction& rom) {
  expect_room(flash, rom.total(),
              fmt::format(" ({} B of constants, {} B of code)", rom.data.value, rom.code.value));
}

std::string milliseconds_text(std::int64_t instructions, const target::Board& board) {
  return fmt::format("about {:.3g} ms on {} at {:g} MHz if every instruction takes one clock",
                     target::estimated_milliseconds(instructions, board), board.name, board.megahertz);
}

std::string speed_text(const emit::InferenceInstructions& predicted,
                       const std::optional<target::Board>& board) {
  if (predicted.total() == 0) return {};
  const auto millions = [](std::int64_t count) { return static_cast<double>(count) / 1e6; };
  return fmt::format(
      ", {:.4g} M instructions predicted{}{}", millions(predicted.total()),
      predicted.features > 0 ? fmt::format(" ({:.4g} M of them features)", millions(predicted.features)) : "",
      board ? ", " + milliseconds_text(predicted.total(), *board) : "");
}

}  // namespace parsimony::cli
