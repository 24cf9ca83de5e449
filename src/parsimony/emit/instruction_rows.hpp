#pragma once

#include "parsimony/emit/instructions.hpp"

namespace parsimony::emit {

// Written by tools/measure_instructions; tests/verify holds them against QEMU's counts of other layers.
inline constexpr InstructionRow kInstructionRows[] = {
    {Family::portable, "cortex-m4", Kernel::convolution_1d, {60668, 33729, 47107, 6144}},
    {Family::portable, "cortex-m4", Kernel::depthwise_1d, {58620, 28804, 55291, 8191}},
    {Family::portable, "cortex-m4", Kernel::mean, {48147, 41923, 5122}},
    {Family::portable, "cortex-m4", Kernel::multiply, {49387, 9186, 44034}},
    {Family::portable, "cortex-m4", Kernel::table, {38878, 11266}},
    {Family::portable, "cortex-m4", Kernel::convolution, {0, 174385, 41141, 951, 1209, 151652, 8979, 2810}},
    {Family::portable, "cortex-m4", Kernel::depthwise, {197474, 147689, 32967, 6621, 3450, 574, 57332, 8539}},
    {Family::portable, "cortex-m4", Kernel::fully_connected, {57401, 47426, 2816, 23540, 8447}},
    {Family::portable, "cortex-m4", Kernel::add, {61440, 0, 81920}},
    {Family::portable, "cortex-m4", Kernel::pool, {51642, 24993, 31774, 28641, 8208, 9214, 7174}},
    {Family::portable, "cortex-m4", Kernel::copy_rows, {53369, 10223, 8191}},
    {Family::portable, "cortex-m4", Kernel::pad, {514048, 14930, 7087, 7611}},
    {Family::portable, "cortex-m4", Kernel::softmax, {18888512, 0, 293549}},
    {Family::portable, "cortex-m4", Kernel::add_constant, {49302, 9196, 56322}},
    {Family::portable, "cortex-m4", Kernel::multiply_constant, {50856, 8158, 39936}},
    {Family::portable, "cortex-m4", Kernel::argmax, {48742, 9259, 8190}},
    {Family::dsp,
     "cortex-m4",
     Kernel::dsp_convolution_3,
     {239476, 166001, 55311, 1914, 0, 11738, 847, 8355, 78573, 5789}},
    {Family::dsp,
     "cortex-m4",
     Kernel::dsp_convolution_2,
     {3581356, 615719, 57520, 1492, 651, 0, 0, 5696, 40626, 4200}},
    {Family::dsp, "cortex-m4", Kernel::dsp_fully_connected, {0, 21969, 1280, 0, 15725}},
    {Family::dsp,
     "cortex-m4",
     Kernel::dsp_depthwise_3x3,
     {1261566, 200609, 32456, 6466, 19745, 44837, 35161}},
    {Family::dsp, "cortex-m4", Kernel::dsp_depthwise_row, {130029, 45256, 6770, 12722, 11084}},
    {Family::dsp,
     "cortex-m4",
     Kernel::dsp_depthwise,
     {0, 18840, 71883, 34531, 6570, 5929, 55489, 30770, 66442, 19869}},
    {Family::dsp, "cortex-m4", Kernel::dsp_add, {62108, 15871}},
    {Family::dsp, "cortex-m4", Kernel::dsp_average_pool, {264930, 29947, 24634, 2186, 0, 7695}},
    {Family::dsp, "cortex-m4", Kernel::dsp_mean, {44426, 41116, 1795, 17806, 6391}},
};

}  // namespace parsimony::emit
