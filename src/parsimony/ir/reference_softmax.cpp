#include <bit>

#include "parsimony/ir/fixed_point.hpp"
#include "parsimony/ir/reference_kernels.hpp"

namespace parsimony::ir::reference {

Values softmax(const Graph& graph, const Operator& op, const Values& input) {
  constexpr int kIntegerBits = 5, kAccumulationIntegerBits = 12;
  const SoftmaxScaling scaling = softmax_scaling(graph, op);
  const auto depth = static_cast<std::size_t>(graph.tensor(op.inputs[0]).shape.back());
  const auto exp_of = [&](std::int32_t difference) {
    return exp_of_negative(multiply_by(difference, scaling.by, graph.rounding), kIntegerBits);
  };
  Values output(input.size(), -128);
  for (std::size_t row = 0; row < input.size(); row += depth) {
    const std::int32_t largest = *std::max_element(input.begin() + static_cast<std::ptrdiff_t>(row),
                                                   input.begin() + static_cast<std::ptrdiff_t>(row + depth));
    std::int32_t sum = 0;
    for (std::size_t k = row; k < row + depth; ++k)
      if (input[k] - largest >= scaling.least)
        sum += rounding_divide_by_power(exp_of(input[k] - largest), kAccumulationIntegerBits);

    const int headroom = std::countl_zero(static_cast<std::uint32_t>(sum));
    const auto shifted =
        static_cast<std::int32_t>((static_cast<std::uint32_t>(sum) << headroom) - (1u << 31));
    const std::int32_t reciprocal = one_over_one_plus(shifted);
    const int exponent = kAccumulationIntegerBits - headroom + 31 - 8;
    for (std::size_t k = row; k < row + depth; ++k) {
      if (input[k] - largest < scaling.least) continue;
      const std::int32_t share =
          rounding_divide_by_power(high_multiply(reciprocal, exp_of(input[k] - largest)), exponent);
      output[k] = static_cast<std::int8_t>(std::clamp(share - 128, -128, 127));
    }
  }
  return output;
}

}  // namespace parsimony::ir::reference
