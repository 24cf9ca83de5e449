#pragma once

#include <cstring>
#include <string>

#include "reference.hpp"

/// cases.bin, which run_cases.c reads.
namespace parsimony::emit::dsp::test {

enum class Kernel : std::int32_t {
  convolution_3,
  convolution_2,
  fully_connected,
  depthwise_3x3,
  depthwise,
  add,
  average_pool,
  mean,
  clamp
};

struct Case {
  Kernel kernel = Kernel::convolution_3;
  bool timed = false;
  std::int64_t arena = 0, input = 0, aux = 0, output = 0;  ///< [B]
  std::vector<std::int32_t> numbers;                       ///< the parameters in order of declaration, pointers excepted
  std::vector<std::uint32_t> words;
  std::vector<std::int8_t> shifts;
  Bytes bytes;
  Bytes memory;  ///< [arena]
  Bytes expected;
};

inline void append(std::string& text, const void* data, std::size_t bytes) {
  text.append(static_cast<const char*>(data), bytes);
}

inline void append(std::string& text, const Case& c) {
  const auto count = [](const auto& items) { return static_cast<std::int32_t>(items.size()); };
  const std::int32_t header[] = {static_cast<std::int32_t>(c.kernel),
                                 c.timed ? 1 : 0,
                                 static_cast<std::int32_t>(c.arena),
                                 static_cast<std::int32_t>(c.input),
                                 static_cast<std::int32_t>(c.aux),
                                 static_cast<std::int32_t>(c.output),
                                 count(c.expected),
                                 count(c.words),
                                 count(c.shifts),
                                 count(c.bytes),
                                 count(c.numbers)};
  append(text, header, sizeof header);
  append(text, c.numbers.data(), 4 * c.numbers.size());
  append(text, c.words.data(), 4 * c.words.size());
  append(text, c.shifts.data(), c.shifts.size());
  append(text, c.bytes.data(), c.bytes.size());
  append(text, c.memory.data(), c.memory.size());
  append(text, c.expected.data(), c.expected.size());
}

/// Uniform numbers from a counter.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 1) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  int in(int low, int high) {
    return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool one_in(int n) { return in(1, n) == 1; }

 private:
  std::uint64_t state_;
};

inline Bytes random_bytes(Random& random, std::int64_t count, int low = -128, int high = 127) {
  Bytes bytes(static_cast<std::size_t>(count));
  for (std::int8_t& byte : bytes) byte = static_cast<std::int8_t>(random.in(low, high));
  return bytes;
}

/// A layer's constants, owned.
struct Layer {
  Shape shape;
  Bytes weights;
  std::vector<std::int32_t> bias, multiplier;
  std::vector<std::int8_t> shift;
  int input_zero_point = 0, output_zero_point = 0;

  Channels channels() const {
    return {weights, bias, multiplier, shift, input_zero_point, output_zero_point};
  }
};

/// Weights, zero points and shifts of all sorts, outputs spread over the int8 range in most channels.
inline Layer random_layer(Random& random, const Shape& shape, std::int32_t depth, bool any_shift) {
  Layer layer;
  layer.shape = shape;
  const int ends[] = {-128, 127, random.in(-128, 127), random.in(-128, 127)};
  layer.input_zero_point = ends[random.in(0, 3)];
  layer.output_zero_point = ends[random.in(0, 3)];
  layer.weights = random_bytes(random, std::int64_t{depth} * shape.output_channels, -127, 127);
  int typical = 1;
  while ((1 << (2 * typical)) < depth) ++typical;
  for (int c = 0; c < shape.output_channels; ++c) {
    layer.bias.push_back(random.in(-20000, 20000));
    layer.multiplier.push_back(random.in(1 << 30, INT32_MAX));
    layer.shift.push_back(static_cast<std::int8_t>(-(typical + random.in(4, 7))));
    if (!any_shift) continue;
    if (random.one_in(8)) layer.shift.back() = static_cast<std::int8_t>(random.in(-31, 2));
    if (random.one_in(8)) layer.multiplier.back() = 1 << 30;
    if (random.one_in(16)) layer.multiplier.back() = layer.shift.back() = 0;
  }
  return layer;
}

/// A case of a layer, its output expected; the arena holds input, output and scratch apart unless it is changed.
inline Case layer_case(Random& random, const Layer& layer, Kernel kernel, bool reverse = false) {
  const Shape& s = layer.shape;
  const bool depthwise = kernel == Kernel::depthwise || kernel == Kernel::depthwise_3x3;
  const auto up = [](std::int64_t bytes) { return (bytes + 3) / 4 * 4; };
  Case c;
  c.kernel = kernel;
  const Bytes input = random_bytes(random, s.input_bytes());
  c.expected = convolution(s, layer.channels(), input, depthwise);
  Packed packed;
  std::int64_t scratch = 0;
  const std::int32_t zero_point = 2 * layer.output_zero_point + 1;
  if (kernel == Kernel::convolution_3 || kernel == Kernel::convolution_2) {
    const int block = kernel == Kernel::convolution_3 ? 3 : 2;
    const Walk way = walk(s, reverse);
    const Runs runs = runs_of(s);
    packed = pack_convolution(s, layer.channels());
    scratch = convolution_scratch(s, block);
    c.numbers = {zero_point,       way.output,      way.output_step,  way.x,             way.y,
                 way.step_x,       way.step_y,      way.last_x, way.last_y, s.input_width,    s.input_height,    s.input_channels,
                 s.output_channels, s.output_width, s.pixels(),       (s.depth() + 3) / 4 * 4, s.kernel_height,
                 runs.runs,        runs.taps,       s.dilation_y,     s.dilation_x,      layer.input_zero_point};
  } else if (kernel == Kernel::fully_connected) {
    packed = pack_fully_connected(s.input_channels, layer.channels());
    c.numbers = {zero_point, (s.input_channels + 3) / 4 * 4, s.output_channels};
  } else if (kernel == Kernel::depthwise_3x3) {
    packed = pack_depthwise_3x3(s, layer.channels());
    scratch = depthwise_3x3_scratch(s);
    c.numbers = {zero_point,      s.input_height, s.input_width, s.input_channels, s.output_height,
                 s.output_width,  s.stride_x,     s.pad_top,     s.pad_left,       layer.input_zero_point};
  } else {
    packed = pack_depthwise(s, layer.channels());
    scratch = depthwise_scratch(s);
    c.numbers = {zero_point,      s.input_height, s.input_width, s.input_channels, s.output_height,
                 s.output_width,  s.kernel_height, s.kernel_width, s.stride_y,     s.stride_x,
                 s.dilation_y,    s.dilation_x,   s.pad_top,     s.pad_left,       layer.input_zero_point};
  }
  c.words = packed.words;
  c.shifts = packed.shifts;
  c.bytes = packed.bytes;
  c.input = 0;
  c.output = up(s.input_bytes());
  c.aux = c.output + up(s.output_bytes());
  c.arena = c.aux + up(scratch);
  c.memory = random_bytes(random, c.arena);
  std::copy(input.begin(), input.end(), c.memory.begin());
  return c;
}

}  // namespace parsimony::emit::dsp::test
