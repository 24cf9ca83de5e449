#pragma once

#include <cstdint>
#include <span>

#include "parsimony/ir/graph.hpp"

namespace parsimony::ir {

/// The emitted network's `_quantize_input` on the host: raw sensor values to the int8 input, the same bytes.
///
/// For each element x of channel c (channels last), z the input's zero point; `float` is IEEE binary32 with
/// every operation rounded to float, nothing contracted, no reciprocal:
///     v = (x − mean[c]) / divisor[c]                       one subtraction, one division
///     if the bits of v are a NaN (bits & 0x7fffffff > 0x7f800000): q = z
///     else if v >= 512:   q = 127
///     else if v <= −512:  q = −128
///     else: n = (int32)(v + v)                             doubling is exact; truncated towards zero
///           r = (n + (n >= 0 ? 1 : −1)) / 2                C division: v rounded half away from zero
///           q = clamp(r + z, −128, 127)
/// The NaN test is on the bits so that it holds under -Ofast; ±infinity clamps. The verifier keeps divisor at
/// kMinDivisor or more, so that flushing subnormal numbers to zero (again -Ofast) changes no result.
///
/// @param raw     [elements of the input] in sensor units
/// @param output  [elements of the input]
void quantise_input(const Graph& graph, std::span<const float> raw, std::span<std::int8_t> output);

/// The least divisor that the verifier accepts.
constexpr float kMinDivisor = 1e-20f;

}  // namespace parsimony::ir
