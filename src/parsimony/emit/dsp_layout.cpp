#include "parsimony/emit/dsp_layout.hpp"

#include <algorithm>
#include <cstdlib>

namespace parsimony::emit::dsp {
namespace {

constexpr std::int32_t rounded_up(std::int32_t value, std::int32_t to) {
  return (value + to - 1) / to * to;
}

/// One output channel, the input's zero point folded into its bias.
struct Channel {
  std::vector<std::int8_t> weights;
  std::int64_t bias = 0;
  std::int32_t multiplier = 0;
  std::int32_t shift = -1;
  bool quick = true;  ///< false: only the plain C computes it
};

std::int32_t requantised(std::int64_t x, const Channel& channel, std::int32_t zero_point) {
  const int left = std::max(channel.shift, 0), right = std::max(-channel.shift, 0);
  const std::int64_t high = ((x << left) * channel.multiplier + (std::int64_t{1} << 30)) >> 31;
  const std::int64_t mask = (std::int64_t{1} << right) - 1;
  const std::int64_t y = (high >> right) + ((high & mask) > (mask >> 1) + (high < 0 ? 1 : 0) ? 1 : 0);
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(y + zero_point, -128, 127));
}

/// Channel `number`, its weights `step` apart.
Channel channel_of(const Channels& all, std::size_t number, std::size_t first, std::size_t step,
                   std::size_t depth) {
  Channel channel;
  channel.bias = all.bias[number];
  channel.multiplier = all.multiplier[number];
  channel.shift = all.shift[number];
  for (std::size_t i = 0; i < depth; ++i) {
    channel.weights.push_back(all.weights[first + i * step]);
    channel.bias -= std::int64_t{all.input_zero_point} * channel.weights.back();
  }
  return channel;
}

struct Range {
  std::int64_t low, high;
};

/// All values of the accumulator.
Range accumulators(const Channel& channel) {
  Range range{channel.bias, channel.bias};
  for (const std::int64_t weight : channel.weights) {
    range.low += std::min(weight * -128, weight * 127);
    range.high += std::max(weight * -128, weight * 127);
  }
  return range;
}

/// A channel that the kernels compute in the same way, and quicker: one whose output never changes has
/// weights of zero and a plain shift.
Channel simplified(Channel channel, std::int32_t zero_point) {
  const Range range = accumulators(channel);
  if (channel.multiplier != 0 && (channel.shift < -22 || std::max(-range.low, range.high) >= 1 << 30)) {
    const std::int32_t constant = requantised(range.low, channel, zero_point);
    if (constant != requantised(range.high, channel, zero_point)) return channel;
    std::fill(channel.weights.begin(), channel.weights.end(), std::int8_t{0});
    channel.bias = 4 * (constant - zero_point);
    channel.multiplier = 1 << 30;
    channel.shift = -1;
  }
  if (channel.multiplier == 0) {
    channel.bias = 0;
    channel.shift = -1;
  }
  return channel;
}

std::int8_t shift_byte(const Channel& channel) {
  const bool plain = channel.quick && channel.shift <= -1 && channel.shift >= -22;
  return static_cast<std::int8_t>(plain ? -channel.shift : channel.shift - 64);
}

std::uint32_t twice(std::int64_t bias) {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(bias) * 2);
}

/// The lane of two channels' weights.
std::int32_t lane(const Channel& first, const Channel& second, std::size_t at) {
  const std::int32_t a = at < first.weights.size() ? first.weights[at] : 0;
  const std::int32_t b = at < second.weights.size() ? second.weights[at] : 0;
  return 256 * b + a;
}

/// Whether the sums of two channels in one are exact: no lane leaves int16, the second's sum stays below
/// 2^23.
bool exact_together(const Channel& first, Channel second) {
  for (std::size_t at = 0; at < first.weights.size(); ++at)
    if (lane(first, second, at) < INT16_MIN) return false;
  second.bias = 0;
  const Range range = accumulators(second);
  return std::max(-range.low, range.high) < 1 << 23;
}

/// Four depths of two channels, in the order in which SXTB16 leaves four bytes: 0 and 2, 1 and 3.
std::uint32_t word(const Channel& first, const Channel& second, std::size_t depth) {
  return (static_cast<std::uint32_t>(lane(first, second, depth)) & 0xffffU) |
         static_cast<std::uint32_t>(lane(first, second, depth + 2)) << 16;
}

/// The rows of [c_out, depth], and one of zeros where their number is odd.
std::vector<Channel> rows_of(const Channels& channels, std::size_t depth) {
  std::vector<Channel> rows;
  for (std::size_t number = 0; number < channels.bias.size(); ++number)
    rows.push_back(
        simplified(channel_of(channels, number, number * depth, 1, depth), channels.output_zero_point));
  if (rows.size() % 2 != 0) rows.emplace_back().weights.assign(depth, 0);
  for (std::size_t pair = 0; pair < rows.size(); pair += 2)
    rows[pair + 1].quick = exact_together(rows[pair], rows[pair + 1]);
  return rows;
}

/// Biases, of a pair the second first, then multipliers.
void put_requantisation(Packed& packed, std::span<const Channel> channels) {
  for (std::size_t i = 0; i < channels.size(); ++i)
    packed.words.push_back(twice(channels[channels.size() > 1 ? i ^ 1 : i].bias));
  for (const Channel& channel : channels)
    packed.words.push_back(static_cast<std::uint32_t>(channel.multiplier));
  for (const Channel& channel : channels) packed.shifts.push_back(shift_byte(channel));
}

}  // namespace

bool fits(const Channels& channels, bool depthwise) {
  const std::size_t count = channels.bias.size();
  const std::size_t depth = channels.weights.size() / std::max<std::size_t>(count, 1);
  for (std::size_t number = 0; number < count; ++number) {
    const Channel channel = depthwise ? channel_of(channels, number, number, count, depth)
                                      : channel_of(channels, number, number * depth, 1, depth);
    const Range range = accumulators(simplified(channel, channels.output_zero_point));
    if (std::max(-range.low, range.high) >= 1 << 30) return false;
  }
  return true;
}

namespace {

bool windows_are_small(const Shape& s) {
  return std::max({s.kernel_height, s.kernel_width, s.stride_y, s.stride_x, s.dilation_y, s.dilation_x}) <=
             UINT8_MAX &&
         std::max({s.input_height, s.input_width, s.output_height, s.output_width}) <= INT16_MAX &&
         std::max(s.input_channels, s.output_channels) <= UINT16_MAX && s.pad_top <= INT16_MAX &&
         s.pad_left <= INT16_MAX;
}

/// Multiplier 1, windows that begin inside their own reach, in bytes that the parameters hold.
bool is_plain_depthwise(const Shape& s) {
  const std::int32_t reach_y = (s.kernel_height - 1) * s.dilation_y,
                     reach_x = (s.kernel_width - 1) * s.dilation_x;
  return windows_are_small(s) && s.input_channels == s.output_channels &&
         s.pad_top <= std::min(reach_y, UINT8_MAX) && s.pad_left <= std::min(reach_x, UINT8_MAX);
}

}  // namespace

bool convolution_takes(const Shape& shape) {
  const std::int32_t reach =
      std::max((shape.output_height - 1) * shape.stride_y, (shape.output_width - 1) * shape.stride_x);
  return windows_are_small(shape) && reach <= INT16_MAX && shape.depth() <= UINT16_MAX - 3;
}

bool depthwise_3x3_takes(const Shape& shape) {
  return is_plain_depthwise(shape) && shape.kernel_height == 3 && shape.kernel_width == 3 &&
         shape.stride_y == shape.stride_x && shape.stride_y <= 2 && shape.dilation_y == 1 &&
         shape.dilation_x == 1;
}

bool depthwise_row_takes(const Shape& shape) {
  return is_plain_depthwise(shape) && shape.input_height == 1 && shape.kernel_height == 1 &&
         shape.output_height == 1 && shape.kernel_width <= 4 && shape.stride_x <= 2 && shape.dilation_x == 1;
}

bool depthwise_takes(const Shape& shape) {
  return is_plain_depthwise(shape) && depthwise_scratch(shape) <= UINT16_MAX;
}

Packed pack_convolution(const Shape& shape, const Channels& channels) {
  const auto depth = static_cast<std::size_t>(shape.depth());
  const std::vector<Channel> rows = rows_of(channels, depth);
  Packed packed;
  for (std::size_t pair = 0; pair < rows.size(); pair += 2) {
    for (std::size_t at = 0; at < depth; at += 4)
      for (const std::size_t odd : {0, 1}) packed.words.push_back(word(rows[pair], rows[pair + 1], at + odd));
    put_requantisation(packed, std::span(rows).subspan(pair, 2));
  }
  return packed;
}

Packed pack_fully_connected(std::int32_t inputs, const Channels& channels) {
  const auto depth = static_cast<std::size_t>(inputs);
  const std::vector<Channel> rows = rows_of(channels, depth);
  Packed packed;
  for (std::size_t block = 0; block < rows.size(); block += 4) {
    const std::size_t end = std::min(block + 4, rows.size());
    for (std::size_t at = 0; at < depth; at += 4)
      for (const std::size_t odd : {0, 1})
        for (std::size_t pair = block; pair < end; pair += 2)
          packed.words.push_back(word(rows[pair], rows[pair + 1], at + odd));
    put_requantisation(packed, std::span(rows).subspan(block, end - block));
  }
  return packed;
}

namespace {

/// Weights of each channel in the order of `taps`, -1 for a zero; biases and multipliers beside.
Packed pack_taps(const Shape& shape, const Channels& channels, std::span<const std::int32_t> taps) {
  const auto count = static_cast<std::size_t>(shape.output_channels);
  const auto all = static_cast<std::size_t>(shape.kernel_height * shape.kernel_width);
  Packed packed;
  for (std::size_t number = 0; number < count; ++number) {
    const Channel channel =
        simplified(channel_of(channels, number, number, count, all), channels.output_zero_point);
    for (const std::int32_t tap : taps)
      packed.bytes.push_back(tap < 0 ? std::int8_t{0} : channel.weights[static_cast<std::size_t>(tap)]);
    put_requantisation(packed, std::span(&channel, 1));
  }
  return packed;
}

}  // namespace

Packed pack_depthwise_3x3(const Shape& shape, const Channels& channels) {
  constexpr std::int32_t kTaps[] = {6, 0, 3, 7, 1, 4, 8, 2, 5};
  return pack_taps(shape, channels, kTaps);
}

Packed pack_depthwise(const Shape& shape, const Channels& channels) {
  std::vector<std::int32_t> taps;
  for (std::int32_t row = 0; row < shape.kernel_height; ++row)
    for (std::int32_t column = 0; column < rounded_up(shape.kernel_width, 4); ++column)
      taps.push_back(column < shape.kernel_width ? row * shape.kernel_width + column : -1);
  return pack_taps(shape, channels, taps);
}

Walk walk(const Shape& shape, bool reverse) {
  const std::int32_t way = reverse ? -1 : 1;
  Walk result;
  result.output = reverse ? static_cast<std::int32_t>(shape.output_bytes()) - shape.output_channels : 0;
  result.output_step = way * shape.output_channels;
  result.x = (reverse ? (shape.output_width - 1) * shape.stride_x : 0) - shape.pad_left;
  result.y = (reverse ? (shape.output_height - 1) * shape.stride_y : 0) - shape.pad_top;
  result.step_x = way * shape.stride_x;
  result.step_y = way * shape.stride_y;
  result.last_x = shape.input_width - (shape.kernel_width - 1) * shape.dilation_x - 1;
  result.last_y = shape.input_height - (shape.kernel_height - 1) * shape.dilation_y - 1;
  return result;
}

Runs runs_of(const Shape& shape) {
  if (shape.dilation_x == 1) return {1, shape.kernel_width};
  return {shape.kernel_width, 1};
}

bool are_points(const Shape& shape) {
  return shape.kernel_height == 1 && shape.kernel_width == 1 && shape.stride_y == 1 && shape.stride_x == 1 &&
         shape.pad_top == 0 && shape.pad_left == 0 && shape.input_channels % 4 == 0 &&
         shape.output_width == shape.input_width && shape.output_height <= shape.input_height;
}

std::int64_t depthwise_3x3_scratch(const Shape& shape) {
  return 4 * (std::int64_t{shape.output_width - 1} * shape.stride_x + 3);
}

std::int64_t depthwise_row_scratch(const Shape& shape) {
  return rounded_up((shape.output_width - 1) * shape.stride_x + 4, 4);
}

std::int64_t depthwise_row_bytes(const Shape& shape) {
  return rounded_up((rounded_up(shape.output_width, 4) - 1) * shape.stride_x +
                        (shape.kernel_width - 1) * shape.dilation_x + 8,
                    4);
}

std::int64_t depthwise_scratch(const Shape& shape) {
  const std::int64_t rows = (std::int64_t{shape.kernel_height} - 1) * shape.dilation_y + 1;
  return rows * depthwise_row_bytes(shape) + 2 * shape.kernel_height;
}

std::int64_t convolution_small_scratch(const Shape& shape) {
  return 2 * std::int64_t{rounded_up(shape.depth(), 4)};
}

std::int64_t convolution_scratch(const Shape& shape, std::int32_t block) {
  const std::int64_t depth = rounded_up(shape.depth(), 4);
  return 2 * block * depth + (shape.input_channels % 4 == 0 ? 0 : depth);
}

}  // namespace parsimony::emit::dsp
