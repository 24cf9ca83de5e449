// Counts random layers on every core in QEMU and prints what the parts of each kernel take:
//   measure_instructions > src/parsimony/emit/instruction_rows.hpp
//   measure_instructions cortex-m4 dsp    that table alone, each layer's error on standard error
#include "parsimony/verify/measure_instructions.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "parsimony/verify/measure_kernels.hpp"

namespace {

using namespace parsimony;
using emit::Family;

constexpr std::uint64_t kSeed = 1;
constexpr int kNetworks = 8;

void print_errors(const std::vector<verify::LayerCount>& layers,
                  const std::vector<emit::InstructionRow>& rows) {
  for (const verify::LayerCount& layer : layers)
    for (const emit::InstructionRow& row : rows) {
      if (row.kernel != layer.kernel) continue;
      double predicted = 0.0;
      for (std::size_t item = 0; item < emit::kWorkItems; ++item)
        predicted += layer.work[item] * row.each[item] / 1024.0;
      std::fprintf(stderr, "%+7.2f %% %12.0f %s\n", 100.0 * (predicted / layer.instructions - 1.0),
                   layer.instructions, layer.name.c_str());
    }
}

}  // namespace

int main(int count, char** arguments) try {
  const std::vector<std::string> asked(arguments + 1, arguments + count);
  std::vector<emit::InstructionRow> rows;
  for (const std::string& name : target::target_names())
    for (const Family family : {Family::portable, Family::dsp_small, Family::dsp, Family::mve}) {
      const target::Target& board = target::find_target("measure_instructions", name);
      if (board.machine.empty() || (family != Family::portable && !board.dsp) ||
          (family == Family::mve && !board.mve))
        continue;
      const std::vector<std::string> here{name, std::string(emit::family_name(family))};
      if (!asked.empty() && asked != here) continue;
      const auto layers = verify::count_layers(board, family, kSeed, kNetworks);
      const auto fitted = verify::fit_instructions(board, family, layers);
      if (!asked.empty()) print_errors(layers, fitted);
      rows.insert(rows.end(), fitted.begin(), fitted.end());
    }
  std::fputs(verify::instruction_rows_source(rows).c_str(), stdout);
  return 0;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "%s\n", problem.what());
  return 3;
}
