// Measures the device kernels with the boards' compiler and prints the tables of sizes that the program
// ships:
//   measure_kernels > src/parsimony/emit/kernel_tables.hpp
#include "parsimony/verify/measure_kernels.hpp"

#include <cstdio>
#include <exception>
#include <utility>
#include <vector>

int main() try {
  std::vector<parsimony::verify::MeasuredKernels> tables;
  for (const std::string& name : parsimony::target::target_names())
    if (const auto& target = parsimony::target::find_target("measure_kernels", name); !target.machine.empty())
      for (auto& table : parsimony::verify::measure_kernels(target)) tables.push_back(std::move(table));
  std::fputs(parsimony::verify::kernel_tables_source(tables).c_str(), stdout);
  return 0;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "%s\n", problem.what());
  return 3;
}
