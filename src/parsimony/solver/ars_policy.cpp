#include "parsimony/solver/ars_policy.hpp"

#include <Eigen/Core>
#include <cmath>

#include "parsimony/base/contracts.hpp"
#include "parsimony/solver/keyed_normals.hpp"

namespace parsimony::solver {

PolicyForm policy_form(int d, const ArsOptions& options) {
  return {d, options.preset == ArsOptions::Preset::paper, static_cast<float>(options.action_scale)};
}

std::vector<float> initial_parameters(const PolicyForm& form, const ArsOptions& options, std::uint64_t key,
                                      std::uint64_t stream) {
  std::vector<float> parameters(form.parameter_count(), 0.0f);
  if (options.preset == ArsOptions::Preset::paper) return parameters;
  const std::span<float> first_layer = std::span(parameters).first(parameters.size() / 2);
  fill_normals(key, stream, first_layer);
  const float deviation = 1.0f / std::sqrt(static_cast<float>(form.d));
  for (float& parameter : first_layer) parameter *= deviation;
  return parameters;
}

void walk(const PolicyForm& form, std::span<const float> parameters, std::span<const double> start,
          std::span<float> states) {
  PARSIMONY_EXPECTS(parameters.size() == form.parameter_count());
  const Eigen::Map<const Eigen::Matrix<float, kHiddenUnits, Eigen::Dynamic>> first(parameters.data(),
                                                                                   kHiddenUnits, form.d);
  const Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, kHiddenUnits>> second(
      parameters.data() + parameters.size() / 2, form.d, kHiddenUnits);
  Eigen::VectorXf state =
      Eigen::Map<const Eigen::VectorXd>(start.data(), static_cast<Eigen::Index>(start.size())).cast<float>();
  Eigen::VectorXf input(form.d), action(form.d);
  Eigen::Matrix<float, kHiddenUnits, 1> hidden;
  for (std::size_t step = 0; step < states.size(); step += static_cast<std::size_t>(form.d)) {
    input = 2.0f * state.array() - 1.0f;
    hidden.noalias() = first * input;
    if (form.rectified) {
      hidden = hidden.cwiseMax(0.0f);
    } else {
      hidden = hidden.array().tanh();
    }
    action.noalias() = second * hidden;
    state = (state + form.action_scale * action).cwiseMax(0.0f).cwiseMin(1.0f);
    Eigen::Map<Eigen::VectorXf>(states.data() + step, form.d) = state;
  }
}

}  // namespace parsimony::solver
