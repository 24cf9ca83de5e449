#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsimony/base/quantities.hpp"

namespace parsimony::target {

/// A part or board that networks are deployed on. What a program for it is compiled with, and the QEMU
/// machine that stands for it, are its core's (find_target) unless it names flags of its own.
struct Board {
  std::string name;                ///< "stm32f446re"
  std::string core;                ///< for find_target: "cortex-m4"
  Bytes flash;                     ///< that a program may use
  Bytes ram;                       ///< the largest piece without a gap: an arena is one piece
  double megahertz = 0.0;          ///< the fastest clock of its data sheet
  std::vector<std::string> flags;  ///< of the compiler; empty: its core's
};

/// The built-in board of that name. @throws InputError naming `where`, the name, the nearest one and all
const Board& find_board(std::string_view where, std::string_view name);

/// The built-in boards, by family.
const std::vector<Board>& built_in_boards();

/// A run's time at the board's clock [ms] if every instruction took one cycle: an estimate. Wait states of
/// the flash, loads and taken branches add to it; an M7, M33 or M55 ends two instructions in some cycles.
double estimated_milliseconds(std::int64_t instructions, const Board& board);
constexpr double kInstructionsPerClock = 1.0;

}  // namespace parsimony::target
