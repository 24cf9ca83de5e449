#include <cmath>
#include <numbers>

#include "parsimony/problems/closed_form.hpp"
#include "parsimony/problems/option_values.hpp"

namespace parsimony::problems {

// Van Veldhuizen and Lamont 1999, two dimensions over [-2, 2]², reference 1.1 each. The front is x = y in
// [-1/√2, 1/√2]; its hypervolume is an integral, taken by Simpson's rule with 400,000 steps.
BenchmarkProblem make_vlmop2(const ProblemOptions& options) {
  expect_known(options, {"computed"});
  BenchmarkProblem made = float_problem("vlmop2", equal_floats(2, -2.0, 2.0), 2, 1.1);
  made.evaluate = [](std::span<const double> point) {
    constexpr double kCentre = std::numbers::sqrt2 / 2.0;
    double minus = 0.0, plus = 0.0;
    for (const double coordinate : point) {
      const double x = 4.0 * coordinate - 2.0;
      minus += (x - kCentre) * (x - kCentre);
      plus += (x + kCentre) * (x + kCentre);
    }
    return Outcome{{1.0 - std::exp(-minus), 1.0 - std::exp(-plus)}, {}};
  };
  made.best = 0.5521155931198891;
  made.source = "VLMOP2 (Van Veldhuizen and Lamont 1999)";
  mark_computed(made, options, "none");
  return made;
}

}  // namespace parsimony::problems
