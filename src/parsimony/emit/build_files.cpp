#include <fmt/format.h>
#include <fmt/ranges.h>

#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/emission.hpp"
#include "parsimony/emit/runtime_files.hpp"

namespace parsimony::emit {
namespace {

std::string comment_banner(const Emission& emission) {
  std::string text;
  for (const std::string& line : banner_lines(emission)) text += fmt::format("# {}\n", line);
  return text;
}

}  // namespace

std::string makefile(const Emission& emission) {
  const target::Target& target = emission.target;
  std::string text = comment_banner(emission);
  text += fmt::format("\nNAME := {}\n", emission.prefix);
  text += fmt::format("TARGET := {}\nOPTIMISE := {}\nBOARD_CC ?= {}\nBOARD_FLAGS := {}\n", target.name,
                      emission.optimise == Optimise::speed ? "speed" : "size", target.compiler,
                      fmt::join(target.flags, " "));
  text += fmt::format("BOARD_CFLAGS ?= {}\nMACHINE := {}\n", kBoardFlags, target.machine);
  return text + std::string(runtime_file("board/Makefile"));
}

std::string cmake_lists(const Emission& emission) {
  return comment_banner(emission) + fmt::format(R"(
# add_subdirectory() this folder and link against {0}.
cmake_minimum_required(VERSION 3.10)
project({0} C)

add_library({0} STATIC model.c model.h)
target_include_directories({0} PUBLIC ${{CMAKE_CURRENT_SOURCE_DIR}})
set_target_properties({0} PROPERTIES C_STANDARD 99 C_STANDARD_REQUIRED ON)
target_compile_options({0} PRIVATE $<$<C_COMPILER_ID:GNU,Clang>:-ffunction-sections -fdata-sections>)

if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR)
  enable_testing()
  add_executable({0}_golden test/golden.c test/host.c)
  target_include_directories({0}_golden PRIVATE test)
  target_link_libraries({0}_golden PRIVATE {0})
  add_test(NAME {0}_golden COMMAND {0}_golden)
endif()
)",
                                                emission.prefix);
}

std::string memory_regions(const Emission& emission) {
  const target::Target& target = emission.target;
  return fmt::format(
      "/* SPDX-License-Identifier: 0BSD */\n"
      "/* {} as QEMU's {} has it. */\n"
      "MEMORY\n{{\n"
      "  CODE (rx) : ORIGIN = 0x{:08x}, LENGTH = {}\n"
      "  RAM (rwx) : ORIGIN = 0x{:08x}, LENGTH = {}\n}}\n\n",
      target.name, target.machine, target.code_base, target.code_size.value, target.ram_base,
      target.ram_size.value);
}

}  // namespace parsimony::emit
