#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/ir/graph.hpp"

namespace parsimony::network {

enum class LayerKind {
  convolution,            ///< windows, channels
  depthwise_convolution,  ///< windows; channels are its input's
  linear,                 ///< of a [channels] input
  global_mean,            ///< [length, c] -> [c]
  scale,                  ///< inputs[0] · inputs[1], inputs[1] is [c] (squeeze-excite)
};

enum class Activation { none, relu, hard_sigmoid };

/// Index of a layer in Description::layers; kInput is the network's input.
constexpr int kInput = -1;

/// One layer: operator, then batch norm where it has one, then activation.
struct Layer {
  std::string name;  ///< a C identifier, unique
  LayerKind kind = LayerKind::convolution;
  std::vector<int> inputs;          ///< indices of earlier layers or kInput
  std::int32_t channels = 0;        ///< of its output
  std::vector<ir::Window> windows;  ///< one for each spatial axis; convolutions only
  bool batch_norm = false;  ///< convolutions with batch norm have no bias of their own; all others have one
  Activation activation = Activation::none;
};

/// A network by its layers in execution order; the last layer's output is the network's (one logit a class).
struct Description {
  std::string name;
  std::vector<std::int32_t> input_shape;  ///< [length, channels]
  std::vector<Layer> layers;
};

/// Channels that can only be kept or removed together: a convolution's outputs and the depthwise
/// convolutions, squeeze-excite factors and sums that carry them on.
struct Group {
  std::string name;           ///< of its first producing layer
  std::int32_t channels = 0;  ///< unpruned
  std::vector<int> layers;    ///< every layer whose output channels they are, in order
};

struct DscnnOptions {
  std::int32_t length = 0, channels = 0, classes = 0;
  std::int32_t width = 114;  ///< 456 gives the paper's 2.6 M parameters
};

/// One convolution, ten depthwise-separable blocks, squeeze-excite after blocks 2, 4, 6, 8 and 10
/// (Deutel et al. 2023, Sec. 5.1; SEMANTICS 5). @throws InputError when the series is too short or an option
/// out of range
Description dscnn_se_1d(const DscnnOptions& options);

/// Shape of every layer's output, [layers]; a layer that does not fit its inputs is a bug of the
/// description's author.
std::vector<std::vector<std::int32_t>> output_shapes(const Description& description);

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
/// ReLU is its clamp, and a hard sigmoid is the range of its int8 output (quantise.hpp in nn).
ir::Graph skeleton(const Description& description);

/// Weights and biases of the trained network after batch norm is folded.
std::int64_t parameter_count(const Description& description);

}  // namespace parsimony::network
