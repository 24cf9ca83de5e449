#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "parsimony/emit/emission.hpp"
#include "parsimony/emit/operator_arrays.hpp"
#include "parsimony/emit/operator_parts.hpp"
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

/// Parameters of a portable kernel: runtime/kernels says what each field is.
class PortableParameters {
 public:
  explicit PortableParameters(const OperatorParts& parts)
      : parts_(parts), writer_(parts.writer), op_(parts.op), input_(parts.input), output_(parts.output) {}

  void write(std::size_t part) {
    switch (parts_.kernel) {
      case Kernel::convolution_1d:
        return convolution_1d();
      case Kernel::depthwise_1d:
        return depthwise_1d();
      case Kernel::convolution:
      case Kernel::depthwise:
        return convolution();
      case Kernel::fully_connected:
      case Kernel::mve_fully_connected:
        return fully_connected();
      case Kernel::mean:
        return mean();
      case Kernel::multiply:
        return multiply();
      case Kernel::add:
        return add();
      case Kernel::pool:
        return pool();
      case Kernel::copy_rows:
        return copy(part);
      case Kernel::pad:
        return pad();
      case Kernel::table:
        return writer_.line(".table = ", Identifier{parts_.array("table")},
                            ", .elements = ", Integer{output_.elements()});
      case Kernel::softmax:
        return softmax();
      case Kernel::add_constant:
        return add_constant();
      case Kernel::multiply_constant:
        return multiply_constant();
      case Kernel::argmax:
        return rows_and_columns(input_.shape.back());
      default:
        write_dsp_parameters(parts_);
    }
  }

 private:
  void convolution_1d() {
    const bool linear = op_.kind == ir::OperatorKind::fully_connected;
    const std::int64_t length = linear ? 1 : input_.shape.front();
    const std::int64_t channels = linear ? input_.elements() : input_.shape.back();
    parts_.pointers();
    writer_.line(".input_length = ", Integer{length}, ", .input_channels = ", Integer{channels}, ",");
    writer_.line(".output_length = ", Integer{linear ? 1 : output_.shape.front()},
                 ", .output_channels = ", Integer{output_.shape.back()}, ",");
    window_1d(linear ? ir::Window{} : op_.windows.at(0));
    parts_.zero_points_and_clamp();
  }

  void depthwise_1d() {
    parts_.pointers();
    writer_.line(".input_length = ", Integer{input_.shape.front()},
                 ", .channels = ", Integer{input_.shape.back()},
                 ", .output_length = ", Integer{output_.shape.front()}, ",");
    window_1d(op_.windows.at(0));
    parts_.zero_points_and_clamp();
  }

  void convolution() {
    const auto [vertical, horizontal] = windows();
    parts_.pointers();
    extent("input", Extent(input_));
    extent("output", Extent(output_));
    kernel_and_strides();
    writer_.line(
        ".dilation_y = ", Integer{vertical.dilation}, ", .dilation_x = ", Integer{horizontal.dilation},
        ", .pad_top = ", Integer{vertical.pad_before}, ", .pad_left = ", Integer{horizontal.pad_before}, ",");
    parts_.zero_points_and_clamp();
    writer_.line(".reverse = ", Integer{parts_.runs_in_reverse() ? 1 : 0},
                 ", .quick = ", Integer{requantises_quickly() ? 1 : 0});
  }

  /// Whether parsimony_requantise_quick does every channel (runtime/kernels/requantise.h).
  bool requantises_quickly() const {
    const auto& channels = ir::requantisation(parts_.emission.graph, op_).channels;
    return op_.activation_min == -128 && op_.activation_max == 127 &&
           std::ranges::all_of(channels,
                               [](const ir::Multiplier& by) { return by.shift >= -22 && by.shift <= -1; });
  }

  void fully_connected() {
    parts_.pointers();
    writer_.line(".inputs = ", Integer{input_.elements()}, ", .outputs = ", Integer{output_.elements()}, ",");
    parts_.output_zero_point();
    parts_.clamp();
  }

  void mean() {
    parts_.mantissa("", 0);
    writer_.line(".length = ", Integer{ir::mean_count(parts_.emission.graph, op_)},
                 ", .channels = ", Integer{input_.shape.back()}, ",");
    parts_.shift("", 0);
    parts_.zero_points_and_clamp();
  }

  void multiply() {
    parts_.mantissa("", 0);
    columns_and_rows(parts_.second().elements());
    parts_.shift("", 0);
    both_zero_points("second", parts_.second().quantisation);
    parts_.clamp();
  }

  void add() {
    parts_.mantissa("first_", 0);
    parts_.mantissa("second_", 1);
    parts_.mantissa("", 2);
    columns_and_rows(parts_.second().elements());
    parts_.shift("first_", 0);
    parts_.shift("second_", 1);
    parts_.shift("", 2);
    writer_.line(".sign = ", Integer{op_.kind == ir::OperatorKind::subtract ? -1 : 1}, ",");
    both_zero_points("second", parts_.second().quantisation);
    parts_.clamp();
  }

  void add_constant() {
    writer_.line(".constant = ", Identifier{parts_.array("constant")}, ",");
    parts_.mantissa("input_", 0);
    parts_.mantissa("", 2);
    rows_and_columns(op_.constant.elements());
    parts_.shift("input_", 0);
    parts_.shift("", 2);
    writer_.line(".sign = ", Integer{op_.constant.first ? -1 : 1}, ",");
    parts_.zero_points_and_clamp();
  }

  void multiply_constant() {
    writer_.line(".constant = ", Identifier{parts_.array("constant")}, ",");
    parts_.mantissa("", 0);
    rows_and_columns(op_.constant.elements());
    parts_.shift("", 0);
    both_zero_points("constant", op_.constant.quantisation);
    parts_.clamp();
  }

  void pool() {
    const Extent in(input_), out(output_);
    const auto [vertical, horizontal] = windows();
    writer_.line(".input_height = ", Integer{in.height}, ", .input_width = ", Integer{in.width},
                 ", .channels = ", Integer{in.channels}, ",");
    writer_.line(".output_height = ", Integer{out.height}, ", .output_width = ", Integer{out.width}, ",");
    kernel_and_strides();
    writer_.line(".pad_top = ", Integer{vertical.pad_before},
                 ", .pad_left = ", Integer{horizontal.pad_before}, ",");
    parts_.clamp();
    writer_.line(".maximum = ", Integer{op_.kind == ir::OperatorKind::max_pool ? 1 : 0});
  }

  /// Part of a concatenation, or a reshape as one row.
  void copy(std::size_t part) {
    const auto row_bytes = [&](ir::TensorId id) {
      const auto& shape = parts_.emission.graph.tensor(id).shape;
      const bool whole = op_.kind == ir::OperatorKind::reshape;
      return std::accumulate(shape.begin() + (whole ? 0 : op_.axis), shape.end(), std::int64_t{1},
                             std::multiplies<>());
    };
    std::int64_t begin = 0;
    for (std::size_t before = 0; before < part; ++before) begin += row_bytes(op_.inputs[before]);
    const std::int64_t bytes = row_bytes(op_.inputs[part]);
    writer_.line(".rows = ", Integer{parts_.emission.graph.tensor(op_.inputs[part]).elements() / bytes},
                 ", .row_bytes = ", Integer{bytes}, ", .output_pitch = ", Integer{row_bytes(op_.output)},
                 ", .begin = ", Integer{begin});
  }

  void pad() {
    const Extent in(input_), out(output_);
    const auto before = [&](std::size_t from_last) {
      return from_last < op_.windows.size() ? op_.windows[op_.windows.size() - 1 - from_last].pad_before : 0;
    };
    writer_.line(".height = ", Integer{in.height}, ", .width = ", Integer{in.width},
                 ", .channels = ", Integer{in.channels}, ",");
    extent("output", out);
    writer_.line(".top = ", Integer{before(2)}, ", .left = ", Integer{before(1)},
                 ", .front = ", Integer{before(0)},
                 ", .zero_point = ", Integer{output_.quantisation.zero_point});
  }

  void softmax() {
    const ir::SoftmaxScaling scaling = ir::softmax_scaling(parts_.emission.graph, op_);
    writer_.line(".multiplier = ", Integer{scaling.by.mantissa}, ", .shift = ", Integer{scaling.by.shift},
                 ", .least = ", Integer{scaling.least}, ",");
    writer_.line(".rows = ", Integer{input_.elements() / input_.shape.back()},
                 ", .columns = ", Integer{input_.shape.back()});
  }

  struct Windows {
    ir::Window vertical, horizontal;
  };
  Windows windows() const {
    return {op_.windows.size() == 2 ? op_.windows[0] : ir::Window{}, op_.windows.back()};
  }

  void extent(std::string_view which, const Extent& extent) {
    writer_.line(".", which, "_height = ", Integer{extent.height}, ", .", which,
                 "_width = ", Integer{extent.width}, ", .", which, "_channels = ", Integer{extent.channels},
                 ",");
  }

  void kernel_and_strides() {
    const auto [vertical, horizontal] = windows();
    writer_.line(".kernel_height = ", Integer{vertical.kernel},
                 ", .kernel_width = ", Integer{horizontal.kernel}, ", .stride_y = ", Integer{vertical.stride},
                 ", .stride_x = ", Integer{horizontal.stride}, ",");
  }

  void window_1d(const ir::Window& window) {
    writer_.line(".kernel = ", Integer{window.kernel}, ", .stride = ", Integer{window.stride},
                 ", .pad_before = ", Integer{window.pad_before}, ",");
  }

  void rows_and_columns(std::int64_t columns) {
    writer_.line(".rows = ", Integer{input_.elements() / columns}, ", .columns = ", Integer{columns}, ",");
  }
  void columns_and_rows(std::int64_t columns) {
    writer_.line(".columns = ", Integer{columns}, ", .rows = ", Integer{input_.elements() / columns}, ",");
  }

  /// Of both operands and the output.
  void both_zero_points(std::string_view which, const ir::Quantisation& second) {
    parts_.input_zero_point();
    writer_.line(".", which, "_zero_point = ", Integer{second.zero_point}, ",");
    parts_.output_zero_point();
  }

  const OperatorParts& parts_;
  CWriter& writer_;
  const ir::Operator& op_;
  const ir::Tensor& input_;
  const ir::Tensor& output_;
};

template <typename Body>
void write_struct(CWriter& writer, Kernel kernel, const std::string& name, Body body) {
  writer.open("static const struct parsimony_", facts(kernel).parameters, " ", Identifier{name}, " = ");
  body();
  writer.close(";");
}

/// The parameters of one operator, behind its arrays.
void write_operator(CWriter& writer, const Emission& emission, const ir::Operator& op) {
  const OperatorParts parts(writer, emission, op);
  writer.line(Comment{fmt::format("{}: {}", op.name, ir::kind_name(op.kind))});
  if (&emission.choice.owner(op) == &op) write_arrays(writer, emission, op);
  for (std::size_t part = 0; part < static_cast<std::size_t>(KernelChoice::parts(op)); ++part)
    write_struct(writer, parts.kernel, parameter_symbol(emission, op, part),
                 [&] { PortableParameters(parts).write(part); });
  if (emission.choice.clamps_apart(op))
    write_struct(writer, Kernel::dsp_clamp, emission.symbol(op, "clamp"), [&] {
      writer.line(".elements = ", Integer{parts.output.elements()}, ",");
      parts.clamp();
    });
  writer.line();
}

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
    if (!ir::is_view(op.kind)) write_operator(writer, emission, op);
  writer.place_arrays("");
}

}  // namespace parsimony::emit
