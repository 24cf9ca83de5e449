#include "parsimony/emit/dsp_overlap.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "parsimony/base/contracts.hpp"

namespace parsimony::emit::dsp {
namespace {

constexpr std::int64_t kNone = std::int64_t{1} << 40;  // of a window that reads nothing
constexpr std::int32_t kLargestBlock = 3;              // pixels that a kernel computes together

/// The taps of one axis that lie inside: where the first does, and behind the last.
struct Reach {
  std::int64_t first = kNone, end = -kNone;
};

Reach reach(std::int32_t corner, std::int32_t taps, std::int32_t dilation, std::int32_t size) {
  const std::int32_t skipped = corner < 0 ? (-corner + dilation - 1) / dilation : 0;
  const bool whole = corner + (taps - 1) * dilation < size;  // far more often: no division
  const std::int32_t last = whole ? taps - 1 : corner < size ? (size - 1 - corner) / dilation : -1;
  if (last < skipped) return {};
  return {corner + skipped * dilation, corner + last * dilation + 1};
}

struct Axis {
  std::int32_t outputs, stride, pad, taps, dilation, size;
  Reach at(std::int32_t output) const { return reach(output * stride - pad, taps, dilation, size); }
  /// The first and the last output whose windows lie inside; none where the last comes first.
  std::int32_t first_whole() const { return (pad + stride - 1) / stride; }
  std::int32_t last_whole() const {
    const std::int32_t last_corner = size - 1 - (taps - 1) * dilation;
    return last_corner + pad < 0 ? -1 : std::min((last_corner + pad) / stride, outputs - 1);
  }
};

Axis rows_of(const Shape& s) {
  return {s.output_height, s.stride_y, s.pad_top, s.kernel_height, s.dilation_y, s.input_height};
}

Axis columns_of(const Shape& s) {
  return {s.output_width, s.stride_x, s.pad_left, s.kernel_width, s.dilation_x, s.input_width};
}

/// The most that the blocks written up to some pixel reach beyond the first byte that the pixels from there
/// on read. Within a row of pixels that is a maximum over its columns that the row does not change: it is
/// taken once for each remainder by the block.
class LeastDistance {
 public:
  LeastDistance(const Shape& s, std::int32_t block, bool mirrored)
      : s_(s), columns_(columns_of(s)), rows_(rows_of(s)), block_(block), mirrored_(mirrored) {
    PARSIMONY_EXPECTS(block >= 1 && block <= kLargestBlock);
    best_.fill(-kNone);
  }

  std::int64_t find() {
    look_at_columns();
    const std::int64_t row_bytes = std::int64_t{s_.input_width} * s_.input_channels;
    std::int64_t distance = -kNone, later = kNone;  // the first byte that later rows of pixels read
    for (std::int32_t row = s_.output_height - 1; row >= 0; --row) {
      const std::int32_t first_pixel = row * s_.output_width;
      const std::int32_t last_boundary = (first_pixel + s_.output_width - 1) / block_ * block_;
      const std::int32_t column = (first_pixel + block_ - 1) / block_ * block_ - first_pixel;
      const std::int64_t first = first_byte(rows_, row_bytes, row);
      const std::int64_t in_row = row == 0 ? first_row_best_ : best_[static_cast<std::size_t>(column)];
      distance = std::max(distance, first_pixel * pixel_bytes() + in_row - first);
      if (last_boundary >= std::max(first_pixel, 1))
        distance = std::max(distance, last_boundary * pixel_bytes() - later);
      if (first_x_ < kNone && first < kNone) later = std::min(later, first + first_x_);
    }
    return distance;
  }

 private:
  std::int64_t pixel_bytes() const { return s_.output_channels; }

  /// Of a window along one axis, from the end where reading begins.
  std::int64_t first_byte(const Axis& axis, std::int64_t bytes, std::int32_t output) const {
    const Reach window = axis.at(mirrored_ ? axis.outputs - 1 - output : output);
    if (window.first == kNone) return kNone;
    return (mirrored_ ? axis.size - window.end : window.first) * bytes;
  }

  /// From the last to the first. From one whole window to the next the distance changes by the same: of
  /// those a block from either end is enough, at the left beside the first, which may be the first pixel.
  void look_at_columns() {
    std::int32_t first_whole = columns_.first_whole(), last_whole = columns_.last_whole();
    if (mirrored_) {
      first_whole = columns_.outputs - 1 - first_whole;
      last_whole = columns_.outputs - 1 - last_whole;
      std::swap(first_whole, last_whole);
    }
    for (std::int32_t column = s_.output_width - 1; column >= 0; --column) {
      first_x_ = std::min(first_x_, first_byte(columns_, s_.input_channels, column));
      std::int64_t& most = best_[static_cast<std::size_t>(column % block_)];
      if (column == 0) first_row_best_ = most;
      most = std::max(most, column * pixel_bytes() - first_x_);
      if (column + block_ - 1 == last_whole) column = std::min(column, first_whole + block_ + 1);
    }
  }

  const Shape& s_;
  const Axis columns_, rows_;
  const std::int32_t block_;
  const bool mirrored_;
  std::array<std::int64_t, kLargestBlock> best_;  ///< by the column's remainder
  std::int64_t first_row_best_ = -kNone;  ///< without the first pixel, before which nothing is written
  std::int64_t first_x_ = kNone;          ///< the first byte that any column reads
};

std::int64_t least_distance(const Shape& shape, std::int32_t block, bool mirrored) {
  return LeastDistance(shape, block, mirrored).find();
}

/// Whether the bytes that output rows leave behind, in one channel, are never read: `written` pixels at each
/// step, then rows from `next` on.
bool rows_are_unharmed(const Shape& s, std::int64_t written, std::int64_t next) {
  const std::int64_t row = std::max<std::int64_t>(next, 0);
  return row >= s.input_height || written <= row * s.input_width;
}

Overlap apart(const Shape& shape, bool in_place) {
  return {shape.output_bytes(), shape.input_bytes(), in_place};
}

void add_window(std::vector<Access>& accesses, const Shape& s, std::int32_t out_y, std::int32_t out_x,
                std::int32_t channel, std::int32_t channels) {
  const std::int32_t corner_y = out_y * s.stride_y - s.pad_top, corner_x = out_x * s.stride_x - s.pad_left;
  for (std::int32_t tap_y = 0; tap_y < s.kernel_height; ++tap_y)
    for (std::int32_t tap_x = 0; tap_x < s.kernel_width; ++tap_x) {
      const std::int32_t y = corner_y + tap_y * s.dilation_y, x = corner_x + tap_x * s.dilation_x;
      if (y < 0 || y >= s.input_height || x < 0 || x >= s.input_width) continue;
      const std::int64_t at = (std::int64_t{1} * y * s.input_width + x) * s.input_channels + channel;
      accesses.push_back({false, at, at + channels});
    }
}

/// One channel of one row of the input, as far as `columns` go.
void add_row(std::vector<Access>& accesses, const Shape& s, std::int64_t row, std::int32_t channel,
             std::int64_t columns) {
  if (row < 0 || row >= s.input_height) return;
  for (std::int64_t x = 0; x < std::min<std::int64_t>(columns - s.pad_left, s.input_width); ++x) {
    const std::int64_t at = (row * s.input_width + x) * s.input_channels + channel;
    accesses.push_back({false, at, at + 1});
  }
}

void add_output_row(std::vector<Access>& accesses, const Shape& s, std::int64_t row, std::int32_t channel) {
  for (std::int64_t x = 0; x < s.output_width && row < s.output_height; ++x) {
    const std::int64_t at = (row * s.output_width + x) * s.output_channels + channel;
    accesses.push_back({true, at, at + 1});
  }
}

}  // namespace

Overlap convolution_overlap(const Shape& shape, std::int32_t block) {
  const std::int64_t forward = least_distance(shape, block, false);
  const std::int64_t backward =
      least_distance(shape, block, true) + shape.input_bytes() - shape.output_bytes();
  return {std::max(forward, -shape.input_bytes()), std::max(backward, -shape.output_bytes()), forward <= 0};
}

Overlap depthwise_3x3_overlap(const Shape& shape) {
  bool in_place = true;
  const std::int64_t rows = shape.stride_y == 1 ? 2 : 1;  // written at a step
  for (std::int64_t y = 0; y + rows < shape.output_height; y += rows) {
    const std::int64_t next = (y + rows) * shape.stride_y - shape.pad_top + 2;
    in_place = in_place && rows_are_unharmed(shape, (y + rows) * shape.output_width, next);
  }
  return apart(shape, in_place);
}

Overlap depthwise_overlap(const Shape& shape) {
  bool in_place = true;
  const std::int64_t span = (std::int64_t{shape.kernel_height} - 1) * shape.dilation_y + 1;
  const std::int64_t fresh = std::min<std::int64_t>(span, shape.stride_y);
  for (std::int64_t y = 1; y < shape.output_height; ++y)
    in_place = in_place && rows_are_unharmed(shape, y * shape.output_width,
                                             y * shape.stride_y - shape.pad_top + span - fresh);
  return apart(shape, in_place);
}

Overlap depthwise_row_overlap(const Shape& shape) {
  return apart(shape, true);
}

Overlap average_pool_overlap(const Shape& shape) {
  std::int64_t below = std::max(least_distance(shape, 1, false), -shape.input_bytes());
  if (shape.output_channels > 4) below = std::max<std::int64_t>(below, 0);
  return {below, shape.input_bytes(), below <= 0};
}

Overlap fully_connected_overlap(std::int32_t inputs, std::int32_t outputs) {
  if (outputs == 1) return {-inputs, -outputs, true};
  return {outputs - 1, inputs, false};
}

Overlap elementwise_overlap(std::int64_t elements) {
  if (elements == 1) return {-1, -1, true};
  return {0, elements, true};
}

std::vector<Access> convolution_accesses(const Shape& shape, std::int32_t block, bool reverse) {
  std::vector<Access> accesses;
  const std::int32_t pixels = shape.pixels();
  for (std::int32_t first = 0; first < pixels; first += block) {
    const std::int32_t end = std::min(first + block, pixels);
    const auto number = [&](std::int32_t i) { return reverse ? pixels - 1 - i : i; };
    for (std::int32_t i = first; i < end; ++i)
      add_window(accesses, shape, number(i) / shape.output_width, number(i) % shape.output_width, 0,
                 shape.input_channels);
    for (std::int32_t i = first; i < end; ++i) {
      const std::int64_t at = std::int64_t{number(i)} * shape.output_channels;
      accesses.push_back({true, at, at + shape.output_channels});
    }
  }
  return accesses;
}

std::vector<Access> depthwise_3x3_accesses(const Shape& shape) {
  std::vector<Access> accesses;
  const std::int64_t columns = std::int64_t{shape.output_width - 1} * shape.stride_x + 3;
  const std::int32_t rows = shape.stride_y == 1 ? 2 : 1;
  for (std::int32_t channel = 0; channel < shape.input_channels; ++channel) {
    std::int64_t row = -shape.pad_top;
    for (std::int64_t i = 0; i < 2; ++i) add_row(accesses, shape, row + i, channel, columns);
    for (std::int64_t y = 0; y < shape.output_height; y += rows) {
      row += 2;
      for (std::int64_t i = 0; i < 2; ++i) add_row(accesses, shape, row + i, channel, columns);
      for (std::int64_t i = 0; i < rows; ++i) add_output_row(accesses, shape, y + i, channel);
    }
  }
  return accesses;
}

std::vector<Access> depthwise_accesses(const Shape& shape) {
  std::vector<Access> accesses;
  const std::int64_t span = (std::int64_t{shape.kernel_height} - 1) * shape.dilation_y + 1;
  const std::int64_t columns = depthwise_row_bytes(shape);
  for (std::int32_t channel = 0; channel < shape.input_channels; ++channel)
    for (std::int64_t y = 0; y < shape.output_height; ++y) {
      const std::int64_t fresh = y == 0 ? span : std::min<std::int64_t>(span, shape.stride_y);
      const std::int64_t next = y * shape.stride_y - shape.pad_top + span - fresh;
      for (std::int64_t i = 0; i < fresh; ++i) add_row(accesses, shape, next + i, channel, columns);
      add_output_row(accesses, shape, y, channel);
    }
  return accesses;
}

std::vector<Access> depthwise_row_accesses(const Shape& shape) {
  std::vector<Access> accesses;
  for (std::int32_t channel = 0; channel < shape.input_channels; ++channel) {
    add_row(accesses, shape, 0, channel, depthwise_row_scratch(shape));
    add_output_row(accesses, shape, 0, channel);
  }
  return accesses;
}

std::vector<Access> average_pool_accesses(const Shape& shape) {
  std::vector<Access> accesses;
  for (std::int32_t pixel = 0; pixel < shape.pixels(); ++pixel)
    for (std::int32_t channel = 0; channel < shape.output_channels; channel += 4) {
      const std::int32_t count = std::min(4, shape.output_channels - channel);
      add_window(accesses, shape, pixel / shape.output_width, pixel % shape.output_width, channel, count);
      const std::int64_t at = std::int64_t{pixel} * shape.output_channels + channel;
      accesses.push_back({true, at, at + count});
    }
  return accesses;
}

std::vector<Access> fully_connected_accesses(std::int32_t inputs, std::int32_t outputs) {
  std::vector<Access> accesses;
  for (std::int32_t i = 0; i < outputs; ++i) {
    accesses.push_back({false, 0, inputs});
    accesses.push_back({true, i, i + 1});
  }
  return accesses;
}

std::vector<Access> elementwise_accesses(std::int64_t elements) {
  std::vector<Access> accesses;
  for (std::int64_t i = 0; i < elements; ++i) {
    accesses.push_back({false, i, i + 1});
    accesses.push_back({true, i, i + 1});
  }
  return accesses;
}

bool is_safe(std::span<const Access> accesses, std::int64_t distance) {
  std::int64_t last = 0;
  for (const Access& access : accesses) last = std::max(last, access.end);
  std::vector<bool> written(static_cast<std::size_t>(last));  // of the input's bytes
  for (const Access& access : accesses) {
    const std::int64_t shift = access.write ? distance : 0;
    const std::int64_t end = std::min(access.end + shift, last);
    for (std::int64_t at = std::max<std::int64_t>(access.begin + shift, 0); at < end; ++at) {
      if (access.write)
        written[static_cast<std::size_t>(at)] = true;
      else if (written[static_cast<std::size_t>(at)])
        return false;
    }
  }
  return true;
}

}  // namespace parsimony::emit::dsp
