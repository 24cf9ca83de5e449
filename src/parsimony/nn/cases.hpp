#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/data/dataset.hpp"
#include "parsimony/data/normalisation.hpp"

namespace parsimony::nn {

/// A data set as modules read it: normalised in float32, rows padded (lanes.hpp).
template <typename T>
struct Cases {
  std::int64_t count = 0;
  std::int64_t case_size = 0;  ///< length · ld
  int channels = 0, ld = 0;
  std::vector<T> values;  ///< [n, length, ld]
  std::vector<std::int32_t> labels;
};

template <typename T>
Cases<T> make_cases(const data::Dataset& data, const data::Normalisation& normalisation);

/// The cases of these indices, one behind the other.
template <typename T>
void gather(const Cases<T>& cases, std::span<const std::int64_t> indices, T* to);

}  // namespace parsimony::nn
