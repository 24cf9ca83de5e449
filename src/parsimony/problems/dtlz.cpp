#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "parsimony/problems/closed_form.hpp"
#include "parsimony/problems/option_values.hpp"

// Deb, Thiele, Laumanns and Zitzler 2002 (DTLZ1, DTLZ2); Jain and Deb 2014 (C2-DTLZ2).

namespace parsimony::problems {
namespace {

struct Size {
  int d, m;
};

Size size_of(const ProblemOptions& options, int d) {
  expect_known(options, {"d", "m", "computed"});
  Size size{};
  size.m = whole_option(options, "m", 2, 2, 8);
  size.d = whole_option(options, "d", std::max(d, size.m), size.m, 200);
  return size;
}

std::size_t index(int i) {
  return static_cast<std::size_t>(i);
}

std::vector<double> dtlz1(std::span<const double> x, int m) {
  double g = 0.0;
  for (std::size_t i = index(m - 1); i < x.size(); ++i) {
    const double from_middle = x[i] - 0.5;
    g += 1.0 + from_middle * from_middle - std::cos(20.0 * std::numbers::pi * from_middle);
  }
  std::vector<double> f(index(m), 0.5 * (1.0 + 100.0 * g));
  for (int j = 0; j < m; ++j) {
    for (int i = 0; i < m - 1 - j; ++i) f[index(j)] *= x[index(i)];
    if (j > 0) f[index(j)] *= 1.0 - x[index(m - 1 - j)];
  }
  return f;
}

std::vector<double> dtlz2(std::span<const double> x, int m) {
  double g = 0.0;
  for (std::size_t i = index(m - 1); i < x.size(); ++i) g += (x[i] - 0.5) * (x[i] - 0.5);
  std::vector<double> f(index(m), 1.0 + g);
  for (int j = 0; j < m; ++j) {
    for (int i = 0; i < m - 1 - j; ++i) f[index(j)] *= std::cos(0.5 * std::numbers::pi * x[index(i)]);
    if (j > 0) f[index(j)] *= std::sin(0.5 * std::numbers::pi * x[index(m - 1 - j)]);
  }
  return f;
}

/// BoTorch's form, with r = 0.2 taken off in every dimension, so that the middle ball has radius r·√m.
/// <= 0 near the corners of the sphere and near its middle.
double c2_dtlz2_constraint(std::span<const double> f) {
  constexpr double kSquare = 0.2 * 0.2;
  const double middle = 1.0 / std::sqrt(static_cast<double>(f.size()));
  double to_middle = 0.0, to_corner = 1e300;
  for (std::size_t i = 0; i < f.size(); ++i) {
    to_middle += (f[i] - middle) * (f[i] - middle) - kSquare;
    double here = (f[i] - 1.0) * (f[i] - 1.0);
    for (std::size_t j = 0; j < f.size(); ++j)
      if (j != i) here += f[j] * f[j] - kSquare;
    to_corner = std::min(to_corner, here);
  }
  return std::min(to_middle, to_corner);
}

/// Of the part of the unit ball in which all m coordinates are positive.
double volume_of_ball_corner(int m) {
  return std::pow(std::numbers::pi, 0.5 * m) / std::tgamma(0.5 * m + 1.0) / std::pow(2.0, m);
}

}  // namespace

BenchmarkProblem make_dtlz1(const ProblemOptions& options) {
  const auto [d, m] = size_of(options, 6);
  BenchmarkProblem made = float_problem("dtlz1", equal_floats(d, 0.0, 1.0), m, 400.0);
  made.evaluate = [m](std::span<const double> x) { return Outcome{dtlz1(x, m), {}}; };
  made.best =
      std::pow(400.0, m) - std::pow(0.5, m) / std::tgamma(m + 1.0);  // less the simplex below the front
  made.source = fmt::format("DTLZ1 (Deb et al. 2002), d {}, m {}", d, m);
  mark_computed(made, options, "none");
  return made;
}

BenchmarkProblem make_dtlz2(const ProblemOptions& options) {
  const auto [d, m] = size_of(options, 6);
  BenchmarkProblem made = float_problem("dtlz2", equal_floats(d, 0.0, 1.0), m, 1.1);
  made.evaluate = [m](std::span<const double> x) { return Outcome{dtlz2(x, m), {}}; };
  made.best = std::pow(1.1, m) - volume_of_ball_corner(m);
  made.source = fmt::format("DTLZ2 (Deb et al. 2002), d {}, m {}", d, m);
  mark_computed(made, options, "none");
  return made;
}

BenchmarkProblem make_c2_dtlz2(const ProblemOptions& options) {
  const auto [d, m] = size_of(options, 12);
  BenchmarkProblem made = float_problem("c2dtlz2", equal_floats(d, 0.0, 1.0), m, 1.1);
  made.problem.constraints = {{"c1", solver::Source::measured}};
  made.evaluate = [m](std::span<const double> x) {
    std::vector<double> f = dtlz2(x, m);
    const double constraint = c2_dtlz2_constraint(f);
    return Outcome{std::move(f), {constraint}};
  };
  if (m == 2) made.best = 0.4000564;
  made.source = fmt::format("C2-DTLZ2 (Jain and Deb 2014) in BoTorch's form, d {}, m {}", d, m);
  mark_computed(made, options, "none");
  return made;
}

}  // namespace parsimony::problems
