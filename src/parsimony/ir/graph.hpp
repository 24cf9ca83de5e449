#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/features/log_mel.hpp"

namespace parsimony::ir {

/// Index of a tensor in Graph::tensors.
enum class TensorId : std::int32_t {};

/// real = scale · (q − zero_point). A skeleton (a graph known by its shapes alone) has scale 0.
struct Quantisation {
  float scale = 0.0f;
  std::int32_t zero_point = 0;  ///< −128 … 127
  bool operator==(const Quantisation&) const = default;
};

/// One int8 activation, without a batch: [length, channels], [height, width, channels] or [channels].
struct Tensor {
  std::string name;
  std::vector<std::int32_t> shape;
  Quantisation quantisation;
  bool operator==(const Tensor&) const = default;

  std::int64_t elements() const;  ///< product of the shape; one byte each
};

/// A window along one spatial axis; padding is explicit on both sides.
struct Window {
  std::int32_t kernel = 1;
  std::int32_t stride = 1;
  std::int32_t pad_before = 0;
  std::int32_t pad_after = 0;
  std::int32_t dilation = 1;  ///< inputs from tap to tap
  bool operator==(const Window&) const = default;

  /// Inputs from the first tap to the last, both counted.
  std::int64_t span() const { return (std::int64_t{kernel} - 1) * dilation + 1; }
  /// Outputs along an axis of `length` inputs: ⌊(length + pads − span)/stride⌋ + 1.
  std::int32_t outputs(std::int32_t length) const;
};

/// How an int32 accumulator is scaled: TFLite's default, a doubling high multiplication and a division that
/// each round; or the one rounding of its builds with TFLITE_SINGLE_ROUNDING. They differ by 1 now and then.
enum class Rounding { twice, once };

enum class OperatorKind {
  convolution,            ///< weights [c_out, kernel…, c_in]
  depthwise_convolution,  ///< weights [kernel…, c_out]; output c reads input ⌊c · c_in / c_out⌋
  fully_connected,        ///< weights [c_out, elements of the input]; one weight scale: TFLite's per tensor
  average_pool,           ///< taps inside the input alone, rounded half away from zero; one quantisation
  max_pool,               ///< of the taps inside the input; one quantisation
  mean,                   ///< over every spatial axis: [length, c] -> [c]; TFLite's MEAN
  add,                    ///< inputs[0] + inputs[1]; shapes as for multiply; TFLite's ADD
  subtract,               ///< inputs[0] − inputs[1]
  multiply,       ///< inputs[0] · inputs[1]; inputs[1] is [c] (broadcast over space) or of the same shape;
                  ///< TFLite's MUL. All three: inputs[0] and a constant instead of inputs[1]
  concatenation,  ///< along Operator::axis; one quantisation
  pad,            ///< windows of kernel 1, one for each axis, channels too; pads with the zero point
  reshape,        ///< the same bytes under another shape; one quantisation
  table,          ///< any unary function: output = table[input + 128]
  softmax,        ///< over the last axis; TFLite's int8 SOFTMAX: output scale 1/256, zero point −128
  argmax,         ///< [rows]: index of the first largest along the last axis; scale 1, zero point −128
  slice,  ///< rows of the first axis, from Operator::begin on, where they lie: nothing runs; they begin
          ///< at a multiple of 4 B
  join,   ///< its inputs one behind the other along the first axis, written where they belong: nothing
          ///< runs; each is made by an operator that runs, read by the join alone, and begins at a
          ///< multiple of 4 B
};

/// An operand of add, subtract or multiply that is known beforehand: it lies in ROM, in no arena.
struct Constant {
  std::vector<std::int32_t> shape;  ///< [c] or the input's; empty: there is none
  Quantisation quantisation;
  bool first = false;               ///< subtract: constant − input
  std::vector<std::int8_t> values;  ///< empty in a skeleton
  bool operator==(const Constant&) const = default;

  std::int64_t elements() const;  ///< 0 when there is none
};

/// One operator of the int8 graph. Arithmetic: TFLite's reference kernels, with the graph's rounding.
struct Operator {
  OperatorKind kind = OperatorKind::convolution;
  std::string name;  ///< unique, a C identifier
  std::vector<TensorId> inputs;
  TensorId output{};
  std::vector<Window> windows;         ///< one for each spatial axis; convolutions and pools; all axes: pad
  std::int32_t activation_min = -128;  ///< fused clamp, in quantised units
  std::int32_t activation_max = 127;
  std::int32_t axis = 0;   ///< concatenation only
  std::int32_t begin = 0;  ///< slice only: its first row
  float beta = 1.0f;       ///< softmax only: exp(beta · x)

  // Constants. Empty in a skeleton.
  std::vector<std::int8_t> weights;
  std::vector<float> weight_scales;  ///< one for each output channel; fully connected: or one for all
  std::vector<std::int32_t> bias;    ///< one for each output channel, scale s_in · weight_scales[c]
  std::vector<std::int8_t> table;    ///< 256 entries; table operators only
  Constant constant;                 ///< in place of inputs[1]
  /// Name of an earlier operator of the same kind with the same constants between tensors of the same
  /// quantisations, or empty: the firmware holds them once. That one has none of this itself.
  std::string constants_of;

  bool operator==(const Operator&) const = default;
};

/// Raw sensor value x of channel c becomes input: q = round((x − mean[c]) / divisor[c]) + zero_point,
/// clamped. divisor[c] = standard deviation · input scale, already multiplied in float32, so that device and
/// host do one subtraction and one division each (facts: int8 arithmetic, 14).
struct Normalisation {
  std::vector<float> mean;     ///< one for each input channel, or one for all
  std::vector<float> divisor;  ///< as many, > 0
  bool operator==(const Normalisation&) const = default;
};

/// An int8 network: operators in execution order, each tensor produced once.
struct Graph {
  std::string name;
  std::vector<Tensor> tensors;
  std::vector<Operator> operators;
  TensorId input{};
  TensorId output{};
  Normalisation normalisation;  ///< empty in a skeleton
  /// What gives the raw values of the input, [frames, bands] or [frames, bands, 1], from sound.
  std::optional<features::LogMel> log_mel{};
  Rounding rounding = Rounding::twice;
  std::vector<std::string> class_names;  ///< empty or one for each output element
  bool operator==(const Graph&) const = default;

  const Tensor& tensor(TensorId id) const { return tensors[static_cast<std::size_t>(id)]; }
  Tensor& tensor(TensorId id) { return tensors[static_cast<std::size_t>(id)]; }
};

/// Whether the constants are missing: costs and plans can be had, values cannot.
bool is_skeleton(const Graph& graph);

/// Elements of `op`'s weights as its shapes ask for (0 for operators without weights).
std::int64_t weight_count(const Graph& graph, const Operator& op);
/// Output channels of an operator with weights; 0 for the others.
std::int32_t output_channels(const Graph& graph, const Operator& op);

/// Whether an operator of this kind combines two operands: add, subtract, multiply.
bool is_binary(OperatorKind kind);
/// Quantisation of the second operand of such an operator, tensor or constant.
Quantisation second_quantisation(const Graph& graph, const Operator& op);
/// Whether the output is bytes of the inputs, where they lie: nothing runs.
bool is_view(OperatorKind kind);
/// Whether an operator of this kind has weights, biases and their scales.
bool has_weights(OperatorKind kind);
/// Whether an operator of this kind has windows over the spatial axes (pad's are over all axes).
bool has_spatial_windows(OperatorKind kind);

/// FLOPs of one inference: 2 per multiply-accumulate, 1 per element of an element-wise operator,
/// a table or a pooling input (docs/costs.md).
std::int64_t flops(const Graph& graph);
/// The share of one operator.
std::int64_t flops(const Graph& graph, const Operator& op);

/// Multiply-accumulates of one inference: those of convolutions and fully connected layers.
std::int64_t macs(const Graph& graph);

/// The kinds' names, in the order of OperatorKind.
constexpr std::string_view kOperatorKinds[] = {"convolution",
                                               "depthwise_convolution",
                                               "fully_connected",
                                               "average_pool",
                                               "max_pool",
                                               "mean",
                                               "add",
                                               "subtract",
                                               "multiply",
                                               "concatenation",
                                               "pad",
                                               "reshape",
                                               "table",
                                               "softmax",
                                               "argmax",
                                               "slice",
                                               "join"};

/// "double", "single": by Rounding.
constexpr std::string_view kRoundings[] = {"double", "single"};

/// "convolution" …, and back (nullopt-free: unknown names are the text reader's error).
std::string_view kind_name(OperatorKind kind);

}  // namespace parsimony::ir
