#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "parsimony/ir/graph.hpp"

namespace parsimony::tflite {

/// The network of a .tflite file as an int8 graph that gives TFLite Micro's bytes: one input, one output,
/// batch 1, int8 throughout. Source: the public schema and TFLite Micro's kernels (facts: int8 arithmetic).
///
/// What differs from the file: tensors lose the batch axis; a network whose height or width is 1 everywhere
/// becomes one of one spatial axis; SAME padding becomes numbers, fused activations clamps, unary functions
/// and operations with a scalar constant tables; a multiplication by one constant for each channel becomes a
/// depthwise convolution of kernel 1, other constant operands lie in the operator, repeated where they must
/// be; what depends on constants alone is a constant; ARG_MAX at the output gives one byte a row, the index
/// less 128; a 1x1 convolution of one pixel a fully connected layer; reshapes that no operator needs are
/// gone, and so is what computes a shape at run time. A float input that is quantised first, and a float
/// output that was dequantised last, are int8 here. A uint8 input or output is int8 here: the byte minus 128
/// (zero point too).
///
/// Operators are named by what they are and their number in the file ("conv_2d_3"), tensors by theirs
/// ("t22"). The normalisation has mean 0 and divisor = input scale: raw values are the network's real input.
///
/// Survives any bytes: allocates at most a small multiple of their number.
/// @param bytes  the file
/// @param where     its name, for messages
/// @param rounding  the graph's: tables of functions are made with it
/// @return       verified
/// @throws InputError naming the operator or tensor and what of it we lack; or the verifier's
ir::Graph import_model(std::span<const std::uint8_t> bytes, std::string_view where,
                       ir::Rounding rounding = ir::Rounding::twice);

}  // namespace parsimony::tflite
