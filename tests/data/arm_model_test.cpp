#include "parsimony/data/arm_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace parsimony::data {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kGravity = 9.80665;

Movement still() {
  return {.motion = Motion{}};
}

double norm(const Vector3& x) {
  return std::sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
}

TEST(ArmModel, AStillArmFeelsGravityAlone) {
  Movement movement = still();
  movement.motion.coordinates[kShoulder].mean = 0.7;
  movement.motion.coordinates[kElbow].mean = 1.1;
  movement.motion.coordinates[kAbduction].mean = 0.4;
  const Felt felt = felt_at(movement, 0.37);
  EXPECT_NEAR(norm(felt.acceleration), 1.0, 1e-6);
  EXPECT_NEAR(norm(felt.turning), 0.0, 1e-9);
}

TEST(ArmModel, AHangingArmFeelsGravityAlongItsLength) {
  const Felt felt = felt_at(still(), 0.0);
  EXPECT_NEAR(felt.acceleration[2], 1.0, 1e-6);
}

TEST(ArmModel, AFlexedElbowBringsGravityToTheForearmsFront) {
  Movement movement = still();
  movement.motion.coordinates[kElbow].mean =
      kPi / 2;  // the forearm points ahead: its −z axis is the world's x
  const Felt felt = felt_at(movement, 0.0);
  EXPECT_NEAR(felt.acceleration[0], 1.0, 1e-6);
  EXPECT_NEAR(felt.acceleration[2], 0.0, 1e-6);
}

TEST(ArmModel, VerticalOscillationIsFeltAsItsSecondDerivative) {
  Movement movement = still();
  movement.motion.tempo = 1.5;
  movement.motion.coordinates[kVertical].amplitude[0] = 0.03;
  const double omega = 2 * kPi * 1.5;
  for (const double time : {0.0, 0.1, 0.33, 1.2}) {
    const double expected = 1.0 - 0.03 * omega * omega * std::sin(omega * time) / kGravity;
    EXPECT_NEAR(felt_at(movement, time).acceleration[2], expected, 1e-4);
  }
}

TEST(ArmModel, ASwingingArmTurnsAndPullsOutwardsLikeAPendulum) {
  Movement movement = still();
  movement.motion.coordinates[kShoulder].amplitude[0] = 0.5;
  const double omega = 2 * kPi, length = movement.arm_length + movement.forearm_length;
  const Felt felt = felt_at(movement, 0.0);  // lowest point: fastest, no angular acceleration
  EXPECT_NEAR(felt.turning[1], -0.5 * omega, 1e-4);
  EXPECT_NEAR(felt.acceleration[2], 1.0 + length * std::pow(0.5 * omega, 2) / kGravity, 1e-3);
}

TEST(ArmModel, TurningIsTheDerivativeOfTheOrientation) {
  for (const Motion& motion : typical_motions()) {
    const Movement movement{.motion = motion, .start_phase = 1.0};
    const double time = 0.4, step = 1e-4;
    const Vector3 turning = felt_at(movement, time).turning;
    const Matrix3 between = multiply(transpose(wrist_pose(movement, time - step).rotation),
                                     wrist_pose(movement, time + step).rotation);
    EXPECT_NEAR((between[2][1] - between[1][2]) / (4 * step), turning[0], 2e-2) << motion.name;
    EXPECT_NEAR((between[0][2] - between[2][0]) / (4 * step), turning[1], 2e-2) << motion.name;
    EXPECT_NEAR((between[1][0] - between[0][1]) / (4 * step), turning[2], 2e-2) << motion.name;
  }
}

TEST(ArmModel, FootfallsShakeTwiceACycle) {
  Movement movement = still();
  movement.motion.tempo = 1.0;
  movement.motion.impact = {.strength = 1.0, .frequency = 8.0, .decay = 0.05};
  const double left = felt_at(movement, 0.03).acceleration[2],
               right = felt_at(movement, 0.53).acceleration[2];
  EXPECT_NEAR(left - 1.0, std::exp(-0.03 / 0.05) * std::sin(2 * kPi * 8.0 * 0.03), 1e-3);
  EXPECT_NEAR(left, right, 1e-3);
  movement.motion.impact.asymmetry = 0.5;
  EXPECT_NEAR(
      (felt_at(movement, 0.03).acceleration[2] - 1.0) / (felt_at(movement, 0.53).acceleration[2] - 1.0), 3.0,
      1e-2);
}

}  // namespace
}  // namespace parsimony::data
