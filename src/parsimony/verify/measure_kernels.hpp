#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/emit/cost.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::verify {

/// A table of kernel sizes as the compiler at hand gives it.
struct MeasuredKernels {
  emit::Family family = emit::Family::portable;
  std::string target, compiler, flags;
  std::array<std::int32_t, emit::kKernels> kernel_bytes{};
  std::int32_t fixed_bytes = 0, division_bytes = 0, log_mel_bytes = 0;

  /// Whether `table` says the same.
  bool equals(const emit::KernelTable& table) const;
};

/// A table for each family that the board has, in their order. Emits networks that hold every kernel, with
/// few and with many steps, builds them with the flags of their own Makefile and reads the sizes of the
/// object's sections, each rounded up to 4 B.
/// @throws EnvironmentError when the compiler is missing
std::vector<MeasuredKernels> measure_kernels(const target::Target& board);

/// "arm-none-eabi-gcc 12.2.1": the board's compiler as it is installed. @throws EnvironmentError when it is
/// missing
std::string compiler_version(const target::Target& board);

/// src/parsimony/emit/kernel_tables.hpp for the measured sizes.
std::string kernel_tables_source(std::span<const MeasuredKernels> tables);

}  // namespace parsimony::verify
