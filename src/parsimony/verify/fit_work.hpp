#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "parsimony/emit/kernel_work.hpp"

namespace parsimony::verify {

/// How often each part of some code ran, and its instructions.
struct CountedWork {
  emit::Work work{};
  double instructions = 0.0;
};

/// What each part takes [1/1024 instructions]: the non-negative numbers with the least sum of squared
/// relative errors.
std::array<std::int32_t, emit::kWorkItems> fit_work(std::span<const CountedWork> counted);

}  // namespace parsimony::verify
