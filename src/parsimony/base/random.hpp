#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace parsimony {

/// A stream of random numbers that depends on its key alone (Philox 4×64-10, Salmon et al. 2011):
/// the same (seed, trial, purpose, index) gives the same numbers in any process, for any number of threads.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::uint64_t trial, std::string_view purpose, std::uint64_t index = 0);

  std::uint64_t bits();                            ///< 64 random bits
  double uniform();                                ///< in [0, 1), 53 bits
  double uniform(double low, double high);         ///< in [low, high)
  double normal();                                 ///< standard normal, by Box and Muller
  std::uint64_t below(std::uint64_t count);        ///< in 0 … count−1, without bias; count ≥ 1

  std::vector<std::int64_t> permutation(std::int64_t count);  ///< of 0 … count−1 (Fisher and Yates)

 private:
  std::array<std::uint64_t, 4> counter_;
  std::array<std::uint64_t, 2> key_;
  std::array<std::uint64_t, 4> block_{};
  int used_ = 4;
  double spare_normal_ = 0.0;
  bool has_spare_ = false;
};

}  // namespace parsimony
