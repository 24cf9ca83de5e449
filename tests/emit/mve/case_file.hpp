#pragma once

#include "../dsp/case_file.hpp"
#include "parsimony/emit/dsp_overlap.hpp"
#include "parsimony/emit/sweep.hpp"

/// cases.bin with the kernels of runtime/kernels/mve, which mve/run_cases.c reads.
namespace parsimony::emit::mve_test {

using dsp::Shape;
using dsp::test::Bytes;
using dsp::test::Case;
using dsp::test::Layer;
using dsp::test::Random;

enum class Kernel : std::int32_t { convolution, fully_connected, depthwise, add, average_pool, mean };
constexpr int kKernels = 6;

/// The kernel of the DSP family that computes the same.
inline dsp::test::Kernel alike(Kernel kernel) {
  constexpr dsp::test::Kernel kAlike[] = {
      dsp::test::Kernel::convolution_2, dsp::test::Kernel::fully_connected, dsp::test::Kernel::depthwise,
      dsp::test::Kernel::add,           dsp::test::Kernel::average_pool,    dsp::test::Kernel::mean};
  return kAlike[static_cast<std::size_t>(kernel)];
}

/// A layer that the kernel takes: enough channels, shifts to the right.
inline Layer any_layer(Random& random, Kernel kernel) {
  Shape shape;
  if (kernel == Kernel::fully_connected) {
    shape.input_channels = random.in(1, 80);
    shape.output_channels = random.in(1, 23);
  } else {
    shape = dsp::test::random_shape(random, alike(kernel));
    shape.output_channels += 3;
    if (random.one_in(3)) shape.input_channels += 16 * random.in(1, 2);
    if (kernel == Kernel::depthwise) shape.input_channels = shape.output_channels = random.in(8, 40);
  }
  const bool depthwise = kernel == Kernel::depthwise;
  Layer layer = dsp::test::random_layer(
      random, shape, depthwise ? shape.kernel_height * shape.kernel_width : shape.depth(), true);
  for (std::int8_t& shift : layer.shift) shift = std::min<std::int8_t>(shift, -1);
  if (random.one_in(4)) std::ranges::replace(layer.weights, std::int8_t{-127}, std::int8_t{-128});
  return layer;
}

/// The channels' biases with the input's zero point folded in.
inline std::vector<std::int32_t> folded_bias(const Layer& layer) {
  std::vector<std::int32_t> bias = layer.bias;
  const std::size_t depth = layer.weights.size() / bias.size();
  for (std::size_t at = 0; at < layer.weights.size(); ++at)
    bias[at / depth] -= layer.input_zero_point * layer.weights[at];
  return bias;
}

inline void put_walk(std::vector<std::int32_t>& numbers, const dsp::Walk& way, const Shape& s) {
  numbers.insert(numbers.end(),
                 {way.output, way.output_step, s.pixels(), way.x, way.y, way.step_x, way.step_y});
}

inline void put_numbers(Case& c, Kernel kernel, const Shape& s, bool reverse) {
  const dsp::Walk way = dsp::walk(s, reverse);
  const dsp::Runs runs = dsp::runs_of(s);
  if (kernel == Kernel::convolution) {
    put_walk(c.numbers, way, s);
    c.numbers.insert(c.numbers.end(), {way.last_x, way.last_y, s.input_width, s.input_height,
                                       s.input_channels, s.output_channels, s.output_width, s.depth(),
                                       s.kernel_height, runs.runs, runs.taps, s.dilation_y, s.dilation_x});
  } else if (kernel == Kernel::depthwise) {
    put_walk(c.numbers, way, s);
    c.numbers.insert(c.numbers.end(), {s.input_width, s.input_height, s.input_channels, s.output_width,
                                       s.kernel_height, s.kernel_width, s.dilation_y, s.dilation_x});
  } else {
    c.numbers = {s.input_channels, s.output_channels};
  }
}

inline std::int64_t scratch_of(Kernel kernel, const Shape& s) {
  return kernel == Kernel::convolution ? 32 * ((s.depth() + 15) / 16) : 0;
}

/// A case of a layer, its output expected; the arena holds input, output and scratch apart unless it is
/// changed.
inline Case layer_case(Random& random, const Layer& layer, Kernel kernel, bool reverse) {
  const Shape& s = layer.shape;
  const bool depthwise = kernel == Kernel::depthwise;
  const int lowest = random.one_in(3) ? random.in(-128, 0) : -128;
  const int highest = random.one_in(3) ? random.in(0, 127) : 127;
  Case c;
  c.kernel = static_cast<dsp::test::Kernel>(kernel);
  const Bytes input = dsp::test::random_bytes(random, s.input_bytes());
  c.expected = dsp::test::convolution(s, layer.channels(), input, depthwise);
  for (std::int8_t& byte : c.expected)
    byte = static_cast<std::int8_t>(std::clamp<int>(byte, lowest, highest));
  put_numbers(c, kernel, s, reverse);
  if (kernel != Kernel::fully_connected) c.numbers.push_back(layer.input_zero_point);
  c.numbers.insert(c.numbers.end(), {layer.output_zero_point, lowest, highest});
  for (const std::int32_t bias : depthwise ? layer.bias : folded_bias(layer))
    c.words.push_back(static_cast<std::uint32_t>(bias));
  for (const std::int32_t multiplier : layer.multiplier)
    c.words.push_back(static_cast<std::uint32_t>(multiplier));
  c.shifts = layer.shift;
  c.bytes = layer.weights;
  dsp::test::place(random, c, input, scratch_of(kernel, s), dsp::test::up(s.input_bytes()));
  return c;
}

/// The same operation and arena as a case of a DSP kernel, with a clamp.
inline Case clamped(Random& random, Case c, Kernel kernel) {
  const int lowest = random.one_in(2) ? random.in(-128, 0) : -128;
  const int highest = random.one_in(2) ? random.in(0, 127) : 127;
  for (std::int8_t& byte : c.expected)
    byte = static_cast<std::int8_t>(std::clamp<int>(byte, lowest, highest));
  if (kernel == Kernel::add) {
    const std::vector<std::int32_t> n = c.numbers;
    c.numbers = {n[0] / 2, n[1] / 2, n[2], n[3], n[4], -n[6], -n[7], (n[5] - 1) / 2};
  }
  c.kernel = static_cast<dsp::test::Kernel>(kernel);
  c.numbers.insert(c.numbers.end(), {lowest, highest});
  return c;
}

inline Case any_case(Random& random, Kernel kernel) {
  if (kernel >= Kernel::add) return clamped(random, dsp::test::any_case(random, alike(kernel)), kernel);
  const Layer layer = any_layer(random, kernel);
  return layer_case(random, layer, kernel, random.one_in(2));
}

/// How near the output of a convolution or a depthwise one may come.
inline plan::Clearance clearance_of(Kernel kernel, const Shape& s) {
  if (kernel == Kernel::convolution) {
    const dsp::Overlap overlap = dsp::convolution_overlap(s, 2);
    return {overlap.below, overlap.above, overlap.in_place};
  }
  Sweep sweep;
  sweep.vertical = {s.input_height, s.output_height, s.stride_y, s.pad_top,
                    (s.kernel_height - 1) * s.dilation_y + 1};
  sweep.horizontal = {s.input_width, s.output_width, s.stride_x, s.pad_left,
                      (s.kernel_width - 1) * s.dilation_x + 1};
  sweep.input_channels = sweep.output_channels = s.input_channels;
  sweep.block = 0;
  sweep.reversible = true;
  return clearance(sweep);
}

}  // namespace parsimony::emit::mve_test
