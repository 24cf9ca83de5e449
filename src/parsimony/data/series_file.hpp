#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "parsimony/data/dataset.hpp"

namespace parsimony::data {

/// How series of unequal lengths come to one length.
enum class Unequal {
  kPad,      ///< a shorter one keeps its last value, a longer one is cut at its end
  kResample  ///< stretched or compressed by linear interpolation, first and last value kept
};

/// What a file of labelled series holds, and where. Until `fit_length` its series may differ in length:
/// `data.values` holds one [steps of the case, channels] after the other, and `data.length` is the longest.
struct SeriesFile {
  Dataset data;
  std::vector<std::int32_t> steps;  ///< [n] of each case
  std::vector<std::int64_t> lines;  ///< [n] the line of each case, from 1
  bool unequal = false;             ///< the file declares that lengths may differ
};

/// Replaces each NaN of values [steps, channels] by the line between its channel's neighbours; before the
/// first and after the last value of a channel, by that value.
/// @return  the first channel that holds no value at all, nothing when all is filled
std::optional<std::size_t> fill_missing(std::span<float> values, std::size_t channels);

/// One series [steps, channels] at another length: [length, channels]. Preconditions: steps, length ≥ 1.
std::vector<float> at_length(std::span<const float> values, std::size_t channels, std::size_t length,
                             Unequal rule);

/// Brings all cases of a file to one length.
void fit_length(SeriesFile& file, std::int32_t length, Unequal rule);

}  // namespace parsimony::data
