#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/ir/graph.hpp"

namespace parsimony::network {

enum class LayerKind {
  convolution,            ///< windows, channels
  depthwise_convolution,  ///< windows; channels are its input's
  linear,                 ///< of every element of its input, which is flattened as it lies
  global_mean,            ///< over every spatial axis: [length, c] or [height, width, c] -> [c]
  scale,                  ///< inputs[0] · inputs[1], inputs[1] is [c] (squeeze-excite)
  add,                    ///< inputs[0] + inputs[1], of one shape
  concatenation,          ///< of any number of inputs along the channels
  average_pool,           ///< windows; the mean of the taps that lie inside the input
  max_pool,               ///< windows
};

enum class Activation {
  none,
  relu,
  relu6,
  hard_sigmoid,  ///< min(1, max(0, x/6 + 1/2)); of layers with weights
  hard_swish,    ///< x · hard_sigmoid(x)
};

using Shape = std::vector<std::int32_t>;  ///< [length, c], [height, width, c] or [c]

/// Index of a layer in Description::layers; kInput is the network's input.
constexpr int kInput = -1;

/// One layer: operator, then batch norm where it has one, then activation.
struct Layer {
  std::string name;  ///< a C identifier, unique
  LayerKind kind = LayerKind::convolution;
  std::vector<int> inputs;          ///< indices of earlier layers or kInput
  std::int32_t channels = 0;        ///< of its output
  std::vector<ir::Window> windows;  ///< one for each spatial axis; convolutions and pools only
  bool batch_norm = false;  ///< layers with batch norm have no bias of their own; all others with weights do
  Activation activation = Activation::none;  ///< none of concatenations, pools and means
};

/// Whether layers of this kind have weights, and with them channels of their own or a batch norm.
bool has_weights(LayerKind kind);
/// Whether it makes channels of its own instead of carrying its inputs' on.
bool produces_channels(LayerKind kind);

/// A network by its layers in execution order; the last layer's output is the network's (one logit a class).
struct Description {
  std::string name;
  Shape input_shape;
  std::vector<Layer> layers;
  std::optional<features::LogMel> log_mel{};  ///< what gives the input from sound
};

/// Where a layer's output holds a group's channels: all of them, from channel `first` on.
struct Member {
  int layer = 0;
  std::int32_t first = 0;  ///< not 0 behind a concatenation
  bool operator==(const Member&) const = default;
};

/// Channels that can only be kept or removed together: a convolution's outputs and the depthwise
/// convolutions, squeeze-excite factors, sums and concatenations that carry them on.
struct Group {
  std::string name;           ///< of its first producing layer; a second group of that layer: "<layer>_part2"
  std::int32_t channels = 0;  ///< unpruned
  std::vector<Member> members;  ///< every place that holds them, by layer
};

/// What keeps a layer from taking inputs of these shapes, and what it would take; empty when nothing does.
struct Misfit {
  std::string problem, allowed;
  explicit operator bool() const { return !problem.empty(); }
};
Misfit misfit(const Layer& layer, const std::vector<const Shape*>& inputs);

/// Shape of every layer's output, [layers]; a layer that does not fit its inputs is a bug of the
/// description's author.
std::vector<Shape> output_shapes(const Description& description);
/// Of one layer that fits its inputs.
Shape output_shape(const Layer& layer, const std::vector<const Shape*>& inputs);

/// The prunable groups, in the order of their first layer; the input's channels and the classifier's outputs
/// are in none. `dscnn-se-1d` has 16: the first convolution, ten pointwise ones, five squeeze layers.
std::vector<Group> coupled_groups(const Description& description);

/// The same network with `kept[g]` channels in group g, 1 <= kept[g] <= channels.
Description prune(const Description& description, std::span<const std::int32_t> kept);
/// The same when the groups are known.
/// @param groups  coupled_groups(description)
Description prune(const Description& description, std::span<const Group> groups,
                  std::span<const std::int32_t> kept);

/// max(1, ⌊(1 − s)·C + 0.5⌋).
std::int32_t kept_channels(double sparsity, std::int32_t channels);

/// The int8 graph by its shapes alone: what it costs is known before any weight is.
/// A layer becomes one operator of its own name, which its output tensor bears too: batch norm is folded,
/// ReLU and ReLU6 are its clamp, and a hard sigmoid is the range of its int8 output (quantise.hpp in nn).
/// Before a hard swish, a table of the layer's name, stands one more, "<name>_linear".
ir::Graph skeleton(const Description& description);
/// Operators that the layer becomes: 1 or 2.
int operator_count(const Layer& layer);

/// Weights and biases of the trained network after batch norm is folded.
std::int64_t parameter_count(const Description& description);

}  // namespace parsimony::network
