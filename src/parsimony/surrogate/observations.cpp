#include "parsimony/surrogate/observations.hpp"

#include <algorithm>
#include <cmath>

#include "parsimony/base/contracts.hpp"

namespace parsimony::surrogate {
namespace {

void expect_outcomes(const std::vector<double>& values) {
  for (const double value : values) PARSIMONY_EXPECTS(std::abs(value) <= kGreatestOutcome);  // no NaN either
}

}  // namespace

void expect_points(std::span<const double> points, std::size_t count, int d) {
  PARSIMONY_EXPECTS(points.size() == count * static_cast<std::size_t>(d));
  for (const double coordinate : points) PARSIMONY_EXPECTS(std::isfinite(coordinate));
}

void expect_valid(const Observations& observations) {
  PARSIMONY_EXPECTS(observations.d >= 1 && !observations.values.empty());
  expect_points(observations.points, observations.values.size(), observations.d);
  expect_outcomes(observations.values);
}

Standardisation standardisation_of(const std::vector<double>& values) {
  PARSIMONY_EXPECTS(!values.empty());
  expect_outcomes(values);
  // Plain sums: a vectorised one over memory of any alignment would depend, in its last bits, on where that
  // lies.
  const auto n = static_cast<double>(values.size());
  Standardisation result{0.0, 0.0};
  double greatest = 0.0;
  for (const double value : values) {
    result.mean += value / n;
    greatest = std::max(greatest, std::abs(value));
  }
  for (const double value : values) result.deviation += (value - result.mean) * (value - result.mean) / n;
  result.deviation = std::sqrt(result.deviation);
  const double rounding = 1e-12 * greatest;
  if (!(result.deviation > rounding)) result.deviation = std::max(1.0, rounding);
  return result;
}

}  // namespace parsimony::surrogate
