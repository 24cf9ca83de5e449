#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace parsimony::emit::dsp {

/// The DSP kernels of runtime/kernels/dsp: what they read, how much scratch they take, and how far their
/// output may reach into their input. Tensors are [height, width, channels].

/// A convolution or pooling window in two dimensions; one dimension is height 1.
struct Shape {
  std::int32_t input_height = 1, input_width = 1, input_channels = 1;
  std::int32_t output_height = 1, output_width = 1, output_channels = 1;
  std::int32_t kernel_height = 1, kernel_width = 1;
  std::int32_t stride_y = 1, stride_x = 1;
  std::int32_t dilation_y = 1, dilation_x = 1;
  std::int32_t pad_top = 0, pad_left = 0;

  std::int32_t pixels() const { return output_height * output_width; }
  std::int64_t input_bytes() const { return std::int64_t{1} * input_height * input_width * input_channels; }
  std::int64_t output_bytes() const { return std::int64_t{1} * pixels() * output_channels; }
  std::int32_t depth() const { return kernel_height * kernel_width * input_channels; }
};

/// Channel by channel what a layer computes: requantise(bias + sum of weight * (input - input_zero_point)).
struct Channels {
  std::span<const std::int8_t> weights;
  std::span<const std::int32_t> bias;
  std::span<const std::int32_t> multiplier;  ///< 0 or in [2^30, 2^31)
  std::span<const std::int8_t> shift;        ///< -31 ... 30, positive to the left
  std::int32_t input_zero_point = 0;
  std::int32_t output_zero_point = 0;
};

/// Constants as a kernel reads them.
struct Packed {
  std::vector<std::uint32_t> words;  ///< weights, biases, multipliers
  std::vector<std::int8_t> shifts;   ///< one byte a channel
  std::vector<std::int8_t> bytes;    ///< weights that are read as bytes
};

/// Whether the kernels compute these channels: biases, the input's zero point folded in, that with every sum
/// stay below 2^30. The portable kernels compute all others. Weights are [c_out, ...], or [k_h, k_w, c] when
/// `depthwise`.
bool fits(const Channels& channels, bool depthwise = false);

/// Whether a kernel takes the shape: its parameters hold it, and no padding is wider than the window reaches.
/// The portable kernels take all others.
bool convolution_takes(const Shape& shape);
bool depthwise_3x3_takes(const Shape& shape);  ///< 3x3, both strides 1 or both 2, no dilation, multiplier 1
bool depthwise_row_takes(
    const Shape& shape);  ///< height 1, at most 4 taps, stride 1 or 2, no dilation, multiplier 1
bool depthwise_takes(const Shape& shape);  ///< multiplier 1

/// @param channels  weights [c_out, k_h, k_w, c_in]
Packed pack_convolution(const Shape& shape, const Channels& channels);
/// @param channels  weights [c_out, inputs]
Packed pack_fully_connected(std::int32_t inputs, const Channels& channels);

/// @param channels  weights [k_h, k_w, c]; the shape is one of depthwise_3x3
Packed pack_depthwise_3x3(const Shape& shape, const Channels& channels);
/// Of parsimony_dsp_depthwise and parsimony_dsp_depthwise_row.
/// @param channels  weights [k_h, k_w, c]
Packed pack_depthwise(const Shape& shape, const Channels& channels);

/// The parameters of a convolution that say where its first pixel is, and the way to the next.
struct Walk {
  std::int32_t output = 0, output_step = 0;  ///< [B]
  std::int32_t x = 0, y = 0;                 ///< corner of the window
  std::int32_t step_x = 0, step_y = 0;
  std::int32_t last_x = 0, last_y = 0;  ///< the last corners of windows inside the input
};
Walk walk(const Shape& shape, bool reverse);

/// How a row of taps is copied: as one run, or tap by tap where it is dilated.
struct Runs {
  std::int32_t runs = 1, taps = 1;
};
Runs runs_of(const Shape& shape);
/// Whether the pixels are the input's, in order: one tap, stride 1, no padding, channels a multiple of 4.
bool are_points(const Shape& shape);

/// Scratch of parsimony_dsp_convolution_<block> and the other kernels [B].
std::int64_t convolution_scratch(const Shape& shape, std::int32_t block);
std::int64_t convolution_small_scratch(const Shape& shape);
std::int64_t depthwise_3x3_scratch(const Shape& shape);
std::int64_t depthwise_row_scratch(const Shape& shape);
std::int64_t depthwise_scratch(const Shape& shape);
/// Of one row in the scratch of parsimony_dsp_depthwise [B]; rows * bytes stays below 2^16.
std::int64_t depthwise_row_bytes(const Shape& shape);

}  // namespace parsimony::emit::dsp
