#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "parsimony/features/log_mel.hpp"

namespace parsimony::data {

/// Labelled windows of a multivariate series, or images, all of one size, in the sensor's own units. An image
/// is a series of its pixels, row by row.
struct Dataset {
  std::string name;
  std::vector<std::string> channel_names;  ///< [channels], or empty: "c0", "c1", ...
  std::int32_t length = 0;                 ///< steps a case; of an image, height · width
  std::int32_t height = 1;                 ///< rows of an image; 1: a series
  std::int32_t channels = 0;
  double rate = 0.0;  ///< steps of a series, samples of a sound a second [Hz]; 0: not known
  std::vector<std::string> class_names;  ///< [classes], in the order that the labels count
  std::vector<float> values;  ///< [n, length, channels], channels last; so [n, height, width, channels]
  std::vector<std::int32_t> labels;  ///< [n], each in 0 … classes−1
  std::vector<std::int32_t> groups;  ///< [n] such as the subject's number; empty: none named
  std::optional<features::LogMel>
      log_mel;                     ///< the front end whose output the values are, its frames in order
  std::vector<std::string> notes;  ///< what its reader left out, in words for the user

  std::int64_t size() const { return static_cast<std::int64_t>(labels.size()); }
  std::int64_t case_size() const { return std::int64_t{length} * channels; }
  std::int32_t width() const { return length / height; }
  std::int32_t classes() const { return static_cast<std::int32_t>(class_names.size()); }

  /// [length, channels] of case `index`, 0 ≤ index < size().
  std::span<const float> case_values(std::int64_t index) const;

  /// The channel's name, or "c<channel>" where none is given.
  std::string channel_name(std::int32_t channel) const;
};

/// A data set with its two parts. Both have the same length, channels, and class names in the same order.
struct DataSource {
  Dataset train, test;
};

/// The cases of these indices, in the order given; name, classes and shape stay, notes do not.
Dataset subset(const Dataset& data, std::span<const std::int32_t> indices);

/// The indices of each class's cases, ascending: [classes][cases of the class].
std::vector<std::vector<std::int32_t>> cases_by_class(const Dataset& data);

/// The distinct group numbers, ascending; empty where none are named.
std::vector<std::int32_t> distinct_groups(const Dataset& data);

}  // namespace parsimony::data
