#include <string>

#include "parsimony/network/builder.hpp"
#include "parsimony/network/network_file.hpp"

namespace parsimony::network {
namespace {

using config::Field;

constexpr std::int64_t kMostChannels = 1 << 16;

std::int32_t count(const Field& field, std::string_view key, std::int64_t most = kMostChannels) {
  return static_cast<std::int32_t>(field.at(key).integer(1, most));
}

Activation activation_of(const Field& layer) {
  const std::string name = layer.at("act_func").choice({"relu", "relu6", "h_swish"});
  return name == "relu" ? Activation::relu : name == "relu6" ? Activation::relu6 : Activation::hard_swish;
}

/// MBInvertedConvLayer with or without its identity.
int add_block(Builder& build, const std::string& name, int input, const Field& block) {
  const Field layer = block.at("mobile_inverted_conv");
  build.at(layer.place());
  if (count(layer, "in_channels") != build.channels(input))
    layer.at("in_channels")
        .fail("is " + layer.at("in_channels").text(), std::to_string(build.channels(input)));
  if (layer.at("use_se").boolean()) layer.at("use_se").fail("is true", "false");
  const auto middle = layer.find("mid_channels");
  return inverted_residual(build, name, input,
                           {.expanded = middle ? count(layer, "mid_channels")
                                               : build.channels(input) * count(layer, "expand_ratio", 100),
                            .channels = count(layer, "out_channels"),
                            .kernel = count(layer, "kernel_size", 15),
                            .stride = count(layer, "stride", 4),
                            .activation = activation_of(layer),
                            .pads_as_tflite = true,
                            .residual = block.find("shortcut").has_value()});
}

}  // namespace

Description read_mcunet(const Field& file, const Task& task) {
  Builder build("mcunet", task.input, file.place());
  const Field first = file.at("first_conv");
  build.at(first.place());
  const std::int32_t kernel = count(first, "kernel_size", 15);
  int last = build.convolution("first", kInput, count(first, "out_channels"),
                               build.same(kInput, {kernel, kernel}, count(first, "stride", 4)),
                               activation_of(first));
  int number = 0;
  for (const Field& block : file.at("blocks").items())
    last = add_block(build, "block" + std::to_string(++number), last, block);
  build.linear("classifier", build.mean("mean", last), task.classes);
  return std::move(build).finish();
}

}  // namespace parsimony::network
