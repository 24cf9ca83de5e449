#pragma once

#include <optional>
#include <string>

#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/instructions.hpp"
#include "parsimony/ir/graph.hpp"
#include "parsimony/plan/plan.hpp"
#include "parsimony/target/board.hpp"
#include "parsimony/target/target.hpp"

namespace CLI {
class App;
}

namespace parsimony::cli {

/// What a network is for, as the command line says it.
struct BoardOptions {
  std::string board;       ///< a built-in one's name or a file; empty: none
  std::string target;      ///< empty: the board's core, else cortex-m4
  std::string ram, flash;  ///< what there is to spare: "64 KB"; empty: the board's, else not asked
};
/// --board, --ram and --flash; `--target` differs between commands.
void add_board_options(CLI::App& command, BoardOptions& options);

/// At most so many bytes, and who says so.
struct Limit {
  std::string source;  ///< "--ram", or "--board nrf52840: RAM"
  Bytes bytes;
};

/// The options read: explicit ones win over the board's.
struct ChosenBoard {
  const target::Target* target = nullptr;
  std::optional<target::Board> board;
  std::optional<Limit> ram, flash;
};
/// @throws InputError for an unknown board or target, a faulty file or size
ChosenBoard choose_board(const BoardOptions& options);

/// @throws InputError when the arena exceeds the RAM: the missing bytes and the operator at which most is
/// needed
void expect_ram(const std::optional<Limit>& ram, const ir::Graph& graph, const plan::Plan& plan);
/// @throws InputError when code and constants exceed the flash: the missing bytes
void expect_flash(const std::optional<Limit>& flash, const emit::RomPrediction& rom);
/// The same for linked figures. @param what  what needs them, and of what they are the sum
void expect_room(const std::optional<Limit>& limit, Bytes needed, const std::string& what);

/// ", 5.26 M instructions predicted (3.99 M of them features)", and at a board's clock; empty for none.
std::string speed_text(const emit::InferenceInstructions& predicted,
                       const std::optional<target::Board>& board);

/// "about 69 ms at 64 MHz (…)": never a measurement.
std::string milliseconds_text(std::int64_t instructions, const target::Board& board);

}  // namespace parsimony::cli
