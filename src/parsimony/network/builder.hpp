#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "parsimony/network/description.hpp"

namespace parsimony::network {

using Windows = std::vector<ir::Window>;  ///< one for each spatial axis

/// The window padded as TFLite's SAME: ⌈length/stride⌉ outputs, the odd one of the padding after.
ir::Window same_window(ir::Window window, std::int32_t length);

/// Grows a description layer by layer; each call returns the new layer's index, and every call that adds
/// throws InputError when the layer does not fit its inputs. Convolutions have batch norm.
class Builder {
 public:
  /// @param where  what errors call the network; `at` narrows it down
  Builder(std::string name, Shape input_shape, std::string where);
  void at(std::string where) { where_ = std::move(where); }

  /// Channels of a layer that makes none are filled in.
  int add(Layer layer);
  int convolution(std::string name, int input, std::int32_t channels, Windows windows, Activation activation);
  int pointwise(std::string name, int input, std::int32_t channels, Activation activation);
  int depthwise(std::string name, int input, Windows windows, Activation activation);
  int linear(std::string name, int input, std::int32_t channels, Activation activation = Activation::none);
  int mean(std::string name, int input);
  int sum(std::string name, int a, int b, Activation activation = Activation::none);
  /// Mean -> squeeze -> excite -> input scaled by it.
  int squeeze_excite(const std::string& block, int input, std::int32_t inner);

  /// Windows as PyTorch's convolutions have them with padding ⌊kernel/2⌋ on both sides.
  Windows centred(int input, std::int32_t kernel, std::int32_t stride = 1) const;
  Windows same(int input, const std::vector<std::int32_t>& kernels, std::int32_t stride) const;

  const Shape& shape(int layer) const;
  std::int32_t channels(int layer) const { return shape(layer).back(); }
  const std::string& name(int layer) const {
    return description_.layers[static_cast<std::size_t>(layer)].name;
  }

  Description finish() && { return std::move(description_); }

 private:
  Description description_;
  std::vector<Shape> shapes_;
  std::set<std::string> names_;  ///< of the operators to be
  std::string where_;
};

/// A block of MobileNetV2 and V3 (Sandler et al. 2018; Howard et al. 2019).
struct InvertedResidual {
  std::int32_t expanded = 0;  ///< channels between; as many as the input's: no expanding convolution
  std::int32_t channels = 0;
  std::int32_t kernel = 3, stride = 1;
  std::int32_t squeezed = 0;  ///< inner channels of a squeeze-excite; 0: none
  Activation activation = Activation::relu6;
  bool pads_as_tflite = false;  ///< the depthwise convolution: SAME; else half the kernel on both sides
  bool residual = true;         ///< added to the input where stride and channels leave the shape as it is
};

/// Expand (pointwise) -> depthwise -> squeeze-excite -> project (pointwise, no activation) -> add.
int inverted_residual(Builder& build, const std::string& name, int input, const InvertedResidual& block);

/// A block of ResNet with two convolutions (He et al. 2016), ReLU after the sum. The shortcut is a pointwise
/// convolution where stride or channels change the shape.
int basic_residual(Builder& build, const std::string& name, int input, std::int32_t channels,
                   const Windows& first);

}  // namespace parsimony::network
