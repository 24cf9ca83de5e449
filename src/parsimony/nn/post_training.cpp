#include "parsimony/nn/post_training.hpp"

#include "parsimony/nn/calibrate.hpp"
#include "parsimony/nn/equalise.hpp"
#include "parsimony/nn/input_means.hpp"
#include "parsimony/nn/quantise.hpp"

namespace parsimony::nn {

std::optional<ir::Graph> to_int8(Parameters<float>& parameters, const Cases<float>& cases,
                                 const std::vector<std::string>& class_names, const RandomKeys& keys,
                                 const network::QuantisationOptions& options) {
  const std::vector<std::int64_t> indices = calibration_cases(cases.count, keys);
  if (options.equalisation) equalise(parameters, cases, indices);
  const Ranges ranges = calibrate(parameters, cases, indices, options);
  if (!ranges.finite()) return std::nullopt;
  InputMeans means;
  if (options.bias_correction) means = input_means(parameters, cases, indices);
  return quantise(parameters, ranges, cases.normalisation, class_names, means);
}

}  // namespace parsimony::nn
