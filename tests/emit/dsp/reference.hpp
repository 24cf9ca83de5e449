#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "parsimony/emit/dsp_layout.hpp"

/// TFLite's reference kernels, as plainly as they can be written, on [height, width, channels].
namespace parsimony::emit::dsp::test {

using Bytes = std::vector<std::int8_t>;

inline std::int32_t doubling_high_multiply(std::int32_t a, std::int32_t b) {
  if (a == b && a == INT32_MIN) return INT32_MAX;
  const std::int64_t product = std::int64_t{a} * b;
  const std::int32_t nudge = product >= 0 ? 1 << 30 : 1 - (1 << 30);
  return static_cast<std::int32_t>((product + nudge) / (std::int64_t{1} << 31));
}

inline std::int32_t rounding_divide_by_power(std::int32_t x, int exponent) {
  const auto mask = static_cast<std::int32_t>((std::int64_t{1} << exponent) - 1);
  const std::int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
}

inline std::int32_t multiply(std::int32_t x, std::int32_t multiplier, int shift) {
  const int left = std::max(shift, 0), right = std::max(-shift, 0);
  const auto shifted = static_cast<std::int32_t>(static_cast<std::uint32_t>(x) << left);
  return rounding_divide_by_power(doubling_high_multiply(shifted, multiplier), right);
}

inline std::int8_t saturated(std::int32_t y) {
  return static_cast<std::int8_t>(std::clamp(y, -128, 127));
}

/// Where a tap lies in the input, or -1.
inline std::int64_t position(const Shape& s, int out_y, int out_x, int tap_y, int tap_x) {
  const int y = out_y * s.stride_y - s.pad_top + tap_y * s.dilation_y;
  const int x = out_x * s.stride_x - s.pad_left + tap_x * s.dilation_x;
  if (y < 0 || y >= s.input_height || x < 0 || x >= s.input_width) return -1;
  return (std::int64_t{1} * y * s.input_width + x) * s.input_channels;
}

/// Weights [c_out, k_h, k_w, c_in], or [k_h, k_w, c] when `depthwise`.
inline Bytes convolution(const Shape& s, const Channels& channels, const Bytes& input, bool depthwise) {
  Bytes output;
  const std::int32_t zero_point = channels.input_zero_point;
  for (int y = 0; y < s.output_height; ++y)
    for (int x = 0; x < s.output_width; ++x)
      for (int c = 0; c < s.output_channels; ++c) {
        std::int32_t sum = channels.bias[static_cast<std::size_t>(c)];
        for (int ky = 0; ky < s.kernel_height; ++ky)
          for (int kx = 0; kx < s.kernel_width; ++kx) {
            const std::int64_t at = position(s, y, x, ky, kx);
            if (at < 0) continue;
            const int tap = ky * s.kernel_width + kx;
            const auto i = static_cast<std::size_t>(at);
            if (depthwise) {
              sum += (input[i + static_cast<std::size_t>(c)] - zero_point) *
                     channels.weights[static_cast<std::size_t>(tap * s.output_channels + c)];
              continue;
            }
            for (int k = 0; k < s.input_channels; ++k)
              sum += (input[i + static_cast<std::size_t>(k)] - zero_point) *
                     channels.weights[static_cast<std::size_t>(c * s.depth() + tap * s.input_channels + k)];
          }
        const auto number = static_cast<std::size_t>(c);
        output.push_back(saturated(multiply(sum, channels.multiplier[number], channels.shift[number]) +
                                   channels.output_zero_point));
      }
  return output;
}

inline Bytes average_pool(const Shape& s, const Bytes& input) {
  Bytes output;
  for (int y = 0; y < s.output_height; ++y)
    for (int x = 0; x < s.output_width; ++x)
      for (int c = 0; c < s.output_channels; ++c) {
        std::int32_t sum = 0, taps = 0;
        for (int ky = 0; ky < s.kernel_height; ++ky)
          for (int kx = 0; kx < s.kernel_width; ++kx)
            if (const std::int64_t at = position(s, y, x, ky, kx); at >= 0) {
              sum += input[static_cast<std::size_t>(at + c)];
              ++taps;
            }
        output.push_back(saturated(sum > 0 ? (sum + taps / 2) / taps : (sum - taps / 2) / taps));
      }
  return output;
}

}  // namespace parsimony::emit::dsp::test
