#include "parsimony/base/contracts.hpp"
#include "parsimony/emit/dsp_operator.hpp"
#include "parsimony/emit/operator_arrays.hpp"
#include "parsimony/emit/operator_parts.hpp"
#include "parsimony/ir/arithmetic.hpp"

namespace parsimony::emit {
namespace {

/// runtime/kernels/dsp and runtime/kernels/mve say what each field is.
class DspParameters {
 public:
  explicit DspParameters(const OperatorParts& parts)
      : parts_(parts), writer_(parts.writer), shape_(dsp_shape(parts.emission.graph, parts.op)) {}

  void write() {
    switch (parts_.kernel) {
      case Kernel::dsp_convolution_3:
      case Kernel::dsp_convolution_2:
        return convolution();
      case Kernel::dsp_convolution_small:
        return convolution_small();
      case Kernel::dsp_fully_connected:
        return fully_connected();
      case Kernel::dsp_depthwise_3x3:
      case Kernel::dsp_depthwise_row:
      case Kernel::dsp_depthwise:
        return depthwise();
      case Kernel::dsp_add:
        return add();
      case Kernel::dsp_average_pool:
        return pool();
      case Kernel::dsp_mean:
        return mean();
      case Kernel::mve_convolution:
        return mve_convolution();
      case Kernel::mve_depthwise:
        return mve_depthwise();
      case Kernel::mve_add:
        return mve_add();
      case Kernel::mve_average_pool:
        pool();
        return parts_.clamp();
      case Kernel::mve_mean:
        mean();
        return parts_.clamp();
      default:
        contract_broken("precondition", "a DSP or MVE kernel that runs operators", __FILE__, __LINE__);
    }
  }

 private:
  void convolution() {
    packed_pointers();
    first_pixel();
    zero_point();
    walk();
    gathering(padded(static_cast<std::size_t>(shape_.depth())));
    writer_.line(".points = ", Integer{dsp::are_points(shape_) ? 1 : 0}, ",");
    parts_.input_zero_point();
  }

  void mve_convolution() {
    parts_.pointers();
    first_pixel();
    walk();
    gathering(shape_.depth());
    parts_.zero_points_and_clamp();
  }

  void mve_depthwise() {
    parts_.pointers();
    first_pixel();
    walk();
    writer_.line(".input_width = ", Integer{shape_.input_width},
                 ", .input_height = ", Integer{shape_.input_height},
                 ", .channels = ", Integer{shape_.input_channels},
                 ", .output_width = ", Integer{shape_.output_width}, ",");
    writer_.line(".kernel_height = ", Integer{shape_.kernel_height},
                 ", .kernel_width = ", Integer{shape_.kernel_width},
                 ", .dilation_y = ", Integer{shape_.dilation_y},
                 ", .dilation_x = ", Integer{shape_.dilation_x}, ",");
    parts_.zero_points_and_clamp();
  }

  void convolution_small() {
    packed_pointers();
    writer_.line(".input_height = ", Integer{shape_.input_height},
                 ", .input_width = ", Integer{shape_.input_width},
                 ", .input_channels = ", Integer{shape_.input_channels}, ",");
    writer_.line(".output_height = ", Integer{shape_.output_height},
                 ", .output_width = ", Integer{shape_.output_width},
                 ", .output_channels = ", Integer{shape_.output_channels}, ",");
    kernel_and_strides();
    writer_.line(".dilation_y = ", Integer{shape_.dilation_y}, ", .dilation_x = ", Integer{shape_.dilation_x},
                 ", .pad_top = ", Integer{shape_.pad_top}, ", .pad_left = ", Integer{shape_.pad_left}, ",");
    parts_.input_zero_point();
    parts_.output_zero_point();
    writer_.line(".reverse = ", Integer{parts_.runs_in_reverse() ? 1 : 0});
  }

  void fully_connected() {
    packed_pointers();
    zero_point();
    writer_.line(".inputs = ", Integer{padded(static_cast<std::size_t>(parts_.input.elements()))},
                 ", .outputs = ", Integer{parts_.output.elements()});
  }

  void depthwise() {
    writer_.line(".weights = ", Identifier{parts_.array("weights")},
                 ", .constant = ", Identifier{parts_.array("constant")},
                 ", .shift = ", Identifier{parts_.array("shift")}, ",");
    zero_point();
    if (parts_.kernel == Kernel::dsp_depthwise_row) {
      writer_.line(".input_length = ", Integer{shape_.input_width},
                   ", .channels = ", Integer{shape_.input_channels},
                   ", .output_length = ", Integer{shape_.output_width}, ",");
    } else {
      extents();
    }
    if (parts_.kernel == Kernel::dsp_depthwise) {
      kernel_and_strides();
      writer_.line(".dilation_y = ", Integer{shape_.dilation_y},
                   ", .dilation_x = ", Integer{shape_.dilation_x}, ",");
    } else {
      writer_.line(".stride = ", Integer{shape_.stride_x}, ",");
    }
    if (parts_.kernel != Kernel::dsp_depthwise_row) writer_.line(".pad_top = ", Integer{shape_.pad_top}, ",");
    writer_.line(".pad_left = ", Integer{shape_.pad_left}, ",");
    parts_.input_zero_point();
  }

  void add() {
    const DspAddition addition = dsp_addition(parts_.emission.graph, parts_.op);
    sum(addition, 1 << 20);
    zero_point();
    writer_.line(".second_shift = ", Integer{addition.second_shift}, ", .shift = ", Integer{addition.shift});
  }

  void mve_add() {
    const DspAddition addition = dsp_addition(parts_.emission.graph, parts_.op);
    sum(addition, 1 << 19);
    writer_.line(".second_shift = ", Integer{-addition.second_shift}, ", .shift = ", Integer{-addition.shift},
                 ",");
    parts_.output_zero_point();
    parts_.clamp();
  }

  /// @param first  what the first operand is multiplied by; the second by twice that
  void sum(const DspAddition& addition, std::int64_t first) {
    const auto zero_point = [&](std::size_t input) {
      return std::int64_t{parts_.emission.graph.tensor(parts_.op.inputs[input]).quantisation.zero_point};
    };
    writer_.line(".offset = ", Integer{-zero_point(addition.first) * first},
                 ", .second_offset = ", Integer{-zero_point(addition.second) * 2 * first}, ",");
    writer_.line(".second_multiplier = ", Integer{addition.second_multiplier},
                 ", .multiplier = ", Integer{addition.multiplier},
                 ", .elements = ", Integer{parts_.output.elements()}, ",");
  }

  void pool() {
    extents();
    kernel_and_strides();
    writer_.line(".pad_top = ", Integer{shape_.pad_top}, ", .pad_left = ", Integer{shape_.pad_left}, ",");
  }

  void mean() {
    parts_.mantissa("", 0);
    writer_.line(".pixels = ", Integer{ir::mean_count(parts_.emission.graph, parts_.op)},
                 ", .channels = ", Integer{parts_.input.shape.back()}, ",");
    parts_.shift("", 0);
    parts_.input_zero_point();
    parts_.output_zero_point();
  }

  /// Where the pixel lies that is computed first, and how many there are.
  void first_pixel() {
    const dsp::Walk way = dsp::walk(shape_, parts_.runs_in_reverse());
    writer_.line(".output = ", Integer{way.output}, ", .output_step = ", Integer{way.output_step},
                 ", .pixels = ", Integer{shape_.pixels()}, ",");
  }

  void walk() {
    const dsp::Walk way = dsp::walk(shape_, parts_.runs_in_reverse());
    writer_.line(".x = ", Integer{way.x}, ", .y = ", Integer{way.y}, ", .step_x = ", Integer{way.step_x},
                 ", .step_y = ", Integer{way.step_y}, ",");
  }

  /// What a convolution copies for each pixel.
  void gathering(std::int64_t depth) {
    const dsp::Walk way = dsp::walk(shape_, parts_.runs_in_reverse());
    const dsp::Runs runs = dsp::runs_of(shape_);
    writer_.line(".last_x = ", Integer{way.last_x}, ", .last_y = ", Integer{way.last_y}, ",");
    writer_.line(".input_width = ", Integer{shape_.input_width},
                 ", .input_height = ", Integer{shape_.input_height},
                 ", .input_channels = ", Integer{shape_.input_channels}, ",");
    writer_.line(".output_channels = ", Integer{shape_.output_channels},
                 ", .output_width = ", Integer{shape_.output_width}, ", .depth = ", Integer{depth}, ",");
    writer_.line(".rows = ", Integer{shape_.kernel_height}, ", .runs = ", Integer{runs.runs},
                 ", .run_taps = ", Integer{runs.taps}, ", .dilation_y = ", Integer{shape_.dilation_y},
                 ", .dilation_x = ", Integer{shape_.dilation_x}, ",");
  }

  void extents() {
    writer_.line(".input_height = ", Integer{shape_.input_height},
                 ", .input_width = ", Integer{shape_.input_width},
                 ", .channels = ", Integer{shape_.input_channels}, ",");
    writer_.line(".output_height = ", Integer{shape_.output_height},
                 ", .output_width = ", Integer{shape_.output_width}, ",");
  }

  void kernel_and_strides() {
    writer_.line(".kernel_height = ", Integer{shape_.kernel_height},
                 ", .kernel_width = ", Integer{shape_.kernel_width},
                 ", .stride_y = ", Integer{shape_.stride_y}, ", .stride_x = ", Integer{shape_.stride_x}, ",");
  }

  void packed_pointers() {
    writer_.line(".weights = ", Identifier{parts_.array("weights")},
                 ", .shift = ", Identifier{parts_.array("shift")}, ",");
  }

  /// Twice the output's zero point, and the rounding's half.
  void zero_point() {
    writer_.line(".zero_point = ", Integer{2 * std::int64_t{parts_.output.quantisation.zero_point} + 1}, ",");
  }

  const OperatorParts& parts_;
  CWriter& writer_;
  const dsp::Shape shape_;
};

}  // namespace

void write_dsp_parameters(const OperatorParts& parts) {
  DspParameters(parts).write();
}

}  // namespace parsimony::emit
