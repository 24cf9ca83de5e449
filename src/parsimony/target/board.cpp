#include "parsimony/target/board.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "parsimony/base/errors.hpp"

namespace parsimony::target {
namespace {

struct Row {
  const char* name;
  const char* core;
  std::int64_t flash_kb, ram_kb;
  double megahertz;
};

/// From the vendors' data sheets and reference manuals. RAM that other memory lies between (CCM of an F4,
/// DTCM of an H7, SRAM2 of an L47x) is not counted; the flash of an RP2040 or RP2350 is the Pico board's.
constexpr Row kBoards[] = {
    {"stm32f401re", "cortex-m4", 512, 96, 84},
    {"stm32f405rg", "cortex-m4", 1024, 128, 168},
    {"stm32f407vg", "cortex-m4", 1024, 128, 168},
    {"stm32f411re", "cortex-m4", 512, 128, 100},
    {"stm32f413zh", "cortex-m4", 1536, 320, 100},
    {"stm32f429zi", "cortex-m4", 2048, 192, 180},
    {"stm32f446re", "cortex-m4", 512, 128, 180},
    {"stm32f469ni", "cortex-m4", 2048, 320, 180},
    {"stm32f722ze", "cortex-m7", 512, 256, 216},
    {"stm32f746zg", "cortex-m7", 1024, 320, 216},
    {"stm32f767zi", "cortex-m7", 2048, 512, 216},
    {"stm32l432kc", "cortex-m4", 256, 64, 80},
    {"stm32l476rg", "cortex-m4", 1024, 96, 80},
    {"stm32l496zg", "cortex-m4", 1024, 320, 80},
    {"stm32l4r5zi", "cortex-m4", 2048, 640, 120},
    {"stm32h743zi", "cortex-m7", 2048, 512, 480},
    {"stm32h750vb", "cortex-m7", 128, 512, 480},
    {"stm32h7a3zi", "cortex-m7", 2048, 1024, 280},
    {"nrf52832", "cortex-m4", 512, 64, 64},
    {"nrf52840", "cortex-m4", 1024, 256, 64},
    {"rp2040", "cortex-m0", 2048, 264, 133},
    {"rp2350", "cortex-m33", 4096, 520, 150},
    {"samd21g18", "cortex-m0", 256, 32, 48},
    {"samd51j19", "cortex-m4", 512, 192, 120},
    {"samd51j20", "cortex-m4", 1024, 256, 120},
    {"lpc55s69", "cortex-m33", 630, 272, 150},
    // What QEMU runs: one for each core.
    {"microbit", "cortex-m0", 256, 16, 16},
    {"mps2-an385", "cortex-m3", 4096, 4096, 25},
    {"mps2-an386", "cortex-m4", 4096, 4096, 25},
    {"mps2-an500", "cortex-m7", 4096, 4096, 25},
    {"mps2-an505", "cortex-m33", 4096, 2048, 20},
    {"mps3-an547", "cortex-m55", 512, 2048, 32},
};

std::vector<Board> make_boards() {
  std::vector<Board> boards;
  for (const Row& row : kBoards)
    boards.push_back(
        {row.name, row.core, Bytes(row.flash_kb * 1024), Bytes(row.ram_kb * 1024), row.megahertz, {}});
  return boards;
}

}  // namespace

const std::vector<Board>& built_in_boards() {
  static const std::vector<Board> boards = make_boards();
  return boards;
}

const Board& find_board(std::string_view where, std::string_view name) {
  const auto found = std::ranges::find(built_in_boards(), name, &Board::name);
  if (found != built_in_boards().end()) return *found;
  std::vector<std::string> names;
  for (const Board& board : built_in_boards()) names.push_back(board.name);
  const std::string near = nearest_name(name, names);
  throw InputError(where,
                   fmt::format("unknown board '{}'{}", name,
                               near.empty() ? "" : fmt::format(", did you mean '{}'?", near)),
                   fmt::format("a .yaml file, or one of {}", fmt::join(names, ", ")));
}

double estimated_milliseconds(std::int64_t instructions, const Board& board) {
  return static_cast<double>(instructions) / (kInstructionsPerClock * 1e3 * board.megahertz);
}

}  // namespace parsimony::target
