#include "parsimony/solver/scalarisation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace parsimony::solver {

double Scalarisation::operator()(std::span<const double> objectives) const {
  double greatest = -std::numeric_limits<double>::infinity(), sum = 0.0;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const double term = weights[j] * (objectives[j] - low[j]) / range[j];
    greatest = std::max(greatest, term);
    sum += term;
  }
  return greatest + kChebyshevRho * sum;
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
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const std::size_t row : evidence.front) {
      low = std::min(low, evidence.objectives[row][j]);
      high = std::max(high, evidence.objectives[row][j]);
    }
    result.low[j] = low;
    result.range[j] = high > low ? high - low : 1.0;
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
