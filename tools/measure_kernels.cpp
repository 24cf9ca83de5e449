// Measures the device kernels with the board's compiler and prints the table of sizes that the program ships:
//   measure_kernels [cortex-m4] > src/parsimony/emit/kernel_table_cortex_m4.hpp
#include "parsimony/verify/measure_kernels.hpp"

#include <cstdio>
#include <exception>

int main(int count, char** arguments) try {
  const auto& board =
      parsimony::target::find_target("measure_kernels", count > 1 ? arguments[1] : "cortex-m4");
  std::fputs(parsimony::verify::kernel_table_source(parsimony::verify::measure_kernels(board)).c_str(),
             stdout);
  return 0;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "%s\n", problem.what());
  return 3;
}
