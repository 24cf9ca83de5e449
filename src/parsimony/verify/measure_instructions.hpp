#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "parsimony/emit/instructions.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::verify {

/// One layer as QEMU counted it.
struct LayerCount {
  std::string name;  ///< kernel and shapes, for messages
  emit::Kernel kernel{};
  emit::Work work{};
  double instructions = 0.0;  ///< of its steps, the calls included
};

/// Emits networks of random layers that all read the input (one and two axes, all kinds of operators; two
/// of every four convolve few channels), builds them with their own Makefile and counts each layer alone in
/// QEMU.
/// @param networks  how many; each has seven or about thirty layers
/// @throws EnvironmentError when the compiler or QEMU is missing
std::vector<LayerCount> count_layers(const target::Target& board, emit::Family family, std::uint64_t seed,
                                     int networks);

/// For each kernel in `layers` what its parts take: the non-negative numbers with the least sum of squared
/// relative errors.
std::vector<emit::InstructionRow> fit_instructions(const target::Target& board, emit::Family family,
                                                   std::span<const LayerCount> layers);

/// src/parsimony/emit/instruction_rows.hpp.
std::string instruction_rows_source(std::span<const emit::InstructionRow> rows,
                                    std::span<const emit::FeaturesRow> features);

}  // namespace parsimony::verify
