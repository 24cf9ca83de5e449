#include <algorithm>
#include <string>

#include "parsimony/base/errors.hpp"
#include "parsimony/network/builder.hpp"
#include "parsimony/network/built_in.hpp"

namespace parsimony::network {
namespace {

constexpr std::int32_t kKernel = 3;
constexpr int kBlocks = 10;

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
  Builder build("dscnn_se_1d", {options.length, options.channels}, "network dscnn-se-1d");
  int last =
      build.convolution("conv1", kInput, options.width, build.centred(kInput, kKernel, 2), Activation::relu);
  for (int number = 1; number <= kBlocks; ++number) {
    const std::string block = "block" + std::to_string(number);
    last = build.depthwise(block + "_depthwise", last, build.centred(last, kKernel), Activation::relu);
    last = build.pointwise(block + "_pointwise", last, options.width, Activation::relu);
    if (number % 2 == 0) last = build.squeeze_excite(block, last, std::max(1, options.width / 4));
  }
  build.linear("classifier", build.mean("mean", last), options.classes);
  return std::move(build).finish();
}

}  // namespace parsimony::network
