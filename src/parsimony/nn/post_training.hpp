#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parsimony/ir/graph.hpp"
#include "parsimony/network/training_options.hpp"
#include "parsimony/nn/cases.hpp"
#include "parsimony/nn/parameters.hpp"
#include "parsimony/nn/train.hpp"

namespace parsimony::nn {

/// The int8 network of trained weights whose batch norms have their final statistics, calibrated on cases
/// chosen by the keys: channels equalised and biases corrected where the options ask for it.
/// @param parameters  equalised on return where asked for
/// @return            nothing when an activation, or a step of one, is not finite
std::optional<ir::Graph> to_int8(Parameters<float>& parameters, const Cases<float>& cases,
                                 const std::vector<std::string>& class_names, const RandomKeys& keys,
                                 const network::QuantisationOptions& options);

}  // namespace parsimony::nn
