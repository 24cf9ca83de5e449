#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/data/dataset.hpp"
#include "parsimony/data/normalisation.hpp"
#include "parsimony/nn/lanes.hpp"

namespace parsimony::nn {

/// A data set normalised in float32. Its rows are padded (lanes.hpp) when a batch is gathered: padding here
/// would hold the three colours of an image as sixteen.
template <typename T>
struct Cases {
  std::int64_t count = 0;
  int length = 0;
  int height = 1;  ///< rows of an image; 1: a series
  int channels = 0;
  std::vector<T> values;  ///< [n, length, channels]
  std::vector<std::int32_t> labels;
  data::Normalisation normalisation;  ///< that made them so

  /// Channels of a row of a batch.
  int ld() const { return padded<T>(channels); }
  /// Values of a case in a batch.
  std::int64_t padded_size() const { return std::int64_t{length} * ld(); }
  /// [length, channels]
  const T* at(std::int64_t index) const { return values.data() + index * length * channels; }
};

template <typename T>
Cases<T> make_cases(const data::Dataset& data, const data::Normalisation& normalisation);

/// One row of channels, padded with zeros; returns where the next one goes.
template <typename T>
T* pad_row(const T* from, int channels, T* to) {
  T* end = to + padded<T>(channels);
  std::fill(std::copy_n(from, channels, to), end, T(0));
  return end;
}

/// The same of rows one behind the other.
template <typename T>
T* pad_rows(const T* from, int rows, int channels, T* to) {
  for (int row = 0; row < rows; ++row, from += channels) to = pad_row(from, channels, to);
  return to;
}

/// The cases of these indices as modules read them, one behind the other: [indices, length, ld].
template <typename T>
void gather(const Cases<T>& cases, std::span<const std::int64_t> indices, T* to);

}  // namespace parsimony::nn
