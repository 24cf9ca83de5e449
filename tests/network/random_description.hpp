#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "parsimony/base/random.hpp"
#include "parsimony/network/builder.hpp"

namespace parsimony::network::test {

/// Grows a random network over one or two axes from every kind of layer and coupling: residual sums,
/// squeeze-excite, concatenations, and sums of concatenations, which split their other input's channels.
class RandomDescription {
 public:
  RandomDescription(std::uint64_t seed, int axes)
      : random_(seed, static_cast<std::uint64_t>(axes), "random description"),
        build_("odd", input_shape(axes), "test") {}

  Description grow() && {
    leaves_.insert(convolution(kInput, between(1, 9)));
    for (int step = between(3, 7); step > 0; --step) {
      const int from = pick();
      const int to = step_from(from);
      if (coin()) leaves_.erase(from);
      leaves_.insert(to);
    }
    int last = *leaves_.begin();
    if (leaves_.size() > 1 || coin()) last = pooled_leaves();  // else flattened as it lies
    last =
        build_.add({name("hidden"), LayerKind::linear, {last}, between(1, 20), {}, coin(), any_activation()});
    build_.linear("classifier", last, between(2, 5));
    return std::move(build_).finish();
  }

 private:
  int between(int low, int high) {
    return low + static_cast<int>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool coin() { return between(0, 1) == 1; }
  std::string name(const std::string& kind) { return kind + std::to_string(names_++); }
  int pick() { return *std::next(leaves_.begin(), between(0, static_cast<int>(leaves_.size()) - 1)); }

  Shape input_shape(int axes) {
    Shape shape;
    for (int axis = 0; axis < axes; ++axis) shape.push_back(axes == 1 ? between(20, 50) : between(5, 9));
    shape.push_back(between(1, 5));
    return shape;
  }
  Activation sum_activation() {
    constexpr Activation kAll[] = {Activation::none, Activation::relu, Activation::relu6,
                                   Activation::hard_swish};
    return kAll[between(0, 3)];
  }
  Activation any_activation() { return between(0, 5) == 0 ? Activation::hard_sigmoid : sum_activation(); }

  /// Odd windows that leave every axis a position at least.
  Windows windows(int input) {
    Windows result;
    for (std::size_t axis = 0; axis + 1 < build_.shape(input).size(); ++axis) {
      const int kernel = between(1, std::min(5, build_.shape(input)[axis]));
      result.push_back({kernel, between(1, 2), between(0, kernel - 1), between(0, kernel - 1)});
    }
    return result;
  }
  /// The same, with taps apart on some axes of stride 1.
  Windows dilated_windows(int input) {
    Windows result = windows(input);
    for (std::size_t axis = 0; axis < result.size(); ++axis) {
      ir::Window wider = result[axis];
      wider.dilation = between(1, 3);
      if (wider.stride == 1 && wider.span() <= build_.shape(input)[axis]) result[axis] = wider;
    }
    return result;
  }
  int convolution(int input, int channels) {
    return build_.add({name("conv"),
                       LayerKind::convolution,
                       {input},
                       channels,
                       dilated_windows(input),
                       coin(),
                       any_activation()});
  }
  /// Of the input's shape but for its channels.
  int beside(int input, int channels) {
    return build_.convolution(name("conv"), input, channels, build_.centred(input, 3), sum_activation());
  }
  int concatenation(std::vector<int> inputs) {
    return build_.add(
        {name("joined"), LayerKind::concatenation, std::move(inputs), 0, {}, false, Activation::none});
  }
  int pool(int input) {
    const LayerKind kind = coin() ? LayerKind::average_pool : LayerKind::max_pool;
    return build_.add({name("pool"), kind, {input}, 0, windows(input), false, Activation::none});
  }
  int split_sum(int input) {
    const int a = beside(input, between(1, 4)), b = beside(input, between(1, 4));
    const int joined = concatenation({a, b});
    return build_.sum(name("sum"), joined, beside(input, build_.channels(joined)), sum_activation());
  }

  int step_from(int from) {
    switch (between(0, 7)) {
      case 0:
        return build_.add({name("deep"),
                           LayerKind::depthwise_convolution,
                           {from},
                           0,
                           dilated_windows(from),
                           coin(),
                           any_activation()});
      case 1:
        return pool(from);
      case 2:
        return build_.squeeze_excite(name("se"), from, between(1, 4));
      case 3:
        return build_.sum(name("sum"), from, beside(from, build_.channels(from)), sum_activation());
      case 4:
        return concatenation({from, beside(from, between(1, 6)), from});
      case 5:
        return split_sum(from);
      default:
        return convolution(from, between(1, 20));
    }
  }
  int pooled_leaves() {
    std::vector<int> means;
    for (const int leaf : leaves_) means.push_back(build_.mean(name("mean"), leaf));
    return means.size() == 1 ? means[0] : concatenation(means);
  }

  RandomStream random_;
  Builder build_;
  std::set<int> leaves_;
  int names_ = 0;
};

inline Description random_description(std::uint64_t seed, int axes) {
  return RandomDescription(seed, axes).grow();
}

}  // namespace parsimony::network::test
