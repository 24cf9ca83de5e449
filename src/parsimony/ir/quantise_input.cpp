// Compiled with -ffp-contract=off (CMakeLists.txt).
#include "parsimony/ir/quantise_input.hpp"

#include <algorithm>
#include <bit>

#include "parsimony/base/contracts.hpp"

namespace parsimony::ir {
namespace {

std::int8_t quantise(float raw, float mean, float divisor, std::int32_t zero_point) {
  const float difference = raw - mean;
  const float value = difference / divisor;
  if ((std::bit_cast<std::uint32_t>(value) & 0x7fffffffu) > 0x7f800000u)
    return static_cast<std::int8_t>(zero_point);
  if (value >= 512.0f) return 127;
  if (value <= -512.0f) return -128;
  const auto doubled = static_cast<std::int32_t>(value + value);
  const std::int32_t rounded = (doubled + (doubled >= 0 ? 1 : -1)) / 2;
  return static_cast<std::int8_t>(std::clamp(rounded + zero_point, -128, 127));
}

}  // namespace

void quantise_input(const Graph& graph, std::span<const float> raw, std::span<std::int8_t> output) {
  const Tensor& input = graph.tensor(graph.input);
  const Normalisation& normalisation = graph.normalisation;
  const std::size_t channels = normalisation.mean.size();
  PARSIMONY_EXPECTS(channels == 1 || channels == static_cast<std::size_t>(input.shape.back()));
  PARSIMONY_EXPECTS(raw.size() == static_cast<std::size_t>(input.elements()) && output.size() == raw.size());
  for (std::size_t start = 0; start < raw.size(); start += channels)
    for (std::size_t c = 0; c < channels; ++c)
      output[start + c] = quantise(raw[start + c], normalisation.mean[c], normalisation.divisor[c],
                                   input.quantisation.zero_point);
}

}  // namespace parsimony::ir
