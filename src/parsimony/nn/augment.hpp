#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/base/random.hpp"
#include "parsimony/network/training_options.hpp"
#include "parsimony/nn/cases.hpp"
#include "parsimony/nn/train.hpp"

namespace parsimony::nn {

/// Training cases as an epoch sees them: a case's changes are keyed by (seed, trial, purpose, epoch, case)
/// and depend on nothing else.
///
/// Images are moved by whole pixels, then flipped, then a square is erased whose centre is uniform over the
/// image, so that part of it may lie outside (DeVries and Taylor 2017). Series go through, in this order:
/// warp of time (speeds uniform in 1 ± warp at five knots, linear between them, the whole scaled so that
/// first and last step stay; values between steps by linear interpolation), rotation of the sensor (one axis
/// uniform on the sphere and one angle for all triples, applied to the sensor's own units), scale (one factor
/// for each channel), jitter (normal noise). After Um et al. 2017, who give each its own random curve or
/// factor.
class Augmenter {
 public:
  /// @param cases  must outlive the augmenter
  Augmenter(const network::Augmentation& augmentation, const Cases<float>& cases, const RandomKeys& keys);

  /// The cases of these indices as changed for this epoch, one behind the other.
  void gather(int epoch, std::span<const std::int64_t> indices, float* to) const;

 private:
  void change_image(RandomStream& random, const float* from, float* to) const;
  void erase_square(RandomStream& random, float* image) const;
  void change_series(RandomStream& random, const float* from, float* to) const;
  void warp(RandomStream& random, const float* from, float* to) const;
  void rotate(RandomStream& random, float* values) const;
  void scale(RandomStream& random, float* values) const;
  void jitter(RandomStream& random, float* values) const;

  const network::Augmentation& augmentation_;
  const Cases<float>& cases_;
  RandomKeys keys_;
  std::vector<std::array<std::int32_t, 3>> triples_;
  std::vector<float> noise_;  ///< standard normals; a case reads a stretch of them
};

}  // namespace parsimony::nn
