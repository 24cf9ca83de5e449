#include <algorithm>
#include <string>
#include <utility>

#include "parsimony/base/errors.hpp"
#include "parsimony/network/description.hpp"

namespace parsimony::network {
namespace {

constexpr std::int32_t kKernel = 3;
constexpr int kBlocks = 10;
constexpr ir::Window kHalving{.kernel = kKernel, .stride = 2, .pad_before = 1, .pad_after = 1};
constexpr ir::Window kSame{.kernel = kKernel, .stride = 1, .pad_before = 1, .pad_after = 1};
constexpr ir::Window kPoint{};

/// Grows a description layer by layer; each call returns the new layer's index.
class Builder {
 public:
  explicit Builder(Description& description) : description_(description) {}

  int convolution(std::string name, int input, std::int32_t channels, ir::Window window) {
    return add(
        {std::move(name), LayerKind::convolution, {input}, channels, {window}, true, Activation::relu});
  }
  int depthwise(std::string name, int input) {
    return add({std::move(name),
                LayerKind::depthwise_convolution,
                {input},
                channels_of(input),
                {kSame},
                true,
                Activation::relu});
  }
  int linear(std::string name, int input, std::int32_t channels, Activation activation) {
    return add({std::move(name), LayerKind::linear, {input}, channels, {}, false, activation});
  }
  int mean(std::string name, int input) {
    return add(
        {std::move(name), LayerKind::global_mean, {input}, channels_of(input), {}, false, Activation::none});
  }
  int scale(std::string name, int input, int factor) {
    return add({std::move(name),
                LayerKind::scale,
                {input, factor},
                channels_of(input),
                {},
                false,
                Activation::none});
  }
  /// Mean -> squeeze -> excite -> input scaled by it.
  int squeeze_excite(const std::string& block, int input, std::int32_t inner) {
    const int pooled = mean(block + "_mean", input);
    const int squeezed = linear(block + "_squeeze", pooled, inner, Activation::relu);
    const int factor = linear(block + "_excite", squeezed, channels_of(input), Activation::hard_sigmoid);
    return scale(block + "_scale", input, factor);
  }

 private:
  int add(Layer layer) {
    description_.layers.push_back(std::move(layer));
    return static_cast<int>(description_.layers.size()) - 1;
  }
  std::int32_t channels_of(int layer) const {
    return description_.layers[static_cast<std::size_t>(layer)].channels;
  }

  Description& description_;
};

void require(const char* field, std::int32_t value, std::int32_t low, std::int32_t high) {
  if (value >= low && value <= high) return;
  throw InputError(std::string("network dscnn-se-1d: ") + field, "is " + std::to_string(value),
                   std::to_string(low) + " to " + std::to_string(high));
}

void validate(const DscnnOptions& options) {
  require("length of the series", options.length, kKernel, 1 << 20);
  require("channels of the series", options.channels, 1, 4096);
  require("classes", options.classes, 2, 4096);
  require("width", options.width, 1, 4096);
}

}  // namespace

Description dscnn_se_1d(const DscnnOptions& options) {
  validate(options);
  Description description{"dscnn_se_1d", {options.length, options.channels}, {}};
  Builder build(description);
  int last = build.convolution("conv1", kInput, options.width, kHalving);
  for (int number = 1; number <= kBlocks; ++number) {
    const std::string block = "block" + std::to_string(number);
    last = build.depthwise(block + "_depthwise", last);
    last = build.convolution(block + "_pointwise", last, options.width, kPoint);
    if (number % 2 == 0) last = build.squeeze_excite(block, last, std::max(1, options.width / 4));
  }
  last = build.mean("mean", last);
  build.linear("classifier", last, options.classes, Activation::none);
  return description;
}

}  // namespace parsimony::network
