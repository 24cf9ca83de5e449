#include "parsimony/emit/sweep.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "parsimony/base/contracts.hpp"

namespace parsimony::emit {
namespace {

using Axis = Sweep::Axis;

/// First input of window k, and the one after its last, inside the input.
std::int64_t first_of(const Axis& axis, std::int64_t k) {
  return std::clamp<std::int64_t>(k * axis.stride - axis.pad, 0, axis.inputs - 1);
}
std::int64_t end_of(const Axis& axis, std::int64_t k) {
  return std::clamp<std::int64_t>(k * axis.stride - axis.pad + axis.span, 1, axis.inputs);
}

/// Pixels of the output by number, and what the input must still hold for them.
class Needs {
 public:
  explicit Needs(const Sweep& sweep) : sweep_(sweep) {}

  std::int64_t pixels() const { return sweep_.vertical.outputs * sweep_.horizontal.outputs; }

  /// First input byte that pixel or a later one reads. A later row may begin on the same input row (above the
  /// padding's end), then at its left edge.
  std::int64_t from(std::int64_t pixel) const {
    return from(pixel / sweep_.horizontal.outputs, pixel % sweep_.horizontal.outputs);
  }
  std::int64_t from(std::int64_t y, std::int64_t x) const {
    const std::int64_t here = begin(first_of(sweep_.vertical, y), first_of(sweep_.horizontal, x));
    if (y + 1 == sweep_.vertical.outputs) return here;
    return std::min(here, begin(first_of(sweep_.vertical, y + 1), first_of(sweep_.horizontal, 0)));
  }

  /// The byte after the last that pixel or an earlier one reads.
  std::int64_t until(std::int64_t pixel) const {
    return until(pixel / sweep_.horizontal.outputs, pixel % sweep_.horizontal.outputs);
  }
  std::int64_t until(std::int64_t y, std::int64_t x) const {
    const auto end = [&](std::int64_t row, std::int64_t column) {
      return begin(end_of(sweep_.vertical, row) - 1, end_of(sweep_.horizontal, column));
    };
    const std::int64_t here = end(y, x);
    return y == 0 ? here : std::max(here, end(y - 1, sweep_.horizontal.outputs - 1));
  }

 private:
  std::int64_t begin(std::int64_t y, std::int64_t x) const {
    return (y * sweep_.horizontal.inputs + x) * sweep_.input_channels;
  }
  const Sweep& sweep_;
};

/// Numbers of 0 … outputs − 1 among which every maximum lies of what is linear between the padding's end and
/// the last window that reaches over the end: the first and last few, on both sides of each bend, for either
/// parity of a block's first pixel.
class NearTheBends {
 public:
  explicit NearTheBends(const Axis& axis) {
    constexpr std::int64_t kAround = 3;
    const std::int64_t last = axis.outputs - 1;
    const std::int64_t unclipped = std::min((axis.pad + axis.stride - 1) / axis.stride, last);
    const std::int64_t clipped =
        std::clamp<std::int64_t>((axis.inputs + axis.pad - axis.span) / axis.stride, 0, last);
    const auto [low, high] = std::minmax(unclipped, clipped);
    std::int64_t next = 0;  // the least that is not among them
    for (const std::int64_t centre : {std::int64_t{0}, low, high, last})
      for (next = std::max(centre - kAround, next); next <= std::min(centre + kAround, last); ++next)
        numbers_[count_++] = next;
  }
  const std::int64_t* begin() const { return numbers_.data(); }
  const std::int64_t* end() const { return numbers_.data() + count_; }

 private:
  std::array<std::int64_t, 28> numbers_;
  std::size_t count_ = 0;
};

}  // namespace

plan::Clearance clearance(const Sweep& sweep) {
  const Needs needs(sweep);
  const std::int64_t pixels = needs.pixels(), block = std::max<std::int64_t>(sweep.block, 1);
  const std::int64_t width = sweep.horizontal.outputs, channels = sweep.output_channels;
  // Where there is but one block, any place will do.
  std::int64_t below = -sweep.vertical.inputs * sweep.horizontal.inputs * sweep.input_channels;
  std::int64_t above = -pixels * channels;
  const auto look_at = [&](std::int64_t y, std::int64_t x) {
    const std::int64_t pixel = y * width + x;
    if (sweep.block == 0) {  // all channels but the last are written before the window's last use
      const std::int64_t written = pixel * channels + channels - 1;
      const std::int64_t down_to = channels > 1 ? pixel * channels : (pixel + 1) * channels;
      if (written > 0) below = std::max(below, written - needs.from(y, x));
      if (down_to < pixels * channels) above = std::max(above, needs.until(y, x) - down_to);
      return;
    }
    const std::int64_t first = pixel / block * block;  // of its block
    const std::int64_t next = first + block;
    if (next < pixels) below = std::max(below, next * channels - needs.from(next));
    if (first > 0) above = std::max(above, needs.until(first - 1) - first * channels);
  };
  const NearTheBends columns(sweep.horizontal);
  for (const std::int64_t y : NearTheBends(sweep.vertical))
    for (const std::int64_t x : columns) look_at(y, x);
  return {below, above};
}

std::vector<plan::Access> accesses(const Sweep& sweep, plan::Direction direction) {
  using Kind = plan::Access::Kind;
  std::vector<plan::Access> result;
  const std::int64_t width = sweep.horizontal.outputs, pixels = sweep.vertical.outputs * width;
  const std::int64_t row_bytes = sweep.horizontal.inputs * sweep.input_channels;
  const std::int64_t block = std::max<std::int64_t>(sweep.block, 1);
  const auto read_window = [&](std::int64_t pixel) {
    const std::int64_t y = pixel / width, x = pixel % width;
    const std::int64_t left = first_of(sweep.horizontal, x) * sweep.input_channels;
    const std::int64_t right = end_of(sweep.horizontal, x) * sweep.input_channels;
    const std::int64_t top = first_of(sweep.vertical, y), bottom = end_of(sweep.vertical, y);
    result.push_back({Kind::read, 0, top * row_bytes + left, right - left, bottom - top, row_bytes});
  };
  const auto write = [&](std::int64_t begin, std::int64_t end) {
    if (begin < end) result.push_back({Kind::write, 0, begin, end - begin});
  };
  const std::int64_t blocks = (pixels + block - 1) / block;
  for (std::int64_t k = 0; k < blocks; ++k) {
    const std::int64_t first = (direction == plan::Direction::forward ? k : blocks - 1 - k) * block;
    const std::int64_t end = std::min(first + block, pixels);
    for (std::int64_t pixel = first; pixel < end; ++pixel) read_window(pixel);
    if (sweep.block == 0) {  // the last channel is computed after the others are written
      write(first * sweep.output_channels, end * sweep.output_channels - 1);
      read_window(first);
      write(end * sweep.output_channels - 1, end * sweep.output_channels);
    } else {
      write(first * sweep.output_channels, end * sweep.output_channels);
    }
  }
  return result;
}

}  // namespace parsimony::emit
