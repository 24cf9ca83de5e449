#pragma once

#include "parsimony/emit/cost.hpp"

namespace parsimony::emit {

// Written by tools/measure_kernels; tests/verify fails when it is stale.
inline constexpr KernelTable kCortexM4{
    .target = "cortex-m4",
    .compiler = "arm-none-eabi-gcc 12.2.1",
    .flags = "-O2",
    .kernel_bytes = {328, 328, 180, 220, 48, 1416, 900, 368, 384, 340, 68, 112, 1124},
    .fixed_bytes = 304,
};

}  // namespace parsimony::emit
