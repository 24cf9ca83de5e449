#include "parsimony/solver/belief_options.hpp"

#include <algorithm>
#include <thread>

namespace parsimony::solver {

void read_belief_options(const OptionReader& reader, BeliefOptions& options, const char* noise) {
  using KernelChoice = BeliefOptions::KernelChoice;
  constexpr const char* kKernels[] = {"auto", "matern52", "rbf"};
  const std::string kernel = reader.choice("kernel", {std::begin(kKernels), std::end(kKernels)},
                                           kKernels[static_cast<std::size_t>(options.kernel)]);
  options.kernel = kernel == "rbf"        ? KernelChoice::rbf
                   : kernel == "matern52" ? KernelChoice::matern52
                                          : KernelChoice::automatic;
  options.warp = reader.choice("warp", {"auto", "none"}, options.warp ? "auto" : "none") == "auto";
  options.pooled =
      reader.choice("lengthscales", {"pooled", "alone"}, options.pooled ? "pooled" : "alone") == "pooled";
  const bool botorch = options.noise == BeliefOptions::Noise::botorch;
  options.noise = reader.choice(noise, {"auto", "botorch"}, botorch ? "botorch" : "auto") == "botorch"
                      ? BeliefOptions::Noise::botorch
                      : BeliefOptions::Noise::automatic;
}

int thread_count(int wanted) {
  return wanted > 0 ? wanted : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

}  // namespace parsimony::solver
