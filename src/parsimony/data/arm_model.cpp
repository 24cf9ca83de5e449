#include "parsimony/data/arm_model.hpp"

#include <cmath>
#include <numbers>

namespace parsimony::data {
namespace {

constexpr double kGravity = 9.80665;  // [m/s²]
constexpr double kStep = 1e-3;        // of the central differences [s]; rounding stays below 1e-9 g
constexpr double kTurn = 2.0 * std::numbers::pi;
constexpr double kShoulderHeight = 0.45, kShoulderSide = -0.20;  // from the pelvis [m]

double phase_at(const Movement& movement, double time) {
  const Wander& tempo = movement.tempo;
  return movement.start_phase + kTurn * movement.motion.tempo * time +
         tempo.amplitude * std::sin(kTurn * tempo.frequency * time + tempo.offset);
}

double coordinate_at(const Movement& movement, Coordinate coordinate, double phase, double time) {
  double value = movement.motion.coordinates[coordinate].at(phase);
  for (const Wander& wander : movement.wander[coordinate])
    value += wander.amplitude * std::sin(kTurn * wander.frequency * time + wander.offset);
  return value;
}

/// The oscillations that the last footfalls left, along the vertical [g].
double impact_at(const Movement& movement, double time) {
  const Impact& impact = movement.motion.impact;
  if (impact.strength == 0.0) return 0.0;
  const double turning = kTurn * movement.motion.tempo;
  double sum = 0.0;
  for (int foot = 0; foot < 2; ++foot) {
    const double phase = phase_at(movement, time) + impact.offset + foot * std::numbers::pi;
    const double since = (phase - kTurn * std::floor(phase / kTurn)) / turning;  // [s]
    const double weight = foot == 0 ? 1.0 + impact.asymmetry : 1.0 - impact.asymmetry;
    sum += weight * std::exp(-since / impact.decay) * std::sin(kTurn * impact.frequency * since);
  }
  return impact.strength * sum;
}

}  // namespace

double Harmonics::at(double phase) const {
  double value = mean;
  for (int k = 0; k < kHarmonics; ++k)
    if (amplitude[k] != 0.0) value += amplitude[k] * std::sin((k + 1) * phase + offset[k]);
  return value;
}

Matrix3 rotation_x(double angle) {
  const double c = std::cos(angle), s = std::sin(angle);
  return {{{1, 0, 0}, {0, c, -s}, {0, s, c}}};
}

Matrix3 rotation_y(double angle) {
  const double c = std::cos(angle), s = std::sin(angle);
  return {{{c, 0, s}, {0, 1, 0}, {-s, 0, c}}};
}

Matrix3 rotation_z(double angle) {
  const double c = std::cos(angle), s = std::sin(angle);
  return {{{c, -s, 0}, {s, c, 0}, {0, 0, 1}}};
}

Matrix3 multiply(const Matrix3& a, const Matrix3& b) {
  Matrix3 product{};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) product[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
  return product;
}

Vector3 multiply(const Matrix3& a, const Vector3& x) {
  Vector3 product{};
  for (int i = 0; i < 3; ++i) product[i] = a[i][0] * x[0] + a[i][1] * x[1] + a[i][2] * x[2];
  return product;
}

Matrix3 transpose(const Matrix3& a) {
  return {{{a[0][0], a[1][0], a[2][0]}, {a[0][1], a[1][1], a[2][1]}, {a[0][2], a[1][2], a[2][2]}}};
}

Pose wrist_pose(const Movement& movement, double time) {
  const double phase = phase_at(movement, time);
  std::array<double, kCoordinates> q{};
  for (int i = 0; i < kCoordinates; ++i)
    q[i] = coordinate_at(movement, static_cast<Coordinate>(i), phase, time);
  const Matrix3 trunk = rotation_y(q[kLean]);
  const Matrix3 upper = multiply(trunk, multiply(rotation_y(-q[kShoulder]), rotation_x(-q[kAbduction])));
  const Matrix3 forearm = multiply(upper, rotation_y(-q[kElbow]));
  const Vector3 shoulder = multiply(trunk, Vector3{0.0, kShoulderSide, kShoulderHeight});
  const Vector3 to_elbow = multiply(upper, Vector3{0.0, 0.0, -movement.arm_length});
  const Vector3 to_wrist = multiply(forearm, Vector3{0.0, 0.0, -movement.forearm_length});
  Pose pose;
  for (int i = 0; i < 3; ++i) pose.position[i] = q[kForward + i] + shoulder[i] + to_elbow[i] + to_wrist[i];
  pose.rotation = multiply(forearm, rotation_z(q[kRoll]));
  return pose;
}

Felt felt_at(const Movement& movement, double time) {
  const Pose before = wrist_pose(movement, time - kStep);
  const Pose now = wrist_pose(movement, time);
  const Pose after = wrist_pose(movement, time + kStep);
  Vector3 force{};  // world frame [g]
  for (int i = 0; i < 3; ++i)
    force[i] = (after.position[i] - 2.0 * now.position[i] + before.position[i]) / (kStep * kStep * kGravity);
  force[2] += 1.0 + impact_at(movement, time);
  const Matrix3 to_wrist = transpose(now.rotation);
  Matrix3 change{};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) change[i][j] = (after.rotation[i][j] - before.rotation[i][j]) / (2.0 * kStep);
  const Matrix3 spin = multiply(to_wrist, change);  // skew: the angular velocity's cross product
  return {multiply(to_wrist, force), {spin[2][1], spin[0][2], spin[1][0]}};
}

}  // namespace parsimony::data
