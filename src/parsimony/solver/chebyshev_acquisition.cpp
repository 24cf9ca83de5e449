#include "parsimony/solver/chebyshev_acquisition.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/space/sobol.hpp"
#include "parsimony/surrogate/normal_quantile.hpp"

namespace parsimony::solver {
namespace {

using acquisition::Outlook;

constexpr double kTail = 0.1;
constexpr double kGreatestLogarithm = 300.0;  // of an outcome: its square is still finite

/// A softplus with a fat tail, and its slope: both positive for every finite x.
struct Bend {
  double value, slope;
};

Bend bend(double x) {
  const double tail = 1.0 / (1.0 + x * x), falling = std::exp(-std::abs(x));
  const double softplus = std::max(x, 0.0) + std::log1p(falling);
  const double sigmoid = (x > 0.0 ? 1.0 : falling) / (1.0 + falling);
  return {softplus + kTail * tail, sigmoid - 2.0 * kTail * x * tail * tail};
}

/// An outcome at one sample, and its slope by the modelled quantity.
struct Drawn {
  double value, slope;
};

Drawn draw(const Outlook& outlook, double sample) {
  const double t = outlook.mean + outlook.deviation * sample;
  if (!outlook.logarithmic) return {t, 1.0};
  const double exponential = std::exp(std::min(t, kGreatestLogarithm));
  return {exponential - outlook.shift, exponential};
}

}  // namespace

std::vector<double> chebyshev_samples(const Problem& problem, int count, RandomStream& stream) {
  const std::vector<std::size_t> measured = Quantities(problem).measured_objectives;
  const std::size_t m = problem.objectives.size(), columns = measured.size();
  if (columns == 0) return std::vector<double>(m, 0.0);
  const std::vector<double> points = space::sobol_points(count, static_cast<int>(columns), stream);
  std::vector<double> samples(static_cast<std::size_t>(count) * m, 0.0);
  for (std::size_t row = 0; row < static_cast<std::size_t>(count); ++row)
    for (std::size_t k = 0; k < columns; ++k)
      samples[row * m + measured[k]] = surrogate::normal_quantile(points[row * columns + k]);
  return samples;
}

ChebyshevImprovement::ChebyshevImprovement(Scalarisation scalarisation, double best,
                                           std::vector<double> samples)
    : scalarisation_(std::move(scalarisation)), best_(best), samples_(std::move(samples)) {
  PARSIMONY_EXPECTS(!samples_.empty() && samples_.size() % scalarisation_.weights.size() == 0);
}

double ChebyshevImprovement::log_value(std::span<const Outlook> outlooks) const {
  return log_value(outlooks, {}, {});
}

double ChebyshevImprovement::log_value(std::span<const Outlook> outlooks, std::span<double> by_mean,
                                       std::span<double> by_deviation) const {
  const std::size_t m = scalarisation_.weights.size(), count = samples_.size() / m;
  PARSIMONY_EXPECTS(outlooks.size() == m);
  std::fill(by_mean.begin(), by_mean.end(), 0.0);
  std::fill(by_deviation.begin(), by_deviation.end(), 0.0);
  std::vector<double> slope(m);
  double sum = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    double greatest = 0.0, total = 0.0;
    std::size_t decides = 0;
    for (std::size_t j = 0; j < m; ++j) {
      const Drawn drawn = draw(outlooks[j], samples_[i * m + j]);
      const double factor = scalarisation_.weights[j] / scalarisation_.range[j];
      const double term = factor * (drawn.value - scalarisation_.low[j]);
      slope[j] = factor * drawn.slope;
      total += term;
      if (j > 0 && term <= greatest) continue;
      greatest = term;
      decides = j;
    }
    const Bend at = bend((best_ - greatest - scalarisation_.rho * total) / kImprovementWidth);
    sum += at.value;
    for (std::size_t j = 0; j < by_mean.size(); ++j) {
      const double change =
          -at.slope / kImprovementWidth * slope[j] * (scalarisation_.rho + (j == decides ? 1.0 : 0.0));
      by_mean[j] += change;
      by_deviation[j] += change * samples_[i * m + j];
    }
  }
  for (double& value : by_mean) value /= sum;
  for (double& value : by_deviation) value /= sum;
  return std::log(kImprovementWidth * sum / static_cast<double>(count));
}

Promise chebyshev_promise(ChebyshevImprovement improvement) {
  const auto held = std::make_shared<const ChebyshevImprovement>(std::move(improvement));
  return {
      [held](std::span<const Outlook> outlooks) { return held->log_value(outlooks); },
      [held](std::span<const Outlook> outlooks, std::span<double> by_mean, std::span<double> by_deviation) {
        return held->log_value(outlooks, by_mean, by_deviation);
      }};
}

}  // namespace parsimony::solver
