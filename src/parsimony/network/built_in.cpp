#include "parsimony/network/built_in.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "parsimony/base/errors.hpp"
#include "parsimony/network/builder.hpp"

namespace parsimony::network {
namespace {

Description dscnn(const Task& task, std::int32_t width, const std::string&) {
  return dscnn_se_1d({task.input[0], task.input[1], task.classes, width});
}

/// ResNet18 for 32 × 32 images with three of its four stages (Deutel et al. 2023, Table 2): no pooling
/// before the first, two blocks in each, channels doubled and the image halved from one to the next.
Description resnet18_3(const Task& task, std::int32_t width, const std::string& where) {
  Builder build("resnet18_3", task.input, where);
  int last = build.convolution("conv1", kInput, width, build.centred(kInput, 3), Activation::relu);
  for (int stage = 1; stage <= 3; ++stage)
    for (int block = 1; block <= 2; ++block) {
      const int stride = stage > 1 && block == 1 ? 2 : 1;
      last = basic_residual(build, fmt::format("stage{}_block{}", stage, block), last, width << (stage - 1),
                            build.centred(last, 3, stride));
    }
  build.linear("classifier", build.mean("mean", last), task.classes);
  return std::move(build).finish();
}

/// MLPerf Tiny's image classification (mlcommons/tiny): three blocks, TFLite's padding.
Description resnet8(const Task& task, std::int32_t width, const std::string& where) {
  Builder build("resnet8", task.input, where);
  int last = build.convolution("conv1", kInput, width, build.same(kInput, {3, 3}, 1), Activation::relu);
  for (int block = 1; block <= 3; ++block)
    last = basic_residual(build, fmt::format("block{}", block), last, width << (block - 1),
                          build.same(last, {3, 3}, block == 1 ? 1 : 2));
  build.linear("classifier", build.mean("mean", last), task.classes);
  return std::move(build).finish();
}

/// MLPerf Tiny's keyword spotting (mlcommons/tiny; Zhang et al. 2017), TFLite's padding.
Description ds_cnn(const Task& task, std::int32_t width, const std::string& where) {
  Builder build("ds_cnn", task.input, where);
  int last = build.convolution("conv1", kInput, width, build.same(kInput, {10, 4}, 2), Activation::relu);
  for (int number = 1; number <= 4; ++number) {
    const std::string block = fmt::format("block{}", number);
    last = build.depthwise(block + "_depthwise", last, build.same(last, {3, 3}, 1), Activation::relu);
    last = build.pointwise(block + "_pointwise", last, width, Activation::relu);
  }
  build.linear("classifier", build.mean("mean", last), task.classes);
  return std::move(build).finish();
}

/// The authors' rounding: the nearest multiple of 8, never more than a tenth below.
std::int32_t to_eights(double channels) {
  const auto nearest = std::max(8, static_cast<std::int32_t>(channels + 4.0) / 8 * 8);
  return nearest < 0.9 * channels ? nearest + 8 : nearest;
}

/// A row of MobileNetV3-Small's table (Howard et al. 2019, Table 2).
struct Row {
  std::int32_t kernel, expanded, channels;
  bool squeezes;
  Activation activation;
  std::int32_t stride;
};
constexpr Activation RE = Activation::relu, HS = Activation::hard_swish;
constexpr Row kMobileNetV3Small[] = {
    {3, 16, 16, true, RE, 2},  {3, 72, 24, false, RE, 2}, {3, 88, 24, false, RE, 1},
    {5, 96, 40, true, HS, 2},  {5, 240, 40, true, HS, 1}, {5, 240, 40, true, HS, 1},
    {5, 120, 48, true, HS, 1}, {5, 144, 48, true, HS, 1}, {5, 288, 96, true, HS, 2},
    {5, 576, 96, true, HS, 1}, {5, 576, 96, true, HS, 1},
};

/// MobileNetV3-Small over one axis; `width` is the width factor in percent.
Description mobilenetv3_1d(const Task& task, std::int32_t width, const std::string& where) {
  const auto scaled = [&](std::int32_t channels) { return to_eights(channels * width / 100.0); };
  Builder build("mobilenetv3_1d", task.input, where);
  int last = build.convolution("conv1", kInput, scaled(16), build.centred(kInput, 3, 2), HS);
  int number = 0;
  for (const Row& row : kMobileNetV3Small) {
    const std::int32_t expanded = scaled(row.expanded);
    last = inverted_residual(build, fmt::format("block{}", ++number), last,
                             {.expanded = expanded,
                              .channels = scaled(row.channels),
                              .kernel = row.kernel,
                              .stride = row.stride,
                              .squeezed = row.squeezes ? to_eights(expanded / 4) : 0,
                              .activation = row.activation});
  }
  last = build.pointwise("conv2", last, scaled(576), HS);
  last = build.linear("hidden", build.mean("mean", last), scaled(1024), HS);
  build.linear("classifier", last, task.classes);
  return std::move(build).finish();
}

Description mlp(const Task& task, std::int32_t width, const std::string& where) {
  Builder build("mlp", task.input, where);
  const int first = build.linear("hidden1", kInput, width, Activation::relu);
  const int second = build.linear("hidden2", first, width, Activation::relu);
  build.linear("classifier", second, task.classes);
  return std::move(build).finish();
}

const BuiltIn kBuiltIn[] = {
    {"dscnn-se-1d",
     "one convolution, ten depthwise-separable ones, squeeze-excite after every second",
     1,
     {{100, 6}, 4},
     114,
     1024,
     "channels of every convolution",
     dscnn},
    {"mobilenetv3-1d",
     "MobileNetV3-Small over one axis",
     1,
     {{1024, 24}, 13},
     138,
     400,
     "width factor in percent",
     mobilenetv3_1d},
    {"resnet18-3",
     "ResNet18 with three stages of two residual blocks",
     2,
     {{32, 32, 3}, 10},
     48,
     512,
     "channels of the first stage",
     resnet18_3},
    {"resnet8",
     "MLPerf Tiny's image classification: three residual blocks",
     2,
     {{32, 32, 3}, 10},
     16,
     512,
     "channels of the first block",
     resnet8},
    {"ds-cnn",
     "MLPerf Tiny's keyword spotting: four depthwise-separable convolutions",
     2,
     {{49, 10, 1}, 12},
     64,
     1024,
     "channels of every convolution",
     ds_cnn},
    {"mlp", "two hidden linear layers", 0, {{100, 6}, 4}, 128, 1024, "units of each hidden layer", mlp},
};

}  // namespace

std::span<const BuiltIn> built_in_networks() {
  return kBuiltIn;
}

const BuiltIn& find_built_in(std::string_view where, std::string_view name) {
  std::vector<std::string> known;
  for (const BuiltIn& network : kBuiltIn) {
    if (network.name == name) return network;
    known.emplace_back(network.name);
  }
  const std::string near = nearest_name(name, known);
  throw InputError(
      where, fmt::format("is '{}'{}", name, near.empty() ? "" : fmt::format("; did you mean '{}'?", near)),
      fmt::format("{}", fmt::join(known, ", ")));
}

Description build(const BuiltIn& network, const Task& task, std::int32_t width, const std::string& where) {
  const auto axes = static_cast<int>(task.input.size()) - 1;
  if (network.axes != 0 && axes != network.axes)
    throw InputError(
        where, fmt::format("has an input of [{}]", fmt::join(task.input, ", ")),
        fmt::format("{}: that is what {} reads",
                    network.axes == 1 ? "[length, channels]" : "[height, width, channels]", network.name));
  if (width < 1 || width > network.widest)
    throw InputError(where + ": width", fmt::format("is {}", width), fmt::format("1 to {}", network.widest));
  return network.build(task, width, where);
}

}  // namespace parsimony::network
