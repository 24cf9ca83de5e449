#include "parsimony/surrogate/lbfgs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace parsimony::surrogate {
namespace {

double rosenbrock(std::span<const double> x, std::span<double> gradient) {
  double sum = 0.0;
  for (double& component : gradient) component = 0.0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double a = x[i + 1] - x[i] * x[i], b = 1.0 - x[i];
    sum += 100.0 * a * a + b * b;
    if (gradient.empty()) continue;
    gradient[i] += -400.0 * a * x[i] - 2.0 * b;
    gradient[i + 1] += 200.0 * a;
  }
  return sum;
}

TEST(Lbfgs, FindsTheMinimumOfRosenbrock) {
  const Minimum minimum = minimise_lbfgs(rosenbrock, {-1.2, 1.0, -0.5, 0.8}, {500, 8, 1e-14, 2.0});
  EXPECT_LT(minimum.value, 1e-9);
  for (const double x : minimum.x) EXPECT_NEAR(x, 1.0, 1e-4);
}

TEST(Lbfgs, IsNeverWorseThanItsStartAndReportsTheValueAtItsPoint) {
  for (int iterations = 0; iterations < 30; ++iterations) {
    const Minimum minimum = minimise_lbfgs(rosenbrock, {-1.2, 1.0}, {iterations, 8, 0.0, 2.0});
    EXPECT_LE(minimum.value, rosenbrock(std::vector{-1.2, 1.0}, {}));
    EXPECT_EQ(minimum.value, rosenbrock(minimum.x, {}));
  }
}

TEST(Lbfgs, StaysWhereTheGradientIsZero) {
  const Minimum minimum = minimise_lbfgs(rosenbrock, {1.0, 1.0});
  EXPECT_EQ(minimum.x, (std::vector{1.0, 1.0}));
  EXPECT_TRUE(minimum.converged);
}

TEST(Lbfgs, BacksOutOfWhereTheFunctionIsNotDefined) {
  const auto barrier = [](std::span<const double> x, std::span<double> gradient) {
    if (!gradient.empty()) gradient[0] = 1.0 - 0.01 / x[0];
    return x[0] > 0.0 ? x[0] - 0.01 * std::log(x[0]) : std::numeric_limits<double>::infinity();
  };
  EXPECT_NEAR(minimise_lbfgs(barrier, {1.5}, {200, 8, 1e-14, 2.0}).x[0], 0.01, 1e-5);
}

}  // namespace
}  // namespace parsimony::surrogate
