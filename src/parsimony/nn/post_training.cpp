#include "parsimony/nn/post_training.hpp"

#include "parsimony/nn/bias_correction.hpp"
#include "parsimony/nn/calibrate.hpp"
#include "parsimony/nn/equalise.hpp"
#include "parsimony/nn/quantise.hpp"

namespace parsimony::nn {

std::optional<ir::Graph> to_int8(Parameters<float>& parameters, const Cases<float>& cases,
                                 const std::vector<std::string>& class_names, const RandomKeys& keys,
                                 const network::QuantisationOptions& options) {
  const std::vector<std::int64_t> indices = calibration_cases(cases.count, keys);
  if (options.equalisation) equalise(parameters, cases, indices);
  const Ranges ranges = calibrate(parameters, cases, indices, options);
  if (!ranges.finite()) return std::nullopt;
  std::optional<ir::Graph> graph = quantise(parameters, ranges, cases.normalisation, class_names);
  if (graph && options.bias_correction) correct_biases(*graph, parameters, cases, indices);
  return graph;
}

}  // namespace parsimony::nn
