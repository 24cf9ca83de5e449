#include "parsimony/data/motions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/data/arm_model.hpp"

namespace parsimony::data {
namespace {

constexpr double kRate = 32.0;  // [Hz]
constexpr std::int32_t kChannels = 6;
constexpr double kTurn = 2.0 * std::numbers::pi;

// The converter: 16 bits over ±8 g and ±32 rad/s. Its steps also hide the last bits of sin and exp, in which
// machines differ.
constexpr double kAccelerationStep = 1.0 / 4096.0;  // [g]
constexpr double kTurningStep = 1.0 / 1024.0;       // [rad/s]

// How much people and moments differ: standard deviations, of logarithms where a factor is meant. Chosen so
// that the network's size matters: dscnn-se-1d of width 32 trained for 40 epochs scores 98 % of the test
// subjects' windows; pruned to 5 channels everywhere (2 KB of constants) 75 %.
struct Spread {
  double tempo, size, joint_size;  // factors
  double joint_offset, posture;    // [rad]
  double worn;                     // [rad]
};
constexpr Spread kBetweenSubjects{
    .tempo = 0.05, .size = 0.10, .joint_size = 0.10, .joint_offset = 0.10, .posture = 0.07, .worn = 0.15};
constexpr Spread kWithinSubject{
    .tempo = 0.045, .size = 0.08, .joint_size = 0.08, .joint_offset = 0.08, .posture = 0.07, .worn = 0.08};
constexpr double kArmCarried =
    0.15;  // share of windows in which the hand holds something and hardly swings in a gait

/// What stays with a person.
struct Subject {
  double tempo = 1.0, size = 1.0, limbs = 1.0;  // factors
  Matrix3 worn{};                               // sensor frame to wrist frame
  bool left_wrist = false;
  double acceleration_noise = 0.0, turning_noise = 0.0;  // [g], [rad/s]
  Vector3 acceleration_bias{}, turning_bias{};           // [g], [rad/s]
};

double factor(RandomStream& random, double spread) {
  return std::exp(spread * random.normal());
}

/// A turn about the forearm (the strap slips) and smaller ones about the other two axes.
Matrix3 worn_rotation(RandomStream& random, double spread) {
  const double about_arm = spread * random.normal();
  const double tilt = 0.4 * spread * random.normal(), yaw = 0.4 * spread * random.normal();
  return multiply(rotation_z(about_arm), multiply(rotation_x(tilt), rotation_y(yaw)));
}

Subject make_subject(std::uint64_t seed, std::int32_t number) {
  RandomStream random(seed, static_cast<std::uint64_t>(number), "motions.subject");
  Subject subject;
  subject.tempo = factor(random, kBetweenSubjects.tempo);
  subject.size = factor(random, kBetweenSubjects.size);
  subject.limbs = factor(random, 0.06);
  subject.worn = worn_rotation(random, kBetweenSubjects.worn);
  subject.left_wrist = random.uniform() < 0.5;
  subject.acceleration_noise = random.uniform(0.02, 0.06);
  subject.turning_noise = random.uniform(0.03, 0.10);
  for (double& bias : subject.acceleration_bias) bias = 0.02 * random.normal();
  for (double& bias : subject.turning_bias) bias = 0.03 * random.normal();
  return subject;
}

/// Moves a motion's numbers away from the typical ones by one draw each.
void vary(Motion& motion, RandomStream& random, const Spread& spread) {
  motion.tempo *= factor(random, spread.tempo);
  const double size = factor(random, spread.size);
  for (int i = 0; i < kCoordinates; ++i) {
    Harmonics& harmonics = motion.coordinates[i];
    if (i >= kLean) harmonics.mean += spread.posture * random.normal();
    const double own = size * factor(random, spread.joint_size);
    for (int k = 0; k < kHarmonics; ++k) {
      harmonics.amplitude[k] *= own;
      harmonics.offset[k] += spread.joint_offset * random.normal();
    }
  }
  motion.impact.strength *= factor(random, spread.size + spread.joint_size);
  motion.impact.offset += spread.joint_offset * random.normal();
  motion.impact.asymmetry += 0.5 * spread.size * random.normal();
  motion.vibration *= factor(random, 2.0 * spread.size);
  motion.restless *= factor(random, 2.0 * spread.size);
}

/// The person's way of making the motion.
Motion habit_of(const Subject& subject, std::uint64_t seed, std::int32_t number, std::int32_t label) {
  RandomStream random(seed, static_cast<std::uint64_t>(number), "motions.habit",
                      static_cast<std::uint64_t>(label));
  Motion motion = typical_motions()[static_cast<std::size_t>(label)];
  vary(motion, random, kBetweenSubjects);
  motion.tempo *= subject.tempo;
  for (Harmonics& harmonics : motion.coordinates)
    for (double& amplitude : harmonics.amplitude) amplitude *= subject.size;
  return motion;
}

Wander make_wander(RandomStream& random, double amplitude, double slowest, double fastest) {
  return {amplitude * random.uniform(0.3, 1.0), random.uniform(slowest, fastest), random.uniform(0.0, kTurn)};
}

Movement make_movement(const Subject& subject, const Motion& habit, RandomStream& random) {
  Movement movement{.motion = habit};
  vary(movement.motion, random, kWithinSubject);
  const bool carried = random.uniform() < kArmCarried;
  const bool on_foot = movement.motion.impact.strength > 0.0;
  if (carried && on_foot)
    for (const Coordinate joint : {kShoulder, kElbow, kRoll})
      for (double& amplitude : movement.motion.coordinates[joint].amplitude) amplitude *= 0.25;
  movement.start_phase = random.uniform(0.0, kTurn);
  movement.tempo = make_wander(random, 0.3, 0.2, 0.6);
  for (int i = kShoulder; i < kCoordinates; ++i)
    for (Wander& wander : movement.wander[i])
      wander = make_wander(random, movement.motion.restless, 0.1, 0.9);
  movement.arm_length *= subject.limbs;
  movement.forearm_length *= subject.limbs;
  return movement;
}

double converted(double value, double step) {
  return std::clamp(std::nearbyint(value / step), -32768.0, 32767.0) * step;
}

/// The subject's sensor as it sits during one window.
struct WornSensor {
  const Subject& subject;
  Matrix3 from_wrist{};    ///< wrist frame to sensor frame
  double vibration = 0.0;  ///< that reaches it, white [g]

  /// One reading [6]: mirrored on the left wrist, turned, with bias and noise, converted.
  void read(const Felt& felt, RandomStream& random, float* reading) const {
    Vector3 acceleration = felt.acceleration, turning = felt.turning;
    if (subject.left_wrist) {  // a mirror in the plane y = 0: turning is axial
      acceleration[1] = -acceleration[1];
      turning[0] = -turning[0];
      turning[2] = -turning[2];
    }
    for (double& axis : acceleration) axis += vibration * random.normal();
    acceleration = multiply(from_wrist, acceleration);
    turning = multiply(from_wrist, turning);
    for (int i = 0; i < 3; ++i) {
      acceleration[i] += subject.acceleration_bias[i] + subject.acceleration_noise * random.normal();
      reading[i] = static_cast<float>(converted(acceleration[i], kAccelerationStep));
    }
    for (int i = 0; i < 3; ++i) {
      turning[i] += subject.turning_bias[i] + subject.turning_noise * random.normal();
      reading[3 + i] = static_cast<float>(converted(turning[i], kTurningStep));
    }
  }
};

void append_window(const Subject& subject, const Motion& habit, RandomStream& random, Dataset& data) {
  const Movement movement = make_movement(subject, habit, random);
  const Matrix3 to_wrist = multiply(subject.worn, worn_rotation(random, kWithinSubject.worn));
  const WornSensor sensor{subject, transpose(to_wrist), movement.motion.vibration};
  const std::size_t start = data.values.size();
  data.values.resize(start + static_cast<std::size_t>(data.case_size()));
  for (std::int32_t t = 0; t < data.length; ++t)
    sensor.read(felt_at(movement, t / kRate), random,
                &data.values[start + static_cast<std::size_t>(t) * kChannels]);
}

Dataset make_part(const MotionsOptions& options, std::int32_t first_subject, std::int32_t subjects) {
  Dataset data;
  data.name = "motions";
  data.channel_names = {"acc x", "acc y", "acc z", "gyro x", "gyro y", "gyro z"};
  data.length = options.length;
  data.channels = kChannels;
  for (const Motion& motion : typical_motions()) data.class_names.emplace_back(motion.name);
  for (std::int32_t number = first_subject; number < first_subject + subjects; ++number) {
    const Subject subject = make_subject(options.seed, number);
    for (std::int32_t label = 0; label < data.classes(); ++label) {
      const Motion habit = habit_of(subject, options.seed, number, label);
      for (std::int32_t window = 0; window < options.windows; ++window) {
        RandomStream random(options.seed, static_cast<std::uint64_t>(number), "motions.window",
                            (static_cast<std::uint64_t>(label) << 32) | static_cast<std::uint64_t>(window));
        append_window(subject, habit, random, data);
        data.labels.push_back(label);
        data.groups.push_back(number);
      }
    }
  }
  return data;
}

void require(std::string_view field, std::int32_t value, std::int32_t low, std::int32_t high) {
  if (value < low || value > high)
    throw InputError(fmt::format("motions: {}", field), fmt::format("is {}", value),
                     fmt::format("{} to {}", low, high));
}

}  // namespace

void MotionsOptions::validate() const {
  require("length", length, 8, 4096);
  require("windows", windows, 1, 10000);
  require("train_subjects", train_subjects, 1, 1000);
  require("test_subjects", test_subjects, 1, 1000);
}

DataSource make_motions(const MotionsOptions& options) {
  options.validate();
  return {make_part(options, 0, options.train_subjects),
          make_part(options, options.train_subjects, options.test_subjects)};
}

}  // namespace parsimony::data
