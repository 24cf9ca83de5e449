#include "parsimony/emit/kernel_work.hpp"

#include <algorithm>
#include <cmath>

#include "parsimony/emit/dsp_operator.hpp"

namespace parsimony::emit {
namespace {

using Kind = ir::OperatorKind;

/// A window's way along one axis.
struct Axis {
  std::int32_t input, output, kernel, stride, dilation, pad;

  /// Outputs whose tap at `offset` from the window's corner, and `beyond` more, lie inside the input.
  std::int64_t inside(std::int64_t offset, std::int64_t beyond = 0) const {
    const std::int64_t first = pad - offset, last = input - 1 - beyond + pad - offset;  // of output * stride
    if (last < 0) return 0;
    const std::int64_t from = first > 0 ? (first + stride - 1) / stride : 0;
    return std::max<std::int64_t>(std::min<std::int64_t>(last / stride, output - 1) - from + 1, 0);
  }
  /// Taps inside the input, over all outputs.
  double taps() const {
    std::int64_t sum = 0;
    for (std::int64_t tap = 0; tap < kernel; ++tap) sum += inside(tap * dilation);
    return static_cast<double>(sum);
  }
  /// Outputs whose whole window lies inside.
  double whole() const { return static_cast<double>(inside(0, std::int64_t{dilation} * (kernel - 1))); }
};

/// One operator's loops.
class Loops {
 public:
  /// @param whole  whether channels come in whole blocks; else loops over them take fractions
  Loops(const ir::Graph& graph, const ir::Operator& op, double in, double out, bool whole)
      : graph_(graph), op_(op), shape_(dsp_shape(graph, op)), in_(in), out_(out), whole_(whole) {}

  Work of(Kernel kernel) const {
    switch (kernel) {
      case Kernel::convolution_1d:
        return convolution_1d();
      case Kernel::depthwise_1d:
        return {1, pixels(), pixels() * out_, out_ * horizontal().taps()};
      case Kernel::mean:
        return {1, out_, out_ * input_pixels()};
      case Kernel::dsp_mean:
        return pooled(input_pixels(), input_pixels() > 256.0);
      case Kernel::multiply:
      case Kernel::add:
      case Kernel::add_constant:
      case Kernel::multiply_constant:
        return {1, rows(), elements()};
      case Kernel::argmax:
        return {1, input_pixels_of_any(), input_pixels_of_any() * in_};
      case Kernel::table:
      case Kernel::dsp_add:
      case Kernel::dsp_clamp:
        return {1, elements()};
      case Kernel::convolution:
        return convolution();
      case Kernel::depthwise:
        return depthwise();
      case Kernel::fully_connected:
        return {1, out_, out_ * in_, rest(out_, 4), rest(out_, 4) * in_};
      case Kernel::pool:
        return pool();
      case Kernel::copy_rows:
        return {static_cast<double>(op_.inputs.size()), copied_rows(), elements()};
      case Kernel::pad:
        return {1, output_pixels(), elements(), input_pixels_of_any() * in_};
      case Kernel::softmax:
        return {1, output_pixels(), elements()};
      case Kernel::dsp_convolution_3:
        return dsp_convolution(3);
      case Kernel::dsp_convolution_2:
        return dsp_convolution(2);
      case Kernel::dsp_convolution_small:
        return dsp_convolution_small();
      case Kernel::dsp_fully_connected:
        return {1, out_, out_ * fours(in_), rest(out_, 4), rest(out_, 4) * fours(in_)};
      case Kernel::dsp_depthwise_3x3:
        return dsp_depthwise_3x3();
      case Kernel::dsp_depthwise_row:
        return dsp_depthwise_row();
      case Kernel::dsp_depthwise:
        return dsp_depthwise();
      case Kernel::dsp_average_pool:
        return dsp_average_pool();
      case Kernel::dsp_gather:
      case Kernel::dsp_any_pair:
      case Kernel::dsp_requantise_any:
      case Kernel::dsp_sum_pixels:
      case Kernel::mve_sum_pixels:
        return {};
      case Kernel::mve_convolution:
        return mve_convolution();
      case Kernel::mve_fully_connected:
        return {1, blocks(out_, 4), blocks(out_, 4) * blocks(in_, 16)};
      case Kernel::mve_depthwise:
        return mve_depthwise();
      case Kernel::mve_add:
        return {1, blocks(elements(), 4)};
      case Kernel::mve_average_pool:
        return mve_average_pool();
      case Kernel::mve_mean:
        return mve_mean();
    }
    return {};
  }

 private:
  Work dsp_average_pool() const {
    const bool many = shape_.kernel_height * shape_.kernel_width > 256;
    const double taps = vertical().taps() * horizontal().taps();
    const double left = many ? out_ : rest(out_, 4);
    return {1, pixels(), pixels() * out_, out_ * taps, pixels() * left, left * taps};
  }

  bool linear() const { return op_.kind == Kind::fully_connected; }
  Axis vertical() const {
    return {shape_.input_height, shape_.output_height, shape_.kernel_height,
            shape_.stride_y,     shape_.dilation_y,    shape_.pad_top};
  }
  Axis horizontal() const {
    return {shape_.input_width, shape_.output_width, shape_.kernel_width,
            shape_.stride_x,    shape_.dilation_x,   shape_.pad_left};
  }
  double pixels() const { return static_cast<double>(shape_.pixels()); }
  double taps() const { return static_cast<double>(shape_.kernel_height) * shape_.kernel_width; }
  double input_pixels() const { return static_cast<double>(shape_.input_height) * shape_.input_width; }
  double output_pixels() const { return pixels_of(graph_.tensor(op_.output)); }
  double input_pixels_of_any() const { return pixels_of(graph_.tensor(op_.inputs[0])); }
  static double pixels_of(const ir::Tensor& tensor) {
    return static_cast<double>(tensor.elements() / tensor.shape.back());
  }
  double elements() const { return output_pixels() * out_; }
  /// Of the first input, each against the whole second.
  double rows() const {
    if (op_.inputs.size() == 1)  // against a constant
      return pixels_of(graph_.tensor(op_.inputs[0])) * graph_.tensor(op_.inputs[0]).shape.back() /
             static_cast<double>(op_.constant.elements());
    return static_cast<double>(graph_.tensor(op_.inputs[0]).elements() /
                               graph_.tensor(op_.inputs[1]).elements());
  }
  double copied_rows() const {
    double rows = static_cast<double>(op_.inputs.size());
    if (op_.kind != Kind::concatenation) return rows;
    for (std::int32_t axis = 0; axis < op_.axis; ++axis)
      rows *= graph_.tensor(op_.output).shape[static_cast<std::size_t>(axis)];
    return rows;
  }
  /// Pixels whose window hangs over an end.
  double at_the_edge() const { return pixels() - vertical().whole() * horizontal().whole(); }

  double blocks(double count, double of) const { return whole_ ? std::ceil(count / of) : count / of; }
  double rest(double count, double of) const { return whole_ ? std::fmod(count, of) : 0.0; }
  double fours(double count) const { return blocks(count, 4) * 4; }

  /// Channels by fours, and what is left one by one.
  Work convolution_1d() const {
    const double left = rest(out_, 4), sums = (out_ - left) / 4 + left;
    const double products = in_ * (linear() ? 1.0 : horizontal().taps());
    return {1, pixels(), pixels() * out_, pixels() * sums, sums * products, out_ * products};
  }

  Work convolution() const {
    const double pairs = std::ceil(pixels() / 2), depth = taps() * in_;
    const double both = 2 * pairs, channels = blocks(out_, 2);
    return {1,
            pairs,
            both * shape_.kernel_height,
            both * depth,
            at_the_edge() * depth,
            pairs * channels,
            pairs * channels * depth,
            pairs * channels * rest(depth, 8)};
  }

  Work depthwise() const {
    const bool multiplies = shape_.input_channels != shape_.output_channels;
    const double left = multiplies && whole_ ? out_ : rest(out_, 4);
    return {1,
            pixels(),
            pixels() * out_,
            pixels() * out_ * shape_.kernel_height,
            pixels() * out_ * taps(),
            at_the_edge() * out_ * taps(),
            pixels() * left,
            pixels() * left * taps()};
  }

  Work pool() const {
    const double average = op_.kind == Kind::average_pool ? pixels() * out_ : 0.0;
    return {1,
            static_cast<double>(shape_.output_height),
            pixels(),
            pixels() * out_,
            out_ * vertical().taps() * shape_.output_width,
            out_ * vertical().taps() * horizontal().taps(),
            average};
  }

  /// Sums of channels, four at a time unless there are too many pixels for that.
  Work pooled(double pixels, bool one_by_one) const {
    const double left = one_by_one ? out_ : rest(out_, 4);
    return {1, out_, out_ * pixels, left, left * pixels};
  }

  Work dsp_convolution(double block) const {
    const double count = std::ceil(pixels() / block), depth = blocks(taps() * in_, 4) * 4;
    const double channels = blocks(out_, 2), by_bytes = rest(in_, 4) > 0 ? 1.0 : 0.0;
    dsp::Shape words = shape_;
    words.input_channels = 4;
    const bool points = dsp::are_points(whole_ ? shape_ : words);
    const double copied_rows = points ? 0.0 : pixels() * shape_.kernel_height * dsp::runs_of(shape_).runs;
    return {1,
            count,
            copied_rows,
            pixels() * depth,
            at_the_edge() * depth,
            by_bytes * pixels() * shape_.kernel_height,
            by_bytes * (pixels() - at_the_edge()) * depth,
            by_bytes * at_the_edge() * depth,
            count * channels,
            count * channels * depth};
  }

  /// It looks at each tap alone, and copies by bytes where channels are no fours or the tap lies outside. An
  /// odd last pixel's window is copied twice.
  Work dsp_convolution_small() const {
    const double pairs = std::ceil(pixels() / 2), both = 2 * pairs, channels = blocks(out_, 2);
    const double all = both * taps(), inside = vertical().taps() * horizontal().taps() * both / pixels();
    const double of_words = rest(in_, 4) > 0 ? 0.0 : inside, depth = blocks(taps() * in_, 4) * 4;
    return {1,
            pairs,
            both * shape_.kernel_height,
            all,
            inside,
            all * in_,
            (all - of_words) * in_,
            pairs * channels,
            pairs * channels * depth};
  }

  Work dsp_depthwise_3x3() const {
    const bool once = shape_.stride_y == 1;
    const double lines = once ? std::ceil(pixels() / shape_.output_width / 2) : shape_.output_height;
    const double columns = static_cast<double>((shape_.output_width - 1) * shape_.stride_x + 3);
    return {1,
            out_,
            out_ * lines,
            out_ * lines * std::min<double>(shape_.input_width, columns),
            (once ? 1.0 : 0.0) * out_ * lines,
            (once ? 1.0 : 0.0) * out_ * lines * shape_.output_width,
            (once ? 0.0 : 1.0) * out_ * lines * shape_.output_width};
  }

  Work dsp_depthwise_row() const {
    return {1, out_, out_ * shape_.input_width, (shape_.stride_x == 1 ? 1.0 : 0.0) * out_ * pixels(),
            (shape_.stride_x == 1 ? 0.0 : 1.0) * out_ * pixels()};
  }

  Work dsp_depthwise() const {
    const bool together = shape_.stride_x <= 2 && shape_.dilation_x == 1 && shape_.output_width >= 4;
    const double lines = out_ * shape_.output_height, fours = std::ceil(shape_.output_width / 4.0);
    const double words = std::ceil(shape_.kernel_width / 4.0), high = shape_.kernel_height;
    const double taken =
        std::min((shape_.kernel_height - 1.0) * shape_.dilation_y + 1, shape_.stride_y * 1.0);
    Work work{1, out_, lines, lines * taken, lines * taken * shape_.input_width, lines * high};
    if (together) {
      work[6] = lines * fours;
      work[7] = lines * fours * high * words;
    } else {
      work[8] = lines * shape_.output_width;
      work[9] = lines * shape_.output_width * high * (shape_.dilation_x == 1 ? words : shape_.kernel_width);
    }
    return work;
  }

  /// A window is copied by runs of bytes: whole ones in one loop where every row of taps is whole vectors.
  Work mve_convolution() const {
    const dsp::Runs runs = dsp::runs_of(shape_);
    const double rows = shape_.kernel_height * static_cast<double>(runs.runs), bytes = runs.taps * in_;
    const double pairs = std::ceil(pixels() / 2), fours = blocks(out_, 4), whole = pixels() - at_the_edge();
    const bool one_row = shape_.kernel_height == 1;
    const bool quick = runs.runs == 1 && (one_row || (whole_ && std::fmod(bytes, 16) == 0.0));
    const bool known = whole_ || quick || runs.runs > 1;  // whatever the channels
    return {1,
            pixels(),
            pairs,
            pairs * fours,
            pairs * fours * blocks(taps() * in_, 16),
            quick ? whole * rows : 0.0,
            known && !quick ? whole * rows : 0.0,
            at_the_edge() * rows,
            pixels() * rows * blocks(bytes, 16)};
  }

  /// Sixteen channels at a time; of fewer than sixteen, eight.
  Work mve_depthwise() const {
    const double narrow = whole_ && out_ < 16 ? 1.0 : 0.0;
    const double eights = narrow > 0.0 ? blocks(out_, 8) : 2 * blocks(out_, 16);
    const double rows = vertical().taps() * shape_.output_width,
                 all = vertical().taps() * horizontal().taps();
    return {1,
            pixels(),
            at_the_edge(),
            pixels() * eights,
            rows * eights,
            all * eights,
            narrow * pixels() * eights,
            narrow * rows * eights,
            narrow * all * eights};
  }

  /// Sums of eight channels in 16 bits; of more than 256 pixels one by one.
  Work mve_average_pool() const {
    const double many = shape_.kernel_height * shape_.kernel_width > 256 ? 1.0 : 0.0, few = 1.0 - many;
    const double eights = blocks(out_, 8), all = vertical().taps() * horizontal().taps();
    return {1,
            pixels(),
            pixels() * eights,
            few * eights * vertical().taps() * shape_.output_width,
            few * eights * all,
            pixels() * out_,
            many * out_ * all};
  }

  Work mve_mean() const {
    const double many = input_pixels() > 256.0 ? 1.0 : 0.0, eights = blocks(out_, 8);
    return {1, eights, (1.0 - many) * eights * input_pixels(), out_, many * out_ * input_pixels()};
  }

  const ir::Graph& graph_;
  const ir::Operator& op_;
  dsp::Shape shape_;
  double in_, out_;
  bool whole_;
};

}  // namespace

Work kernel_work(const ir::Graph& graph, const ir::Operator& op, Kernel kernel) {
  const ir::Tensor& input = graph.tensor(op.inputs[0]);
  const double in =
      op.kind == Kind::fully_connected ? static_cast<double>(input.elements()) : input.shape.back();
  return Loops(graph, op, in, graph.tensor(op.output).shape.back(), true).of(kernel);
}

Work kernel_work_lower(const ir::Graph& graph, const ir::Operator& op, Kernel kernel, double in, double out) {
  return Loops(graph, op, in, out, false).of(kernel);
}

}  // namespace parsimony::emit
