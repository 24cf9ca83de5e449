#pragma once

#include "parsimony/emit/instructions.hpp"

namespace parsimony::emit {

// Written by tools/measure_instructions; tests/verify holds them against QEMU's counts of other layers.
inline constexpr InstructionRow kInstructionRows[] = {
    {Family::portable, "cortex-m4", Kernel::table, {38878, 11266}},
};

}  // namespace parsimony::emit
