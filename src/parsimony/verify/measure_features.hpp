#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "parsimony/emit/instructions.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::verify {

/// One front end as QEMU counted it.
struct FeaturesCount {
  std::string name;  ///< its settings, for messages
  emit::Work work{};
  std::vector<double> instructions;  ///< of one `_features` on each of made_up_sounds
};

/// A network of one operator behind a front end of two to five frames.
/// @param seed  of its settings: 0 has the default ones, and an odd number one scale for all bands
ir::Graph random_front_end(std::uint64_t seed);

/// Emits networks behind random front ends, builds them with their own Makefile and counts `_features` in
/// QEMU.
/// @param front_ends  how many, the first that of `seed`
/// @throws EnvironmentError when the compiler or QEMU is missing
std::vector<FeaturesCount> count_features(const target::Target& board, std::uint64_t seed, int front_ends);

/// What the parts of `_features` take, by the counts on the first sound.
emit::FeaturesRow fit_features(const target::Target& board, std::span<const FeaturesCount> counts);

}  // namespace parsimony::verify
