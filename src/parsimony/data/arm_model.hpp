#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace parsimony::data {

inline constexpr int kHarmonics = 3;

/// mean + Σ_k amplitude[k] · sin((k + 1)·phase + offset[k]), of a motion's own cycle.
struct Harmonics {
  double mean = 0.0;
  std::array<double, kHarmonics> amplitude{};
  std::array<double, kHarmonics> offset{};  ///< [rad]

  double at(double phase) const;
};

/// Coordinates that move the sensor. World: x ahead, y left, z up; the right arm, hanging along −z when all
/// is 0.
enum Coordinate {
  kForward,    ///< of the trunk [m]
  kLateral,    ///< [m]
  kVertical,   ///< [m]
  kLean,       ///< of the trunk, forward [rad]
  kShoulder,   ///< flexion, forward [rad]
  kAbduction,  ///< of the upper arm, outward [rad]
  kElbow,      ///< flexion [rad]
  kRoll,       ///< of the forearm about its length [rad]
  kCoordinates
};

/// What the feet send up the body at each footfall: a damped oscillation along the vertical.
struct Impact {
  double strength = 0.0;   ///< [g]
  double frequency = 8.0;  ///< [Hz]
  double decay = 0.08;     ///< [s]
  double offset = 0.0;     ///< of the first footfall in the cycle [rad]; the other foot is π later
  double asymmetry = 0.0;  ///< the left foot is 1 + this, the right one 1 − this
};

/// One everyday motion as a harmonic model.
struct Motion {
  std::string_view name;
  double tempo = 1.0;  ///< cycles a second: strides, turns of the pedals, strokes [Hz]
  std::array<Harmonics, kCoordinates> coordinates{};
  Impact impact{};
  double vibration = 0.0;  ///< of the ground or the grip, white [g], at the wrist
  double restless = 0.0;   ///< amplitude of slow aimless arm movement [rad]
};

/// The eight motions as an average person makes them.
const std::vector<Motion>& typical_motions();

/// A slow wandering added to one coordinate.
struct Wander {
  double amplitude = 0.0, frequency = 0.0, offset = 0.0;  ///< [m or rad], [Hz], [rad]
};

/// A motion as one person makes it during one window.
struct Movement {
  Motion motion;
  double start_phase = 0.0;  ///< [rad]
  Wander tempo{};            ///< of the phase: amplitude in [rad]
  std::array<std::array<Wander, 2>, kCoordinates> wander{};
  double arm_length = 0.30, forearm_length = 0.25;  ///< [m]
};

using Vector3 = std::array<double, 3>;
using Matrix3 = std::array<Vector3, 3>;  ///< rows

Matrix3 rotation_x(double angle);  ///< [rad]
Matrix3 rotation_y(double angle);
Matrix3 rotation_z(double angle);
Matrix3 multiply(const Matrix3& a, const Matrix3& b);
Vector3 multiply(const Matrix3& a, const Vector3& x);
Matrix3 transpose(const Matrix3& a);

/// Where the wrist is and how it is turned (wrist frame to world).
struct Pose {
  Vector3 position{};  ///< [m]
  Matrix3 rotation{};
};

/// Trunk, shoulder, upper arm, elbow, forearm at `time` [s].
Pose wrist_pose(const Movement& movement, double time);

/// What an ideal sensor at the wrist feels, in the wrist's frame.
struct Felt {
  Vector3 acceleration{};  ///< specific force: (d²position/dt² + gravity's reaction) in the wrist's frame [g]
  Vector3 turning{};       ///< angular velocity in the wrist's frame [rad/s]
};

/// By central differences of wrist_pose (step 1 ms), the footfalls' impacts added.
Felt felt_at(const Movement& movement, double time);

}  // namespace parsimony::data
