#include <cmath>
#include <numbers>

#include "parsimony/problems/closed_form.hpp"
#include "parsimony/problems/option_values.hpp"

// Branin beside Currin, both over the unit square (Belakaria, Deshwal, Doppa 2019), with the constraint of
// Daulton, Balandat and Bakshy 2020 (a disc in Branin's own coordinates).

namespace parsimony::problems {
namespace {

double branin_x(double x) {
  return 15.0 * x - 5.0;
}

double branin_y(double y) {
  return 15.0 * y;
}

double branin(double x, double y) {
  constexpr double kPi = std::numbers::pi;
  const double valley = y - 5.1 / (4.0 * kPi * kPi) * x * x + 5.0 / kPi * x - 6.0;
  return valley * valley + 10.0 * (1.0 - 1.0 / (8.0 * kPi)) * std::cos(x) + 10.0;
}

double currin(double x, double y) {
  const double damping = y == 0.0 ? 1.0 : 1.0 - std::exp(-1.0 / (2.0 * y));
  const double above = 2300.0 * x * x * x + 1900.0 * x * x + 2092.0 * x + 60.0;
  const double below = 100.0 * x * x * x + 500.0 * x * x + 4.0 * x + 20.0;
  return damping * above / below;
}

BenchmarkProblem make(bool constrained, const ProblemOptions& options) {
  expect_known(options, {"computed"});
  BenchmarkProblem made = float_problem(constrained ? "constrained-branincurrin" : "branincurrin",
                                        equal_floats(2, 0.0, 1.0), 2, 0.0);
  made.problem.objectives[0].reference = constrained ? 80.0 : 18.0;
  made.problem.objectives[1].reference = constrained ? 12.0 : 6.0;
  if (constrained) made.problem.constraints = {{"c1", solver::Source::measured}};
  made.evaluate = [constrained](std::span<const double> point) {
    const double x = branin_x(point[0]), y = branin_y(point[1]);
    Outcome outcome{{branin(x, y), currin(point[0], point[1])}, {}};
    if (constrained) outcome.constraints = {(x - 2.5) * (x - 2.5) + (y - 7.5) * (y - 7.5) - 50.0};
    return outcome;
  };
  made.best = constrained ? 609.4033 : 59.40603;
  made.source = constrained ? "Branin and Currin in a disc (Daulton et al. 2020)"
                            : "Branin and Currin (Belakaria et al. 2019)";
  mark_computed(made, options, "none");
  return made;
}

}  // namespace

BenchmarkProblem make_branin_currin(const ProblemOptions& options) {
  return make(false, options);
}

BenchmarkProblem make_constrained_branin_currin(const ProblemOptions& options) {
  return make(true, options);
}

}  // namespace parsimony::problems
