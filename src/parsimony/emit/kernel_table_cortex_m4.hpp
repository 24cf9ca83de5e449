#pragma once

#include "parsimony/emit/cost.hpp"

namespace parsimony::emit {

// Written by tools/measure_kernels; tests/verify fails when it is stale.
inline constexpr KernelTable kCortexM4{
    .target = "cortex-m4",
    .compiler = "arm-none-eabi-gcc 12.2.1",
    .flags = "-O2",
    .kernel_bytes = {348, 340, 188, 256, 48},
    .fixed_bytes = 304,
};

}  // namespace parsimony::emit
