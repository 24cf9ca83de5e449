#include "parsimony/emit/operator_arrays.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/emit/dsp_operator.hpp"
#include "parsimony/ir/arithmetic.hpp"

namespace parsimony::emit {
namespace {

/// b − z·Σw for each output channel: what the input's zero point adds, taken off beforehand.
std::vector<std::int32_t> folded_bias(const ir::Graph& graph, const ir::Operator& op) {
  const std::int64_t zero_point = graph.tensor(op.inputs[0]).quantisation.zero_point;
  const std::size_t count = op.bias.size(), row = op.weights.size() / count;
  const bool channel_last = op.kind == ir::OperatorKind::depthwise_convolution;
  std::vector<std::int64_t> sums(count, 0);
  for (std::size_t k = 0; k < op.weights.size(); ++k)
    sums[channel_last ? k % count : k / row] += op.weights[k];
  std::vector<std::int32_t> bias(count);
  for (std::size_t c = 0; c < count; ++c)
    bias[c] = static_cast<std::int32_t>(op.bias[c] - zero_point * sums[c]);
  return bias;
}

class Arrays {
 public:
  Arrays(CWriter& writer, const Emission& emission, const ir::Operator& op)
      : writer_(writer), emission_(emission), op_(op), kernel_(emission.choice.of(op)) {}

  void write() {
    if (is_dsp_weighted(kernel_))
      write_packed();
    else
      write_plain();
  }

 private:
  std::string symbol(std::string_view part) const { return emission_.symbol(op_, part); }

  void write_packed() {
    const dsp::Packed packed = dsp_packed(emission_.graph, op_, kernel_);
    if (packed.bytes.empty()) {
      writer_.array("uint32_t", {symbol("weights")}, std::span<const std::uint32_t>(packed.words));
    } else {  // depthwise: weights by bytes, the rest by words
      std::vector<std::int32_t> constants;
      for (const std::uint32_t word : packed.words) constants.push_back(static_cast<std::int32_t>(word));
      writer_.array("int8_t", {symbol("weights")}, packed.bytes, padded(packed.bytes.size()));
      writer_.array("int32_t", {symbol("constant")}, std::span<const std::int32_t>(constants));
    }
    writer_.array("int8_t", {symbol("shift")}, packed.shifts, padded(packed.shifts.size()));
  }

  bool folds_zero_point() const {
    return kernel_ != Kernel::convolution_1d && kernel_ != Kernel::depthwise_1d &&
           kernel_ != Kernel::mve_depthwise;
  }

  void write_plain() {
    if (op_.kind == ir::OperatorKind::table)
      writer_.array("int8_t", {symbol("table")}, op_.table, padded(op_.table.size()));
    if (kernel_ == Kernel::add_constant)
      writer_.array("int32_t", {symbol("constant")}, std::span<const std::int32_t>(scaled_constant()));
    if (kernel_ == Kernel::multiply_constant)
      writer_.array("int8_t", {symbol("constant")}, op_.constant.values, padded(op_.constant.values.size()));
    if (op_.weights.empty()) return;
    std::vector<std::int32_t> mantissas;
    std::vector<std::int8_t> shifts;
    for (const ir::Multiplier& multiplier : ir::requantisation(emission_.graph, op_).channels) {
      mantissas.push_back(multiplier.mantissa);
      // The vector kernels' shifts are at most -1; that of nothing is any.
      const bool none = is_mve(kernel_) && multiplier.mantissa == 0;
      shifts.push_back(none ? std::int8_t{-1} : static_cast<std::int8_t>(multiplier.shift));
    }
    const std::vector<std::int32_t> bias = folds_zero_point() ? folded_bias(emission_.graph, op_) : op_.bias;
    writer_.array("int8_t", {symbol("weights")}, op_.weights, padded(op_.weights.size()));
    writer_.array("int32_t", {symbol("bias")}, std::span<const std::int32_t>(bias));
    writer_.array("int32_t", {symbol("multiplier")}, std::span<const std::int32_t>(mantissas));
    writer_.array("int8_t", {symbol("shift")}, shifts, padded(shifts.size()));
  }

  /// What the constant adds to the sum.
  std::vector<std::int32_t> scaled_constant() const {
    const ir::Multiplier by = ir::requantisation(emission_.graph, op_).channels.at(1);
    const bool subtracted = op_.kind == ir::OperatorKind::subtract && !op_.constant.first;
    std::vector<std::int32_t> scaled;
    for (const std::int8_t value : op_.constant.values) {
      const std::int32_t shifted = (value - op_.constant.quantisation.zero_point) * (1 << ir::kAddLeftShift);
      scaled.push_back((subtracted ? -1 : 1) * ir::multiply_by(shifted, by, emission_.graph.rounding));
    }
    return scaled;
  }

  CWriter& writer_;
  const Emission& emission_;
  const ir::Operator& op_;
  Kernel kernel_;
};

}  // namespace

void write_arrays(CWriter& writer, const Emission& emission, const ir::Operator& op) {
  Arrays(writer, emission, op).write();
}

}  // namespace parsimony::emit
