#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "parsimony/ir/graph.hpp"

namespace parsimony::tflite {

/// A unary int8 function: table[q + 128] for q in −128 … 127.
using Table = std::vector<std::int8_t>;

// TFLite Micro's integer arithmetic to the bit, for every input; ratios of scales in double (its builds of
// 2025 formed them in float). nullopt: the scales lie so far apart that its arithmetic would overflow (or,
// for hard swish, that it refuses them).

/// QUANTIZE from int8 to int8.
std::optional<Table> requantise_table(ir::Quantisation input, ir::Quantisation output, ir::Rounding rounding);
/// RELU and RELU_N1_TO_1: requantised, then clamped to min … max in output steps.
std::optional<Table> relu_table(ir::Quantisation input, ir::Quantisation output, std::int32_t min,
                                std::int32_t max, ir::Rounding rounding);
/// RELU6 clamps only: one quantisation in and out; `six` is 6.0 in it.
Table relu6_table(ir::Quantisation input, std::int32_t six);
std::optional<Table> leaky_relu_table(ir::Quantisation input, ir::Quantisation output, float alpha,
                                      ir::Rounding rounding);
std::optional<Table> hard_swish_table(ir::Quantisation input, ir::Quantisation output);
/// LOGISTIC: output scale 1/256, zero point −128.
std::optional<Table> logistic_table(ir::Quantisation input, ir::Rounding rounding);
/// TANH: output scale 1/128, zero point 0.
std::optional<Table> tanh_table(ir::Quantisation input, ir::Rounding rounding);

}  // namespace parsimony::tflite
