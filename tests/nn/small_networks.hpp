#pragma once

#include <cmath>
#include <string>

#include "parsimony/base/random.hpp"
#include "parsimony/data/dataset.hpp"

namespace parsimony::nn::test {

/// Classes that differ in the period of a noisy wave, in units far from 0 and 1: `cases` of them in turn.
inline data::Dataset easy_data(std::int64_t cases, std::int32_t length, std::int32_t channels,
                               std::int32_t classes, std::uint64_t seed) {
  RandomStream random(seed, 0, "easy data");
  data::Dataset data;
  data.name = "easy";
  data.length = length;
  data.channels = channels;
  for (std::int32_t k = 0; k < classes; ++k) data.class_names.push_back("wave" + std::to_string(k));
  for (std::int64_t n = 0; n < cases; ++n) {
    const auto label = static_cast<std::int32_t>(n % classes);
    const double phase = random.uniform(0.0, 6.28);
    for (std::int32_t l = 0; l < length; ++l)
      for (std::int32_t c = 0; c < channels; ++c)
        data.values.push_back(static_cast<float>(
            20.0 * c + 5.0 * std::sin(phase + c + l * 0.4 * (label + 1)) + 1.5 * random.normal()));
    data.labels.push_back(label);
  }
  return data;
}

}  // namespace parsimony::nn::test
