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
  std::int32_t erase = 0;  ///< a square of so many pixels a side set to the channels' means, 0 … 64

  // of series
  double jitter = 0.0;    ///< deviation of the noise over the channel's own deviation, 0 … 10
  double scale = 0.0;     ///< each channel's swing about its mean times 1 − scale … 1 + scale, 0 … 1
  double rotation = 0.0;  ///< the sensor turned by up to so many degrees about any axis, 0 … 180
  std::vector<std::array<std::int32_t, 3>> triples{};  ///< channels that are the x, y, z of one vector;
                                                       ///< empty: each three in turn
  double warp = 0.0;  ///< time runs at 1 − warp … 1 + warp of its speed, smoothly changing, 0 … 0.9

  bool of_images() const { return flip || crop > 0 || erase > 0; }
  bool of_series() const { return jitter > 0.0 || scale > 0.0 || rotation > 0.0 || warp > 0.0; }
  bool any() const { return of_images() || of_series(); }
  bool operator==(const Augmentation&) const = default;
};

enum class ClassWeighting {
  none,
  balanced,  ///< cases over (classes · cases of the class), of the training part
  given,
};

/// What a case counts in the loss (PyTorch's cross_entropy).
struct LossOptions {
  double label_smoothing = 0.0;  ///< 0 … 0.9
  ClassWeighting weighting = ClassWeighting::none;
  std::vector<double> class_weights{};  ///< given: [classes], each 1e-3 … 1e3

  bool operator==(const LossOptions&) const = default;
};

/// When a training that does not learn is given up as diverged: after so many epochs in a row whose mean loss
/// exceeds `factor` times that of a uniform guess, ln(classes).
struct DivergenceStop {
  double factor = 0.0;       ///< 1 … 1000; 0: never
  std::int32_t epochs = 10;  ///< 1 … 10000, those of the warm-up not counted

  bool operator==(const DivergenceStop&) const = default;
};

/// By what the channels that go are chosen (nn/prune.hpp).
enum class Ranking { norm, batch_norm, taylor };

/// What an activation's int8 range is taken from.
enum class RangeEstimator {
  min_max,     ///< its least and largest value
  percentile,  ///< all but the lowest and the highest few
  mse,         ///< the range of least squared error after rounding and clipping
  automatic,   ///< min_max or mse, whose logits lie nearer to the float ones over the calibration cases
};

/// How int8 comes about after training (nn/post_training.hpp).
struct QuantisationOptions {
  RangeEstimator ranges = RangeEstimator::automatic;
  double percentile = 99.99;  ///< values above it are clipped, and those below 100 − it; 90 … 100
  bool equalisation = false;
  bool bias_correction = true;

  bool operator==(const QuantisationOptions&) const = default;
};

/// How every network of a study is trained, beside the hyperparameters that the search varies.
struct TrainingOptions {
  double input_clip = 0.0;  ///< inputs are cut this far from their mean, 1 … 1000 deviations; 0: none
  Augmentation augment{};
  LossOptions loss{};
  double gradient_clip = 0.0;  ///< bound of the L2 norm of all gradients, 1e-6 … 1e6; 0: none
  std::int32_t warmup = 0;     ///< epochs over which the rate rises, 0 … 1000
  DivergenceStop stop{};
  Ranking ranking = Ranking::norm;
  QuantisationOptions quantisation{};

  bool operator==(const TrainingOptions&) const = default;
};

}  // namespace parsimony::network
