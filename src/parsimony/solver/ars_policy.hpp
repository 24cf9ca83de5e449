#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/solver/ars_options.hpp"

namespace parsimony::solver {

constexpr int kHiddenUnits = 64;  ///< Deutel et al. 2023, Sec. 4

/// Shape and step of the policies d → 64 → d without bias: action = W₂·a(W₁·(2x − 1)), x ← clamp(x +
/// scale·action). Parameters are one vector: W₁ [64, d] and then W₂ [d, 64], both column by column.
struct PolicyForm {
  int d = 0;
  bool rectified = false;  ///< a is ReLU, else tanh
  float action_scale = 1.0f;

  std::size_t parameter_count() const { return static_cast<std::size_t>(2 * kHiddenUnits * d); }
};

PolicyForm policy_form(int d, const ArsOptions& options);

/// First layer from N(0, 1/d) by (key, stream), output layer zero; all zero in the paper's preset.
std::vector<float> initial_parameters(const PolicyForm& form, const ArsOptions& options, std::uint64_t key,
                                      std::uint64_t stream);

/// The states after 1 … H steps from the start, not snapped.
/// @param start   [d]
/// @param states  [H, d] row by row
void walk(const PolicyForm& form, std::span<const float> parameters, std::span<const double> start,
          std::span<float> states);

}  // namespace parsimony::solver
