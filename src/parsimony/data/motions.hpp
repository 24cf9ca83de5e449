#pragma once

#include <cstdint>

#include "parsimony/data/dataset.hpp"

namespace parsimony::data {

/// How much of `motions` is made.
struct MotionsOptions {
  std::uint64_t seed = 1;            ///< keys every draw
  std::int32_t length = 64;          ///< steps a window, 2 s at 32 Hz
  std::int32_t windows = 5;          ///< of each class and subject
  std::int32_t train_subjects = 24;  ///< subjects 0, 1, ...
  std::int32_t test_subjects = 12;   ///< the subjects after them: never seen in training

  /// @throws InputError naming the field, its value and its range
  void validate() const;
};

/// Windows of an inertial sensor worn on the wrist, three axes of acceleration [g] and three of turning rate
/// [rad/s], 32 steps a second, eight everyday motions. Groups are the subjects; the parts share none.
/// The same options give the same bytes. See motions.cpp for the physics.
/// @return  train [train_subjects · 8 · windows, length, 6] and test, likewise
DataSource make_motions(const MotionsOptions& options = {});

}  // namespace parsimony::data
