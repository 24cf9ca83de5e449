// Counts random layers on every core in QEMU and prints what the parts of each kernel take:
//   measure_instructions > src/parsimony/emit/instruction_rows.hpp
//   measure_instructions cortex-m4 dsp        that table alone, each layer's error on standard error
//   measure_instructions cortex-m4 features   that row alone, likewise: each front end's errors on six
//   sounds;
//                                             front ends that were not fitted follow
#include "parsimony/verify/measure_instructions.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <numeric>
#include <string>
#include <vector>

#include "parsimony/verify/measure_features.hpp"

namespace {

using namespace parsimony;
using emit::Family;

constexpr std::uint64_t kSeed = 1;
constexpr int kNetworks = 16, kFrontEnds = 24, kOthers = 8;

double predicted(const emit::Work& work, const std::array<std::int32_t, emit::kWorkItems>& each) {
  return std::inner_product(work.begin(), work.end(), each.begin(), 0.0) / 1024.0;
}

void print_errors(const std::vector<verify::LayerCount>& layers,
                  const std::vector<emit::InstructionRow>& rows) {
  for (const verify::LayerCount& layer : layers)
    for (const emit::InstructionRow& row : rows) {
      if (row.kernel != layer.kernel) continue;
      std::fprintf(stderr, "%+7.2f %% %12.0f %s\n",
                   100.0 * (predicted(layer.work, row.each) / layer.instructions - 1.0), layer.instructions,
                   layer.name.c_str());
    }
}

void print_errors(const std::vector<verify::FeaturesCount>& counts, const emit::FeaturesRow& row) {
  for (const verify::FeaturesCount& count : counts) {
    for (const double instructions : count.instructions)
      std::fprintf(stderr, "%+6.2f ", 100.0 * (predicted(count.work, row.each) / instructions - 1.0));
    std::fprintf(stderr, "%% %10.0f %s\n", count.instructions[0], count.name.c_str());
  }
}

}  // namespace

int main(int count, char** arguments) try {
  const std::vector<std::string> asked(arguments + 1, arguments + count);
  std::vector<emit::InstructionRow> rows;
  std::vector<emit::FeaturesRow> features;
  for (const std::string& name : target::target_names()) {
    const target::Target& board = target::find_target("measure_instructions", name);
    if (board.machine.empty()) continue;
    for (const Family family : {Family::portable, Family::dsp_small, Family::dsp, Family::mve}) {
      if ((family != Family::portable && !board.dsp) || (family == Family::mve && !board.mve)) continue;
      const std::vector<std::string> here{name, std::string(emit::family_name(family))};
      if (!asked.empty() && asked != here) continue;
      const auto layers = verify::count_layers(board, family, kSeed, kNetworks);
      const auto fitted = verify::fit_instructions(board, family, layers);
      if (!asked.empty()) print_errors(layers, fitted);
      rows.insert(rows.end(), fitted.begin(), fitted.end());
    }
    if (!asked.empty() && asked != std::vector<std::string>{name, "features"}) continue;
    const auto counts = verify::count_features(board, 0, kFrontEnds);
    features.push_back(verify::fit_features(board, counts));
    if (asked.empty()) continue;
    print_errors(counts, features.back());
    print_errors(verify::count_features(board, kFrontEnds, kOthers), features.back());
  }
  std::fputs(verify::instruction_rows_source(rows, features).c_str(), stdout);
  return 0;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "%s\n", problem.what());
  return 3;
}
