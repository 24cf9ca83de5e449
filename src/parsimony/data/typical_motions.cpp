#include "parsimony/data/arm_model.hpp"

namespace parsimony::data {
namespace {

/// One coordinate's row of the tables below.
struct Row {
  Coordinate coordinate;
  Harmonics harmonics;
};

std::array<Harmonics, kCoordinates> coordinates_of(std::initializer_list<Row> rows) {
  std::array<Harmonics, kCoordinates> coordinates{};
  for (const Row& row : rows) coordinates[row.coordinate] = row.harmonics;
  return coordinates;
}

// A gait's cycle is a stride, two steps: the trunk rises and brakes twice in it, sways sideways and swings
// the arm once. Sizes are those of adults in the gait literature's textbooks, rounded: 4 cm of rise in
// walking, 8 in running, 30° of arm swing; what tells the stairs from the level is the order of lift and
// impact, not their size.

Motion standing() {
  return {.name = "standing",
          .tempo = 0.3,
          .coordinates = coordinates_of({{kForward, {0.0, {0.01}, {0.0}}},
                                         {kLateral, {0.0, {0.008}, {1.0}}},
                                         {kShoulder, {0.15}},
                                         {kElbow, {0.55}},
                                         {kAbduction, {0.1}}}),
          .vibration = 0.01,
          .restless = 0.12};
}

Motion walking() {
  return {.name = "walking",
          .tempo = 0.95,
          .coordinates = coordinates_of({{kForward, {0.0, {0.0, 0.012}, {0.0, 0.8}}},
                                         {kLateral, {0.0, {0.02}, {0.0}}},
                                         {kVertical, {0.0, {0.0, 0.020, 0.0}, {0.0, -0.6, 0.0}}},
                                         {kShoulder, {0.05, {0.35, 0.04}, {0.0, 0.5}}},
                                         {kElbow, {0.35, {0.15, 0.04}, {-0.4, 0.0}}},
                                         {kAbduction, {0.1}},
                                         {kRoll, {0.0, {0.1}, {0.3}}}}),
          .impact = {.strength = 0.25, .frequency = 7.0, .decay = 0.07, .offset = 0.3},
          .restless = 0.03};
}

Motion running() {
  return {.name = "running",
          .tempo = 1.35,
          .coordinates = coordinates_of({{kForward, {0.0, {0.0, 0.015}, {0.0, 0.8}}},
                                         {kLateral, {0.0, {0.015}, {0.0}}},
                                         {kVertical, {0.0, {0.0, 0.04}, {0.0, -0.6}}},
                                         {kLean, {0.12}},
                                         {kShoulder, {0.0, {0.5, 0.05}, {0.0, 0.5}}},
                                         {kElbow, {1.4, {0.25}, {-0.4}}},
                                         {kAbduction, {0.2}},
                                         {kRoll, {0.2, {0.2}, {0.3}}}}),
          .impact = {.strength = 0.9, .frequency = 8.0, .decay = 0.06, .offset = 0.3},
          .restless = 0.03};
}

Motion stairs_up() {
  return {.name = "stairs up",
          .tempo = 0.80,
          .coordinates = coordinates_of({{kForward, {0.0, {0.0, 0.018}, {0.0, 2.0}}},
                                         {kLateral, {0.0, {0.028}, {0.5}}},
                                         {kVertical, {0.0, {0.0, 0.028}, {0.0, 1.0}}},
                                         {kLean, {0.20, {0.0, 0.03}, {0.0, 0.0}}},
                                         {kShoulder, {0.15, {0.28, 0.07}, {0.2, -0.8}}},
                                         {kElbow, {0.5, {0.16, 0.06}, {0.2, 0.8}}},
                                         {kAbduction, {0.1}},
                                         {kRoll, {0.0, {0.1}, {0.6}}}}),
          .impact = {.strength = 0.15, .frequency = 6.0, .decay = 0.09, .offset = -0.5},
          .restless = 0.03};
}

Motion stairs_down() {
  return {.name = "stairs down",
          .tempo = 1.05,
          .coordinates = coordinates_of({{kForward, {0.0, {0.0, 0.010}, {0.0, -0.6}}},
                                         {kLateral, {0.0, {0.022}, {-0.4}}},
                                         {kVertical, {0.0, {0.0, 0.024}, {0.0, -2.2}}},
                                         {kLean, {-0.03, {0.0, 0.02}, {0.0, 1.5}}},
                                         {kShoulder, {0.0, {0.25, 0.08}, {-0.2, 1.4}}},
                                         {kElbow, {0.6, {0.13, 0.06}, {-0.8, -0.6}}},
                                         {kAbduction, {0.28, {0.05}, {0.8}}},
                                         {kRoll, {0.0, {0.1}, {0.0}}}}),
          .impact = {.strength = 0.55, .frequency = 9.5, .decay = 0.06, .offset = 1.0},
          .restless = 0.03};
}

Motion cycling() {
  return {.name = "cycling",
          .tempo = 1.2,
          .coordinates = coordinates_of({{kForward, {0.0, {0.0, 0.004}, {0.0, 0.0}}},
                                         {kLateral, {0.0, {0.010}, {0.0}}},
                                         {kVertical, {0.0, {0.0, 0.004}, {0.0, 1.0}}},
                                         {kLean, {0.5, {0.0, 0.01}, {0.0, 0.0}}},
                                         {kShoulder, {1.2, {0.03}, {0.0}}},
                                         {kElbow, {0.3, {0.04}, {1.0}}},
                                         {kAbduction, {0.15, {0.03}, {0.0}}},
                                         {kRoll, {1.2}}}),
          .vibration = 0.08,
          .restless = 0.04};
}

Motion brushing_teeth() {
  return {.name = "brushing teeth",
          .tempo = 3.2,
          .coordinates = coordinates_of({{kShoulder, {0.7, {0.05}, {0.0}}},
                                         {kElbow, {1.9, {0.07, 0.015}, {2.6, 0.0}}},
                                         {kAbduction, {0.5, {0.03}, {0.6}}},
                                         {kRoll, {0.6, {0.10}, {0.5}}}}),
          .vibration = 0.02,
          .restless = 0.12};
}

Motion stirring() {
  return {.name = "stirring",
          .tempo = 2.0,
          .coordinates = coordinates_of({{kLean, {0.1}},
                                         {kShoulder, {0.45, {0.10}, {0.0}}},
                                         {kElbow, {1.3, {0.12, 0.02}, {2.2, 0.0}}},
                                         {kAbduction, {0.3, {0.10}, {1.57}}},
                                         {kRoll, {0.4, {0.15}, {1.0}}}}),
          .vibration = 0.02,
          .restless = 0.08};
}

}  // namespace

const std::vector<Motion>& typical_motions() {
  static const std::vector<Motion> motions = {standing(),    walking(), running(),        stairs_up(),
                                              stairs_down(), cycling(), brushing_teeth(), stirring()};
  return motions;
}

}  // namespace parsimony::data
