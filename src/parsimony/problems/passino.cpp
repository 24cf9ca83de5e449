#include <cmath>

#include "parsimony/problems/closed_form.hpp"
#include "parsimony/problems/option_values.hpp"

namespace parsimony::problems {
namespace {

/// height·exp(−steepness·((x − u)² + (y − v)²))
struct Bump {
  double height, steepness, u, v;
};

constexpr Bump kBumps[] = {{5.0, 0.1, 15.0, 20.0}, {-2.0, 0.08, 20.0, 15.0}, {3.0, 0.08, 25.0, 10.0},
                           {2.0, 0.1, 10.0, 10.0}, {-2.0, 0.5, 5.0, 10.0},   {-4.0, 0.1, 15.0, 5.0},
                           {-2.0, 0.5, 8.0, 25.0}, {-2.0, 0.5, 21.0, 25.0},  {2.0, 0.5, 25.0, 16.0},
                           {2.0, 0.5, 5.0, 14.0}};

double surface(double x, double y) {
  double sum = 0.0;
  for (const Bump& bump : kBumps) {
    const double dx = x - bump.u, dy = y - bump.v;
    sum += bump.height * std::exp(-bump.steepness * (dx * dx + dy * dy));
  }
  return sum;
}

}  // namespace

// Passino's nutrient surface (IEEE Control Systems Magazine 2002), as Deutel et al. 2023 draw it. One
// objective; its reference is above every hill. The least value, at (15.016, 4.984), by compass search.
BenchmarkProblem make_passino(const ProblemOptions& options) {
  expect_known(options, {});
  std::vector<space::Parameter> parameters{space::FloatParameter{"x", 0.0, 30.0, false},
                                           space::FloatParameter{"y", 0.0, 30.0, false}};
  BenchmarkProblem made = float_problem("passino", std::move(parameters), 1, 6.0);
  made.evaluate = [](std::span<const double> point) {
    return Outcome{{surface(30.0 * point[0], 30.0 * point[1])}, {}};
  };
  made.best = -3.986696127205306;
  made.source = "nutrient surface (Passino 2002)";
  return made;
}

}  // namespace parsimony::problems
