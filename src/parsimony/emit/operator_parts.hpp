#pragma once

#include <string>
#include <string_view>

#include "parsimony/emit/emission.hpp"
#include "parsimony/ir/arithmetic.hpp"

namespace parsimony::emit {

/// An operator whose parameters are written, and the fields that kernels share. Fields come in the order in
/// which the kernel's struct declares them, every one of them: C++ takes no other.
class OperatorParts {
 public:
  OperatorParts(CWriter& to, const Emission& from, const ir::Operator& of);

  CWriter& writer;
  const Emission& emission;
  const ir::Operator& op;
  const Kernel kernel;
  const ir::Tensor& input;  ///< the first
  const ir::Tensor& output;

  /// Of an array of constants, which may be another operator's.
  std::string array(std::string_view part) const;
  bool runs_in_reverse() const;
  /// Of the second operand, a tensor.
  const ir::Tensor& second() const { return emission.graph.tensor(op.inputs[1]); }
  /// Requantisation `index` of the operator.
  ir::Multiplier multiplier(std::size_t index) const;

  void pointers() const;  ///< weights, bias, multiplier, shift
  void mantissa(std::string_view which, std::size_t index) const;
  void shift(std::string_view which, std::size_t index) const;
  void input_zero_point() const;
  void output_zero_point() const;
  void clamp() const;  ///< lowest, highest
  void zero_points_and_clamp() const;
};

/// Parameters of a DSP or an MVE kernel that runs an operator.
void write_dsp_parameters(const OperatorParts& parts);

}  // namespace parsimony::emit
