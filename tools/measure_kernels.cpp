// Measures the device kernels with the boards' compiler and prints the tables of sizes that the program
// ships:
//   measure_kernels > src/parsimony/emit/kernel_tables.hpp
#include "parsimony/verify/measure_kernels.hpp"

#include <cstdio>
#include <exception>
#include <vector>

int main() try {
  using parsimony::emit::Family;
  using parsimony::verify::measure_kernels;
  std::vector<parsimony::verify::MeasuredKernels> tables;
  for (const std::string& name : parsimony::target::target_names())
    if (const auto& target = parsimony::target::find_target("measure_kernels", name);
        !target.machine.empty()) {
      tables.push_back(measure_kernels(target, Family::portable));
      if (target.dsp)
        for (const Family family : {Family::dsp_small, Family::dsp})
          tables.push_back(measure_kernels(target, family));
      if (target.mve) tables.push_back(measure_kernels(target, Family::mve));
      tables.push_back(measure_kernels(target, Family::single));
    }
  std::fputs(parsimony::verify::kernel_tables_source(tables).c_str(), stdout);
  return 0;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "%s\n", problem.what());
  return 3;
}
