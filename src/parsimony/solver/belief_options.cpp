#include "parsimony/solver/belief_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "parsimony/base/errors.hpp"

namespace parsimony::solver {

void read_belief_options(const OptionReader& reader, BeliefOptions& options) {
  const std::string kernel = reader.choice("kernel", {"auto", "matern52", "rbf"}, "auto");
  if (kernel == "matern52") options.kernel = BeliefOptions::KernelChoice::matern52;
  if (kernel == "rbf") options.kernel = BeliefOptions::KernelChoice::rbf;
  options.warp = reader.choice("warp", {"auto", "none"}, "auto") == "auto";
  if (reader.choice("noise", {"auto", "botorch"}, "auto") == "botorch")
    options.noise = BeliefOptions::Noise::botorch;
}

void expect_within(const char* field, int value, int low, int high) {
  if (value < low || value > high)
    throw InputError(fmt::format("solver.{}", field), fmt::format("is {}", value),
                     fmt::format("{} to {}", low, high));
}

int thread_count(int wanted) {
  return wanted > 0 ? wanted : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

}  // namespace parsimony::solver
