#pragma once

#include "parsimony/import/graph_builder.hpp"

namespace parsimony::tflite {

/// Adds what one operator of the file means to the graph.
/// @throws InputError naming the operator, for one we lack or one whose options, types or shapes we lack
void import_operator(const Call& call, GraphBuilder& builder);

/// Whether nothing that the operator reads depends on the network's input.
bool depends_on_constants_alone(const Call& call, const GraphBuilder& builder);
/// The output of such an operator becomes a constant.
/// @param run  what imports the operator
void fold_constants(const Call& call, GraphBuilder& builder,
                    void (*run)(const Call& call, GraphBuilder& builder));

// The parts of it, by kind.
void import_convolution(const Call& call, GraphBuilder& builder);
void import_depthwise_convolution(const Call& call, GraphBuilder& builder);
void import_fully_connected(const Call& call, GraphBuilder& builder);
void import_average_pool(const Call& call, GraphBuilder& builder);
void import_max_pool(const Call& call, GraphBuilder& builder);
void import_mean(const Call& call, GraphBuilder& builder);
void import_reduce_max(const Call& call, GraphBuilder& builder);
void import_add(const Call& call, GraphBuilder& builder);
void import_subtract(const Call& call, GraphBuilder& builder);
void import_multiply(const Call& call, GraphBuilder& builder);
void import_concatenation(const Call& call, GraphBuilder& builder);
void import_pad(const Call& call, GraphBuilder& builder);
void import_argmax(const Call& call, GraphBuilder& builder);
void import_reshape(const Call& call, GraphBuilder& builder);  ///< SQUEEZE and EXPAND_DIMS too
void import_softmax(const Call& call, GraphBuilder& builder);
void import_unary(const Call& call, GraphBuilder& builder);
void import_quantise(const Call& call, GraphBuilder& builder);
void import_dequantise(const Call& call, GraphBuilder& builder);

/// The clamp that a fused activation means on the call's output.
void set_fused_clamp(const Call& call, GraphBuilder& builder, schema::Activation activation,
                     ir::Operator& op);

/// round(real / scale) + zero point as TFLite has it: the division in float, halves away from zero;
/// saturated.
std::int32_t quantised_bound(float real, ir::Quantisation quantisation);

/// One spatial axis of a window with the file's padding made explicit.
struct WindowShape {
  std::int32_t kernel = 1, stride = 1, dilation = 1;
};
ir::Window padded_window(const Call& call, schema::Padding padding, std::int32_t length, WindowShape shape);
/// What such windows make of the spatial axes of `input`, and `channels`.
std::vector<std::int32_t> output_shape(const Call& call, const std::vector<ir::Window>& windows,
                                       const std::vector<std::int32_t>& input, std::int32_t channels);

}  // namespace parsimony::tflite
