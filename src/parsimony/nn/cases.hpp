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
  int height = 1;              ///< rows of an image; 1: a series
  int channels = 0, ld = 0;
  std::vector<T> values;  ///< [n, length, ld]
  std::vector<std::int32_t> labels;
  data::Normalisation normalisation;  ///< that made them so

  int length() const { return static_cast<int>(case_size / ld); }
};

template <typename T>
Cases<T> make_cases(const data::Dataset& data, const data::Normalisation& normalisation);

/// The cases of these indices, one behind the other.
template <typename T>
void gather(const Cases<T>& cases, std::span<const std::int64_t> indices, T* to);

}  // namespace parsimony::nn
