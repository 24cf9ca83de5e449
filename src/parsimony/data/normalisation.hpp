#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "parsimony/data/dataset.hpp"

namespace parsimony::data {

/// x ↦ (x − mean) / deviation, a channel at a time, cut to ± clip.
struct Normalisation {
  std::vector<float> mean;                              ///< [channels], sensor units
  std::vector<float> deviation;                         ///< [channels], sensor units, above 0
  float clip = std::numeric_limits<float>::infinity();  ///< [deviations], above 0
};

/// Mean and standard deviation (divided by n) of each channel over the cases given, all their steps; summed
/// in double precision in the order given, two passes. A channel that is constant gets deviation 1. Give it
/// the training part only. Precondition: at least one case.
Normalisation normalisation_of(const Dataset& data, std::span<const std::int32_t> cases);

/// The same over all cases.
Normalisation normalisation_of(const Dataset& data);

/// (value − mean) / deviation in float32, cut to ± clip, over any number of whole steps: values [steps,
/// channels] in place.
void normalise(std::span<float> values, const Normalisation& normalisation);

}  // namespace parsimony::data
