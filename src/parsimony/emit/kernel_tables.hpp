#pragma once

#include "parsimony/emit/cost.hpp"

namespace parsimony::emit {

// Written by tools/measure_kernels; tests/verify fails when it is stale.
inline constexpr KernelTable kKernelTables[] = {
    {
        .target = "cortex-m0",
        .compiler = "arm-none-eabi-gcc 12.2.1",
        .flags = "-O2",
        .kernel_bytes = {412, 400, 224, 244, 36, 1812, 984, 348, 480, 400, 56, 144, 1492},
        .fixed_bytes = 2816,
        .division_bytes = 616,
    },
    {
        .target = "cortex-m3",
        .compiler = "arm-none-eabi-gcc 12.2.1",
        .flags = "-O2",
        .kernel_bytes = {328, 324, 180, 224, 48, 1492, 864, 352, 384, 344, 68, 124, 1120},
        .fixed_bytes = 1588,
        .division_bytes = 0,
    },
    {
        .target = "cortex-m4",
        .compiler = "arm-none-eabi-gcc 12.2.1",
        .flags = "-O2",
        .kernel_bytes = {328, 328, 180, 220, 48, 1416, 900, 368, 384, 340, 68, 112, 1124},
        .fixed_bytes = 304,
        .division_bytes = 0,
    },
    {
        .target = "cortex-m7",
        .compiler = "arm-none-eabi-gcc 12.2.1",
        .flags = "-O2",
        .kernel_bytes = {360, 340, 188, 208, 48, 1528, 900, 360, 404, 348, 64, 116, 1124},
        .fixed_bytes = 304,
        .division_bytes = 0,
    },
    {
        .target = "cortex-m33",
        .compiler = "arm-none-eabi-gcc 12.2.1",
        .flags = "-O2",
        .kernel_bytes = {328, 324, 180, 216, 48, 1496, 864, 352, 384, 344, 68, 124, 1120},
        .fixed_bytes = 304,
        .division_bytes = 0,
    },
    {
        .target = "cortex-m55",
        .compiler = "arm-none-eabi-gcc 12.2.1",
        .flags = "-O2",
        .kernel_bytes = {356, 344, 204, 244, 48, 1576, 892, 380, 440, 356, 64, 124, 1216},
        .fixed_bytes = 300,
        .division_bytes = 0,
    },
};

}  // namespace parsimony::emit
