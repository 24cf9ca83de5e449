#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "parsimony/problems/closed_form.hpp"
#include "parsimony/problems/option_values.hpp"

// Zitzler, Deb and Thiele 2000. Published with d = 30; 12 here, as few comparisons of 100 evaluations use
// more.

namespace parsimony::problems {
namespace {

constexpr double kReference = 11.0;  // as BoTorch's test functions

/// f2/g as a function of f1 and g: the shape of the front, at g = 1.
using Shape = double (*)(double f1, double g);

BenchmarkProblem make_zdt(int number, Shape shape, double best, const ProblemOptions& options) {
  expect_known(options, {"d", "computed"});
  const int d = whole_option(options, "d", 12, 2, 200);
  BenchmarkProblem made =
      float_problem(fmt::format("zdt{}", number), equal_floats(d, 0.0, 1.0), 2, kReference);
  made.evaluate = [shape](std::span<const double> x) {
    double sum = 0.0;
    for (const double value : x.subspan(1)) sum += value;
    const double g = 1.0 + 9.0 * sum / static_cast<double>(x.size() - 1);
    return Outcome{{x[0], g * shape(x[0], g)}, {}};
  };
  made.best = best;
  made.source = fmt::format("ZDT{} (Zitzler, Deb, Thiele 2000), d {}", number, d);
  mark_computed(made, options, "none");
  return made;
}

}  // namespace

BenchmarkProblem make_zdt1(const ProblemOptions& options) {
  return make_zdt(
      1, [](double f1, double g) { return 1.0 - std::sqrt(f1 / g); }, 120.0 + 2.0 / 3.0, options);
}

BenchmarkProblem make_zdt2(const ProblemOptions& options) {
  return make_zdt(
      2, [](double f1, double g) { return 1.0 - f1 / g * f1 / g; }, 120.0 + 1.0 / 3.0, options);
}

BenchmarkProblem make_zdt3(const ProblemOptions& options) {
  const Shape waves = [](double f1, double g) {
    return 1.0 - std::sqrt(f1 / g) - f1 / g * std::sin(10.0 * std::numbers::pi * f1);
  };
  return make_zdt(3, waves, 128.77811613, options);
}

}  // namespace parsimony::problems
