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
  depthwise_row,
  clamp,
  convolution_small
};

inline std::int64_t scratch_of_convolution(Kernel kernel, const Shape& shape) {
  if (kernel == Kernel::convolution_small) return convolution_small_scratch(shape);
  return convolution_scratch(shape, kernel == Kernel::convolution_3 ? 3 : 2);
}

inline bool goes_by_channel(Kernel kernel) {
  return kernel == Kernel::depthwise || kernel == Kernel::depthwise_3x3 || kernel == Kernel::depthwise_row;
}

struct Case {
  Kernel kernel = Kernel::convolution_3;
  enum Kind { plain, timed, meant_to_break } kind = plain;
  std::int64_t arena = 0, input = 0, aux = 0, output = 0;  ///< [B]
  std::vector<std::int32_t> numbers;  ///< the parameters in order of declaration, pointers excepted
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
                                 c.kind,
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

constexpr std::int64_t up(std::int64_t bytes) {
  return (bytes + 3) / 4 * 4;
}

/// Lays out the arena of a case: the output `distance` bytes behind the input's first byte, the scratch
/// behind both.
inline void place(Random& random, Case& c, const Bytes& input, std::int64_t scratch, std::int64_t distance) {
  const auto bytes = static_cast<std::int64_t>(input.size()),
             output = static_cast<std::int64_t>(c.expected.size());
  c.input = up(std::max<std::int64_t>(-distance, 0));
  c.output = c.input + distance;
  c.aux = up(std::max(c.input + bytes, c.output + output));
  c.arena = c.aux + up(scratch);
  c.memory = random_bytes(random, c.arena);
  std::copy(input.begin(), input.end(), c.memory.begin() + c.input);
}

/// A case of a layer, its output expected; the arena holds input, output and scratch apart unless it is
/// changed.
inline Case layer_case(Random& random, const Layer& layer, Kernel kernel, bool reverse = false) {
  const Shape& s = layer.shape;
  const bool depthwise = goes_by_channel(kernel);
  Case c;
  c.kernel = kernel;
  const Bytes input = random_bytes(random, s.input_bytes());
  c.expected = convolution(s, layer.channels(), input, depthwise);
  Packed packed;
  std::int64_t scratch = 0;
  const std::int32_t zero_point = 2 * layer.output_zero_point + 1;
  if (kernel == Kernel::convolution_3 || kernel == Kernel::convolution_2) {
    const Walk way = walk(s, reverse);
    const Runs runs = runs_of(s);
    packed = pack_convolution(s, layer.channels());
    scratch = scratch_of_convolution(kernel, s);
    c.numbers = {zero_point,
                 way.output,
                 way.output_step,
                 s.pixels(),
                 way.x,
                 way.y,
                 way.step_x,
                 way.step_y,
                 way.last_x,
                 way.last_y,
                 s.input_width,
                 s.input_height,
                 s.input_channels,
                 s.output_channels,
                 s.output_width,
                 (s.depth() + 3) / 4 * 4,
                 s.kernel_height,
                 runs.runs,
                 runs.taps,
                 s.dilation_y,
                 s.dilation_x,
                 are_points(s) ? 1 : 0,
                 layer.input_zero_point};
  } else if (kernel == Kernel::convolution_small) {
    packed = pack_convolution(s, layer.channels());
    scratch = scratch_of_convolution(kernel, s);
    c.numbers = {s.input_height, s.input_width,     s.input_channels,       s.output_height,
                 s.output_width, s.output_channels, s.kernel_height,        s.kernel_width,
                 s.stride_y,     s.stride_x,        s.dilation_y,           s.dilation_x,
                 s.pad_top,      s.pad_left,        layer.input_zero_point, layer.output_zero_point,
                 reverse ? 1 : 0};
  } else if (kernel == Kernel::fully_connected) {
    packed = pack_fully_connected(s.input_channels, layer.channels());
    c.numbers = {zero_point, (s.input_channels + 3) / 4 * 4, s.output_channels};
  } else if (kernel == Kernel::depthwise_3x3) {
    packed = pack_depthwise_3x3(s, layer.channels());
    scratch = depthwise_3x3_scratch(s);
    c.numbers = {zero_point,     s.input_height, s.input_width, s.input_channels, s.output_height,
                 s.output_width, s.stride_x,     s.pad_top,     s.pad_left,       layer.input_zero_point};
  } else if (kernel == Kernel::depthwise_row) {
    packed = pack_depthwise(s, layer.channels());
    scratch = depthwise_row_scratch(s);
    c.numbers = {zero_point, s.input_width, s.input_channels,      s.output_width,
                 s.stride_x, s.pad_left,    layer.input_zero_point};
  } else {
    packed = pack_depthwise(s, layer.channels());
    scratch = depthwise_scratch(s);
    c.numbers = {zero_point,     s.input_height,  s.input_width,  s.input_channels, s.output_height,
                 s.output_width, s.kernel_height, s.kernel_width, s.stride_y,       s.stride_x,
                 s.dilation_y,   s.dilation_x,    s.pad_top,      s.pad_left,       layer.input_zero_point};
  }
  c.words = packed.words;
  c.shifts = packed.shifts;
  c.bytes = packed.bytes;
  place(random, c, input, scratch, up(s.input_bytes()));
  return c;
}

/// Any window over any input that has an output.
inline Shape random_shape(Random& random, Kernel kernel) {
  const bool three = kernel == Kernel::depthwise_3x3, pool = kernel == Kernel::average_pool,
             row = kernel == Kernel::depthwise_row;
  const bool alone = pool || goes_by_channel(kernel);  // channel by channel
  for (;;) {
    Shape s;
    if (!alone && random.one_in(8)) {  // points
      s.input_height = s.output_height = random.in(1, 9);
      s.input_width = s.output_width = random.in(1, 9);
      s.input_channels = 4 * random.in(1, 4);
      s.output_channels = random.in(1, 9);
      return s;
    }
    s.kernel_height = three ? 3 : row ? 1 : random.in(1, 5);
    s.kernel_width = three ? 3 : random.in(1, row ? 4 : 5);
    s.stride_y = random.in(1, three ? 2 : 3);
    s.stride_x = three ? s.stride_y : random.in(1, row ? 2 : 3);
    if (!three && !pool && !row && random.one_in(3))
      s.dilation_y = random.in(1, 3), s.dilation_x = random.in(1, 3);
    s.input_channels = random.one_in(2) ? 4 * random.in(1, 4) : random.in(1, 9);
    s.output_channels = alone ? s.input_channels : random.in(1, 9);
    s.input_height = row ? 1 : random.in(1, 9);
    s.input_width = random.in(1, row ? 20 : 9);
    const int around_y = (s.kernel_height - 1) * s.dilation_y, around_x = (s.kernel_width - 1) * s.dilation_x;
    s.pad_top = random.in(0, around_y);
    s.pad_left = random.in(0, around_x);
    const int height = s.input_height + s.pad_top + random.in(0, around_y) - around_y - 1;
    const int width = s.input_width + s.pad_left + random.in(0, around_x) - around_x - 1;
    if (height < 0 || width < 0) continue;
    s.output_height = height / s.stride_y + 1;
    s.output_width = width / s.stride_x + 1;
    return s;
  }
}

/// A layer of any shape; for one that is no convolution its inputs and outputs.
inline Layer any_layer(Random& random, Kernel kernel) {
  Shape shape;
  if (kernel == Kernel::fully_connected) {
    shape.input_channels = random.in(1, 80);
    shape.output_channels = random.in(1, 23);
  } else {
    shape = random_shape(random, kernel);
  }
  const bool depthwise = goes_by_channel(kernel);
  return random_layer(random, shape, depthwise ? shape.kernel_height * shape.kernel_width : shape.depth(),
                      true);
}

inline Case pool_case(Random& random) {
  const Shape s = random_shape(random, Kernel::average_pool);
  const Bytes input = random_bytes(random, s.input_bytes());
  Case c;
  c.kernel = Kernel::average_pool;
  c.expected = average_pool(s, input);
  c.numbers = {s.input_height, s.input_width,   s.input_channels, s.output_height,
               s.output_width, s.kernel_height, s.kernel_width,   s.stride_y,
               s.stride_x,     s.pad_top,       s.pad_left};
  place(random, c, input, 0, up(s.input_bytes()));
  return c;
}

inline Case mean_case(Random& random) {
  const int pixels = random.one_in(4) ? random.in(250, 300) : random.in(1, 20), channels = random.in(1, 9);
  const int multiplier = random.in(1 << 30, INT32_MAX), shift = random.in(-12, -2),
            zero = random.in(-128, 127);
  const Bytes input = random_bytes(random, std::int64_t{pixels} * channels);
  Case c;
  c.kernel = Kernel::mean;
  for (int channel = 0; channel < channels; ++channel) {
    std::int32_t sum = -pixels * zero;
    for (int pixel = 0; pixel < pixels; ++pixel)
      sum += input[static_cast<std::size_t>(pixel * channels + channel)];
    c.expected.push_back(saturated(multiply(sum, multiplier, shift) - 3));
  }
  c.numbers = {multiplier, pixels, channels, shift, zero, -3};
  place(random, c, input, 0, up(std::int64_t{pixels} * channels));
  return c;
}

/// TFLite's factors: the larger scale's is exactly a half, and so may be the other's.
inline Case add_case(Random& random) {
  const int elements = random.in(1, 50), zero = random.in(-128, 127), zero_2 = random.in(-128, 127);
  const int output_zero = random.in(-128, 127), shift = random.in(16, 20);
  const bool equal = random.one_in(3);
  const int factor = equal ? 1 << 30 : random.in(1 << 30, INT32_MAX), right = equal ? 0 : random.in(1, 8);
  const int multiplier = random.in(1 << 30, INT32_MAX);
  const Bytes input = random_bytes(random, 2 * elements);
  Case c;
  c.kernel = Kernel::add;
  for (int i = 0; i < elements; ++i) {
    const int a = multiply((input[static_cast<std::size_t>(i)] - zero) * (1 << 20), 1 << 30, 0);
    const int b =
        multiply((input[static_cast<std::size_t>(elements + i)] - zero_2) * (1 << 20), factor, -right);
    c.expected.push_back(saturated(multiply(a + b, multiplier, -shift) + output_zero));
  }
  c.numbers = {-zero * (1 << 20), -zero_2 * (1 << 21), equal ? INT32_MAX : factor, multiplier,
               elements,          2 * output_zero + 1, equal ? 1 : right,          shift};
  place(random, c, input, 0, up(2 * elements));
  c.aux = elements;
  return c;
}

inline Case clamp_case(Random& random) {
  const int elements = random.in(1, 50), lowest = random.in(-128, 0), highest = random.in(0, 127);
  const Bytes input = random_bytes(random, elements);
  Case c;
  c.kernel = Kernel::clamp;
  for (const int x : input) c.expected.push_back(static_cast<std::int8_t>(std::clamp(x, lowest, highest)));
  c.numbers = {elements, lowest, highest};
  place(random, c, input, 0, 0);
  return c;
}

inline Case any_case(Random& random, Kernel kernel) {
  switch (kernel) {
    case Kernel::average_pool:
      return pool_case(random);
    case Kernel::mean:
      return mean_case(random);
    case Kernel::add:
      return add_case(random);
    case Kernel::clamp:
      return clamp_case(random);
    default:
      break;
  }
  const Layer layer = any_layer(random, kernel);
  return layer_case(random, layer, kernel, random.one_in(2));
}

}  // namespace parsimony::emit::dsp::test
