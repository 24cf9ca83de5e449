#include "parsimony/solver/scalarisation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace parsimony::solver {
namespace {

/// The least and greatest value of an objective among rows.
struct Ends {
  double low, high;
};

Ends ends_of(const Evidence& evidence, const std::vector<std::size_t>& rows, std::size_t objective) {
  Ends ends{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const std::size_t row : rows) {
    ends.low = std::min(ends.low, evidence.objectives[row][objective]);
    ends.high = std::max(ends.high, evidence.objectives[row][objective]);
  }
  return ends;
}

}  // namespace

double Scalarisation::operator()(std::span<const double> objectives) const {
  double greatest = -std::numeric_limits<double>::infinity(), sum = 0.0;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const double term = weights[j] * (objectives[j] - low[j]) / range[j];
    greatest = std::max(greatest, term);
    sum += term;
  }
  return greatest + rho * sum;
}

std::vector<double> draw_weights(int m, RandomStream& stream) {
  std::vector<double> weights(static_cast<std::size_t>(m));
  double sum = 0.0;
  for (double& weight : weights) sum += weight = -std::log(1.0 - stream.uniform());
  for (double& weight : weights) weight = sum > 0.0 ? weight / sum : 1.0 / m;
  return weights;
}

Scalarisation scalarisation_of(const Evidence& evidence, std::vector<double> weights, bool unscaled) {
  const std::size_t m = weights.size();
  Scalarisation result{std::move(weights), std::vector<double>(m, 0.0), std::vector<double>(m, 1.0)};
  if (unscaled || evidence.front.empty()) return result;
  for (std::size_t j = 0; j < m; ++j) {
    const auto [low, high] = ends_of(evidence, evidence.front, j);
    result.low[j] = low;
    result.range[j] = high > low ? high - low : 1.0;
  }
  return result;
}

Scalarisation scalarisation_of_rows(const Evidence& evidence, std::vector<double> weights, double rho) {
  Scalarisation result = scalarisation_of(evidence, std::move(weights), false);
  result.rho = rho;
  for (std::size_t j = 0; j < result.weights.size() && !evidence.front.empty(); ++j) {
    const Ends front = ends_of(evidence, evidence.front, j), rows = ends_of(evidence, evidence.feasible, j);
    if (!(front.high > front.low) && rows.high > rows.low) result.range[j] = rows.high - rows.low;
  }
  return result;
}

double best_feasible(const Evidence& evidence, const Scalarisation& scalarisation) {
  if (evidence.front.empty()) return scalarisation(std::vector<double>(scalarisation.weights.size(), 1.0));
  double best = std::numeric_limits<double>::infinity();
  for (const std::size_t row : evidence.front) best = std::min(best, scalarisation(evidence.objectives[row]));
  return best;
}

}  // namespace parsimony::solver
