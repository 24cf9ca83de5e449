#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace parsimony::network {

/// Random changes of training cases, drawn anew for each case in each epoch; none by default.
struct Augmentation {
  // of images
  bool flip = false;      ///< left to right, every other time
  std::int32_t crop = 0;  ///< moved by up to so many pixels up, down, left and right, 0 … 64; what comes in
                          ///< is the channel's mean

  // of series
  double jitter = 0.0;    ///< deviation of the noise over the channel's own deviation, 0 … 10
  double scale = 0.0;     ///< each channel's swing about its mean times 1 − scale … 1 + scale, 0 … 1
  double rotation = 0.0;  ///< the sensor turned by up to so many degrees about any axis, 0 … 180
  std::vector<std::array<std::int32_t, 3>> triples{};  ///< channels that are the x, y, z of one vector;
                                                       ///< empty: each three in turn
  double warp = 0.0;  ///< time runs at 1 − warp … 1 + warp of its speed, smoothly changing, 0 … 0.9

  bool of_images() const { return flip || crop > 0; }
  bool of_series() const { return jitter > 0.0 || scale > 0.0 || rotation > 0.0 || warp > 0.0; }
  bool any() const { return of_images() || of_series(); }
  bool operator==(const Augmentation&) const = default;
};

/// How every network of a study is trained, beside the hyperparameters that the search varies.
struct TrainingOptions {
  Augmentation augment{};

  bool operator==(const TrainingOptions&) const = default;
};

}  // namespace parsimony::network
