#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "parsimony/base/contracts.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/dsp_operator.hpp"
#include "parsimony/emit/emission.hpp"
#include "parsimony/emit/operator_arrays.hpp"
#include "parsimony/ir/arithmetic.hpp"

namespace parsimony::emit {
namespace {

/// A tensor as [height, width, channels]; missing axes are 1.
struct Extent {
  std::int64_t height = 1, width = 1, channels = 1;
  explicit Extent(const ir::Tensor& tensor) {
    const auto& shape = tensor.shape;
    channels = shape.back();
    if (shape.size() >= 2) width = shape[shape.size() - 2];
    if (shape.size() >= 3) height = shape[shape.size() - 3];
  }
};

/// The parameters of one operator, behind its arrays.
class OperatorSource {
 public:
  OperatorSource(CWriter& writer, const Emission& emission, const ir::Operator& op, Kernel kernel)
      : writer_(writer),
        emission_(emission),
        op_(op),
        kernel_(kernel),
        input_(emission.graph.tensor(op.inputs[0])),
        output_(emission.graph.tensor(op.output)) {}

  void write() {
    writer_.line(Comment{fmt::format("{}: {}", op_.name, ir::kind_name(op_.kind))});
    const bool shared = &emission_.choice.owner(op_) != &op_;
    if (!shared) write_arrays(writer_, emission_, op_);
    for (std::size_t part = 0; part < static_cast<std::size_t>(KernelChoice::parts(op_)); ++part)
      write_struct(kernel_, parameter_symbol(emission_, op_, part), [&] { write_parameters(part); });
    if (emission_.choice.clamps_apart(op_))
      write_struct(Kernel::dsp_clamp, symbol("clamp"), [&] {
        writer_.line(".elements = ", Integer{output_.elements()}, ", .lowest = ", Integer{op_.activation_min},
                     ", .highest = ", Integer{op_.activation_max});
      });
    writer_.line();
  }

 private:
  std::string symbol(std::string_view part) const { return emission_.symbol(op_, part); }
  /// Of an array of constants, which may be another operator's.
  std::string array(std::string_view part) const {
    return emission_.symbol(emission_.choice.owner(op_), part);
  }

  template <typename Body>
  void write_struct(Kernel kernel, const std::string& name, Body body) {
    writer_.open("static const struct parsimony_", facts(kernel).parameters, " ", Identifier{name}, " = ");
    body();
    writer_.close(";");
  }

  void write_parameters(std::size_t part) {
    switch (kernel_) {
      case Kernel::convolution_1d:
        return write_convolution_1d();
      case Kernel::depthwise_1d:
        return write_depthwise_1d();
      case Kernel::convolution:
      case Kernel::depthwise:
        return write_convolution();
      case Kernel::fully_connected:
        return write_fully_connected();
      case Kernel::mean:
        return write_mean();
      case Kernel::multiply:
        return write_multiply();
      case Kernel::add:
        return write_add();
      case Kernel::pool:
        return write_pool();
      case Kernel::copy_rows:
        return write_copy(part);
      case Kernel::pad:
        return write_pad();
      case Kernel::table:
        return writer_.line(".table = ", Identifier{array("table")},
                            ", .elements = ", Integer{output_.elements()});
      case Kernel::softmax:
        return write_softmax();
      case Kernel::add_constant:
        return write_add_constant();
      case Kernel::multiply_constant:
        return write_multiply_constant();
      case Kernel::argmax:
        return write_rows_and_columns(input_.shape.back());
      case Kernel::dsp_convolution_3:
      case Kernel::dsp_convolution_2:
        return write_dsp_convolution();
      case Kernel::dsp_convolution_small:
        return write_dsp_convolution_small();
      case Kernel::dsp_fully_connected:
        return write_dsp_fully_connected();
      case Kernel::dsp_depthwise_3x3:
      case Kernel::dsp_depthwise_row:
      case Kernel::dsp_depthwise:
        return write_dsp_depthwise();
      case Kernel::dsp_add:
        return write_dsp_add();
      case Kernel::dsp_average_pool:
        return write_dsp_pool();
      case Kernel::dsp_mean:
        return write_dsp_mean();
      case Kernel::mve_convolution:
        return write_mve_convolution();
      case Kernel::mve_fully_connected:
        return write_fully_connected();
      case Kernel::mve_depthwise:
        return write_mve_depthwise();
      case Kernel::mve_add:
        return write_mve_add();
      case Kernel::mve_average_pool:
        return write_mve_pool();
      case Kernel::mve_mean:
        return write_mve_mean();
      case Kernel::dsp_clamp:
      case Kernel::dsp_gather:
      case Kernel::dsp_any_pair:
      case Kernel::dsp_requantise_any:
      case Kernel::dsp_sum_pixels:
      case Kernel::mve_sum_pixels:
        break;
    }
    contract_broken("precondition", "a kernel that runs operators", __FILE__, __LINE__);
  }

  // DSP kernels: runtime/kernels/dsp says what each field is.

  void write_dsp_convolution() {
    const dsp::Shape shape = dsp_shape(emission_.graph, op_);
    write_packed_pointers();
    write_gathering(shape, padded(static_cast<std::size_t>(shape.depth())));
    writer_.line(".points = ", Integer{dsp::are_points(shape) ? 1 : 0}, ",");
    write_input_zero_point();
  }

  void write_mve_convolution() {
    const dsp::Shape shape = dsp_shape(emission_.graph, op_);
    write_pointers();
    write_gathering(shape, shape.depth());
    write_zero_point_and_clamp();
  }

  void write_mve_depthwise() {
    const dsp::Shape shape = dsp_shape(emission_.graph, op_);
    write_pointers();
    write_walk(shape);
    writer_.line(".input_width = ", Integer{shape.input_width},
                 ", .input_height = ", Integer{shape.input_height},
                 ", .channels = ", Integer{shape.input_channels},
                 ", .output_width = ", Integer{shape.output_width}, ",");
    writer_.line(
        ".kernel_height = ", Integer{shape.kernel_height}, ", .kernel_width = ", Integer{shape.kernel_width},
        ", .dilation_y = ", Integer{shape.dilation_y}, ", .dilation_x = ", Integer{shape.dilation_x}, ",");
    write_zero_point_and_clamp();
  }

  void write_mve_add() {
    const DspAddition addition = dsp_addition(emission_.graph, op_);
    const auto zero_point = [&](std::size_t input) {
      return std::int64_t{emission_.graph.tensor(op_.inputs[input]).quantisation.zero_point};
    };
    writer_.line(".offset = ", Integer{-zero_point(addition.first) * (1 << 19)},
                 ", .second_offset = ", Integer{-zero_point(addition.second) * (1 << 20)}, ",");
    writer_.line(".second_multiplier = ", Integer{addition.second_multiplier},
                 ", .multiplier = ", Integer{addition.multiplier},
                 ", .elements = ", Integer{output_.elements()}, ",");
    writer_.line(".second_shift = ", Integer{-addition.second_shift}, ", .shift = ", Integer{-addition.shift},
                 ",");
    write_clamp();
  }

  void write_mve_pool() {
    write_dsp_pool();
    writer_.line(",.lowest = ", Integer{op_.activation_min}, ", .highest = ", Integer{op_.activation_max});
  }

  void write_mve_mean() {
    write_dsp_mean();
    writer_.line(",.lowest = ", Integer{op_.activation_min}, ", .highest = ", Integer{op_.activation_max});
  }

  void write_walk(const dsp::Shape& shape) {
    const dsp::Walk way = dsp::walk(shape, runs_in_reverse());
    writer_.line(".output = ", Integer{way.output}, ", .output_step = ", Integer{way.output_step},
                 ", .pixels = ", Integer{shape.pixels()}, ",");
    writer_.line(".x = ", Integer{way.x}, ", .y = ", Integer{way.y}, ", .step_x = ", Integer{way.step_x},
                 ", .step_y = ", Integer{way.step_y}, ",");
  }

  /// The way of a convolution's pixels and what it copies for each.
  void write_gathering(const dsp::Shape& shape, std::int64_t depth) {
    const dsp::Walk way = dsp::walk(shape, runs_in_reverse());
    const dsp::Runs runs = dsp::runs_of(shape);
    write_walk(shape);
    writer_.line(".last_x = ", Integer{way.last_x}, ", .last_y = ", Integer{way.last_y}, ",");
    writer_.line(".input_width = ", Integer{shape.input_width},
                 ", .input_height = ", Integer{shape.input_height},
                 ", .input_channels = ", Integer{shape.input_channels}, ",");
    writer_.line(".output_channels = ", Integer{shape.output_channels},
                 ", .output_width = ", Integer{shape.output_width}, ", .depth = ", Integer{depth}, ",");
    writer_.line(".rows = ", Integer{shape.kernel_height}, ", .runs = ", Integer{runs.runs},
                 ", .run_taps = ", Integer{runs.taps}, ", .dilation_y = ", Integer{shape.dilation_y},
                 ", .dilation_x = ", Integer{shape.dilation_x}, ",");
  }

  void write_dsp_convolution_small() {
    const dsp::Shape shape = dsp_shape(emission_.graph, op_);
    writer_.line(".weights = ", Identifier{array("weights")}, ", .shift = ", Identifier{array("shift")}, ",");
    writer_.line(".input_height = ", Integer{shape.input_height},
                 ", .input_width = ", Integer{shape.input_width},
                 ", .input_channels = ", Integer{shape.input_channels}, ",");
    writer_.line(".output_height = ", Integer{shape.output_height},
                 ", .output_width = ", Integer{shape.output_width},
                 ", .output_channels = ", Integer{shape.output_channels}, ",");
    writer_.line(".kernel_height = ", Integer{shape.kernel_height},
                 ", .kernel_width = ", Integer{shape.kernel_width}, ", .stride_y = ", Integer{shape.stride_y},
                 ", .stride_x = ", Integer{shape.stride_x}, ",");
    writer_.line(".dilation_y = ", Integer{shape.dilation_y}, ", .dilation_x = ", Integer{shape.dilation_x},
                 ", .pad_top = ", Integer{shape.pad_top}, ", .pad_left = ", Integer{shape.pad_left}, ",");
    writer_.line(".output_zero_point = ", Integer{output_.quantisation.zero_point},
                 ", .reverse = ", Integer{runs_in_reverse() ? 1 : 0}, ",");
    write_input_zero_point();
  }

  void write_dsp_fully_connected() {
    write_packed_pointers();
    writer_.line(".inputs = ", Integer{padded(static_cast<std::size_t>(input_.elements()))},
                 ", .outputs = ", Integer{output_.elements()});
  }

  void write_dsp_depthwise() {
    const dsp::Shape shape = dsp_shape(emission_.graph, op_);
    write_packed_pointers();
    writer_.line(".constant = ", Identifier{array("constant")},
                 ", .channels = ", Integer{shape.input_channels}, ",");
    if (kernel_ == Kernel::dsp_depthwise_row) {
      writer_.line(".input_length = ", Integer{shape.input_width},
                   ", .output_length = ", Integer{shape.output_width},
                   ", .stride = ", Integer{shape.stride_x}, ",");
    } else {
      writer_.line(".input_height = ", Integer{shape.input_height},
                   ", .input_width = ", Integer{shape.input_width},
                   ", .output_height = ", Integer{shape.output_height},
                   ", .output_width = ", Integer{shape.output_width}, ",");
      writer_.line(".pad_top = ", Integer{shape.pad_top}, ",");
    }
    if (kernel_ == Kernel::dsp_depthwise_3x3) writer_.line(".stride = ", Integer{shape.stride_x}, ",");
    if (kernel_ == Kernel::dsp_depthwise)
      writer_.line(".kernel_height = ", Integer{shape.kernel_height},
                   ", .kernel_width = ", Integer{shape.kernel_width},
                   ", .stride_y = ", Integer{shape.stride_y}, ", .stride_x = ", Integer{shape.stride_x},
                   ", .dilation_y = ", Integer{shape.dilation_y},
                   ", .dilation_x = ", Integer{shape.dilation_x}, ",");
    writer_.line(".pad_left = ", Integer{shape.pad_left}, ",");
    write_input_zero_point();
  }

  void write_dsp_add() {
    const DspAddition addition = dsp_addition(emission_.graph, op_);
    const auto zero_point = [&](std::size_t input) {
      return std::int64_t{emission_.graph.tensor(op_.inputs[input]).quantisation.zero_point};
    };
    writer_.line(".offset = ", Integer{-zero_point(addition.first) * (1 << 20)},
                 ", .second_offset = ", Integer{-zero_point(addition.second) * (1 << 21)}, ",");
    writer_.line(".second_multiplier = ", Integer{addition.second_multiplier},
                 ", .second_shift = ", Integer{addition.second_shift}, ",");
    writer_.line(".multiplier = ", Integer{addition.multiplier}, ", .shift = ", Integer{addition.shift}, ",");
    writer_.line(".elements = ", Integer{output_.elements()},
                 ", .zero_point = ", Integer{twice_zero_point()});
  }

  void write_dsp_pool() {
    const dsp::Shape shape = dsp_shape(emission_.graph, op_);
    writer_.line(".input_height = ", Integer{shape.input_height},
                 ", .input_width = ", Integer{shape.input_width},
                 ", .channels = ", Integer{shape.input_channels}, ",");
    writer_.line(".output_height = ", Integer{shape.output_height},
                 ", .output_width = ", Integer{shape.output_width}, ",");
    writer_.line(".kernel_height = ", Integer{shape.kernel_height},
                 ", .kernel_width = ", Integer{shape.kernel_width}, ", .stride_y = ", Integer{shape.stride_y},
                 ", .stride_x = ", Integer{shape.stride_x}, ",");
    writer_.line(".pad_top = ", Integer{shape.pad_top}, ", .pad_left = ", Integer{shape.pad_left});
  }

  void write_dsp_mean() {
    write_multiplier("", 0);
    writer_.line(".pixels = ", Integer{ir::mean_count(emission_.graph, op_)},
                 ", .channels = ", Integer{input_.shape.back()}, ",");
    writer_.line(".input_zero_point = ", Integer{input_.quantisation.zero_point},
                 ", .output_zero_point = ", Integer{output_.quantisation.zero_point});
  }

  void write_packed_pointers() {
    writer_.line(".weights = ", Identifier{array("weights")}, ", .shift = ", Identifier{array("shift")},
                 ", .zero_point = ", Integer{twice_zero_point()}, ",");
  }

  void write_input_zero_point() {
    writer_.line(".input_zero_point = ", Integer{input_.quantisation.zero_point});
  }

  /// Twice the output's zero point, and the rounding's half.
  std::int64_t twice_zero_point() const { return 2 * std::int64_t{output_.quantisation.zero_point} + 1; }

  void write_convolution_1d() {
    const bool linear = op_.kind == ir::OperatorKind::fully_connected;
    const std::int64_t length = linear ? 1 : input_.shape.front();
    const std::int64_t channels = linear ? input_.elements() : input_.shape.back();
    write_pointers();
    writer_.line(".input_length = ", Integer{length}, ", .input_channels = ", Integer{channels}, ",");
    writer_.line(".output_length = ", Integer{linear ? 1 : output_.shape.front()},
                 ", .output_channels = ", Integer{output_.shape.back()}, ",");
    write_window_1d(linear ? ir::Window{} : op_.windows.at(0));
    write_zero_point_and_clamp();
  }

  void write_depthwise_1d() {
    write_pointers();
    writer_.line(".input_length = ", Integer{input_.shape.front()},
                 ", .channels = ", Integer{input_.shape.back()},
                 ", .output_length = ", Integer{output_.shape.front()}, ",");
    write_window_1d(op_.windows.at(0));
    write_zero_point_and_clamp();
  }

  void write_convolution() {
    write_pointers();
    write_extent("input", Extent(input_));
    write_extent("output", Extent(output_));
    const auto [vertical, horizontal] = windows();
    writer_.line(".kernel_height = ", Integer{vertical.kernel},
                 ", .kernel_width = ", Integer{horizontal.kernel}, ", .stride_y = ", Integer{vertical.stride},
                 ", .stride_x = ", Integer{horizontal.stride}, ",");
    writer_.line(
        ".dilation_y = ", Integer{vertical.dilation}, ", .dilation_x = ", Integer{horizontal.dilation},
        ", .pad_top = ", Integer{vertical.pad_before}, ", .pad_left = ", Integer{horizontal.pad_before}, ",");
    writer_.line(".reverse = ", Integer{runs_in_reverse() ? 1 : 0},
                 ", .quick = ", Integer{requantises_quickly() ? 1 : 0}, ",");
    write_zero_point_and_clamp();
  }

  /// Whether parsimony_requantise_quick does every channel (runtime/kernels/requantise.h).
  bool requantises_quickly() const {
    const auto& channels = ir::requantisation(emission_.graph, op_).channels;
    return op_.activation_min == -128 && op_.activation_max == 127 &&
           std::ranges::all_of(channels,
                               [](const ir::Multiplier& by) { return by.shift >= -22 && by.shift <= -1; });
  }

  bool runs_in_reverse() const {
    const auto& directions = emission_.plan.directions;
    const auto step = static_cast<std::size_t>(&op_ - emission_.graph.operators.data());
    return !directions.empty() && directions[step] == plan::Direction::reverse;
  }

  void write_fully_connected() {
    write_pointers();
    writer_.line(".inputs = ", Integer{input_.elements()}, ", .outputs = ", Integer{output_.elements()}, ",");
    write_clamp();
  }

  void write_mean() {
    writer_.line(".length = ", Integer{ir::mean_count(emission_.graph, op_)},
                 ", .channels = ", Integer{input_.shape.back()}, ",");
    write_multiplier("", 0);
    write_zero_point_and_clamp();
  }

  void write_multiply() {
    write_rows_and_columns(second_elements());
    write_multiplier("", 0);
    write_second_zero_point();
    write_zero_point_and_clamp();
  }

  void write_add() {
    write_rows_and_columns(second_elements());
    write_multiplier("first_", 0);
    write_multiplier("second_", 1);
    write_multiplier("", 2);
    writer_.line(".sign = ", Integer{op_.kind == ir::OperatorKind::subtract ? -1 : 1}, ",");
    write_second_zero_point();
    write_zero_point_and_clamp();
  }

  void write_add_constant() {
    writer_.line(".constant = ", Identifier{array("constant")}, ",");
    write_rows_and_columns(op_.constant.elements());
    write_multiplier("input_", 0);
    write_multiplier("", 2);
    writer_.line(".sign = ", Integer{op_.constant.first ? -1 : 1}, ",");
    write_zero_point_and_clamp();
  }

  void write_multiply_constant() {
    writer_.line(".constant = ", Identifier{array("constant")},
                 ", .constant_zero_point = ", Integer{op_.constant.quantisation.zero_point}, ",");
    write_rows_and_columns(op_.constant.elements());
    write_multiplier("", 0);
    write_zero_point_and_clamp();
  }

  void write_pool() {
    const Extent in(input_), out(output_);
    const auto [vertical, horizontal] = windows();
    writer_.line(".input_height = ", Integer{in.height}, ", .input_width = ", Integer{in.width},
                 ", .channels = ", Integer{in.channels}, ",");
    writer_.line(".output_height = ", Integer{out.height}, ", .output_width = ", Integer{out.width}, ",");
    writer_.line(".kernel_height = ", Integer{vertical.kernel},
                 ", .kernel_width = ", Integer{horizontal.kernel}, ", .stride_y = ", Integer{vertical.stride},
                 ", .stride_x = ", Integer{horizontal.stride}, ",");
    writer_.line(".pad_top = ", Integer{vertical.pad_before},
                 ", .pad_left = ", Integer{horizontal.pad_before}, ",");
    writer_.line(".lowest = ", Integer{op_.activation_min}, ", .highest = ", Integer{op_.activation_max},
                 ", .maximum = ", Integer{op_.kind == ir::OperatorKind::max_pool ? 1 : 0});
  }

  /// Part of a concatenation, or a reshape as one row.
  void write_copy(std::size_t part) {
    const auto row_bytes = [&](ir::TensorId id) {
      const auto& shape = emission_.graph.tensor(id).shape;
      const bool whole = op_.kind == ir::OperatorKind::reshape;
      return std::accumulate(shape.begin() + (whole ? 0 : op_.axis), shape.end(), std::int64_t{1},
                             std::multiplies<>());
    };
    std::int64_t begin = 0;
    for (std::size_t before = 0; before < part; ++before) begin += row_bytes(op_.inputs[before]);
    const std::int64_t bytes = row_bytes(op_.inputs[part]);
    writer_.line(".rows = ", Integer{emission_.graph.tensor(op_.inputs[part]).elements() / bytes},
                 ", .row_bytes = ", Integer{bytes}, ", .output_pitch = ", Integer{row_bytes(op_.output)},
                 ", .begin = ", Integer{begin});
  }

  void write_pad() {
    const Extent in(input_), out(output_);
    const auto before = [&](std::size_t from_last) {
      return from_last < op_.windows.size() ? op_.windows[op_.windows.size() - 1 - from_last].pad_before : 0;
    };
    writer_.line(".height = ", Integer{in.height}, ", .width = ", Integer{in.width},
                 ", .channels = ", Integer{in.channels}, ",");
    write_extent("output", out);
    writer_.line(".top = ", Integer{before(2)}, ", .left = ", Integer{before(1)},
                 ", .front = ", Integer{before(0)},
                 ", .zero_point = ", Integer{output_.quantisation.zero_point});
  }

  void write_softmax() {
    const ir::SoftmaxScaling scaling = ir::softmax_scaling(emission_.graph, op_);
    writer_.line(".multiplier = ", Integer{scaling.by.mantissa}, ", .shift = ", Integer{scaling.by.shift},
                 ", .least = ", Integer{scaling.least}, ",");
    writer_.line(".rows = ", Integer{input_.elements() / input_.shape.back()},
                 ", .columns = ", Integer{input_.shape.back()});
  }

  // Parts that kernels share.

  struct Windows {
    ir::Window vertical, horizontal;
  };
  Windows windows() const {
    return {op_.windows.size() == 2 ? op_.windows[0] : ir::Window{}, op_.windows.back()};
  }

  void write_pointers() {
    writer_.line(".weights = ", Identifier{array("weights")}, ", .bias = ", Identifier{array("bias")}, ",");
    writer_.line(".multiplier = ", Identifier{array("multiplier")}, ", .shift = ", Identifier{array("shift")},
                 ",");
  }

  void write_extent(std::string_view which, const Extent& extent) {
    writer_.line(".", which, "_height = ", Integer{extent.height}, ", .", which,
                 "_width = ", Integer{extent.width}, ", .", which, "_channels = ", Integer{extent.channels},
                 ",");
  }

  void write_window_1d(const ir::Window& window) {
    writer_.line(".kernel = ", Integer{window.kernel}, ", .stride = ", Integer{window.stride},
                 ", .pad_before = ", Integer{window.pad_before}, ",");
  }

  std::int64_t second_elements() const { return emission_.graph.tensor(op_.inputs[1]).elements(); }

  void write_rows_and_columns(std::int64_t columns) {
    writer_.line(".rows = ", Integer{input_.elements() / columns}, ", .columns = ", Integer{columns}, ",");
  }

  void write_second_zero_point() {
    const ir::Tensor& second = emission_.graph.tensor(op_.inputs[1]);
    writer_.line(".second_zero_point = ", Integer{second.quantisation.zero_point}, ",");
  }

  void write_multiplier(std::string_view which, std::size_t index) {
    const ir::Multiplier multiplier = ir::requantisation(emission_.graph, op_).channels.at(index);
    writer_.line(".", which, "multiplier = ", Integer{multiplier.mantissa}, ", .", which,
                 "shift = ", Integer{multiplier.shift}, ",");
  }

  void write_zero_point_and_clamp() {
    writer_.line(".input_zero_point = ", Integer{input_.quantisation.zero_point}, ",");
    write_clamp();
  }

  void write_clamp() {
    writer_.line(".output_zero_point = ", Integer{output_.quantisation.zero_point},
                 ", .lowest = ", Integer{op_.activation_min}, ", .highest = ", Integer{op_.activation_max});
  }

  CWriter& writer_;
  const Emission& emission_;
  const ir::Operator& op_;
  Kernel kernel_;
  const ir::Tensor& input_;
  const ir::Tensor& output_;
};

}  // namespace

std::string parameter_symbol(const Emission& emission, const ir::Operator& op, std::size_t part) {
  const bool alone = KernelChoice::parts(op) == 1;
  return emission.symbol(op, alone ? "params" : fmt::format("params_{}", part));
}

std::vector<std::int64_t> weight_shape(const ir::Graph& graph, const ir::Operator& op) {
  const ir::Tensor& input = graph.tensor(op.inputs[0]);
  if (!ir::has_weights(op.kind)) return {};
  const std::int64_t channels = ir::output_channels(graph, op);
  if (op.kind == ir::OperatorKind::fully_connected) return {channels, input.elements()};
  std::vector<std::int64_t> shape;
  for (const ir::Window& window : op.windows) shape.push_back(window.kernel);
  if (op.kind == ir::OperatorKind::depthwise_convolution) {
    shape.push_back(channels);
  } else {
    shape.insert(shape.begin(), channels);
    shape.push_back(input.shape.back());
  }
  return shape;
}

void write_constants(CWriter& writer, const Emission& emission) {
  writer.place_arrays(emission.macro + "_WEIGHTS");
  for (const ir::Operator& op : emission.graph.operators)
    if (!ir::is_view(op.kind)) OperatorSource(writer, emission, op, emission.choice.of(op)).write();
  writer.place_arrays("");
}

}  // namespace parsimony::emit
