#include "parsimony/solver/morbo_choice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "parsimony/pareto/boxes.hpp"
#include "parsimony/solver/scalarisation.hpp"

namespace parsimony::solver {
namespace {

constexpr std::size_t kChecked = 64;
constexpr double kLeastDirection = 1e-3;

}  // namespace

HypervolumeScalarisation::HypervolumeScalarisation(const Problem& problem, const Evidence& evidence,
                                                   RandomStream& stream) {
  const std::size_t m = problem.objectives.size();
  divisors = scalarisation_of_rows(evidence, std::vector<double>(m, 1.0), 0.0).range;
  double squares = 0.0;
  std::vector<double> direction(m);
  for (double& value : direction) {
    value = std::abs(stream.normal());
    squares += value * value;
  }
  for (std::size_t j = 0; j < m; ++j) {
    references.push_back(problem.objectives[j].reference);
    divisors[j] *= std::max(kLeastDirection, squares > 0.0 ? direction[j] / std::sqrt(squares) : 1.0);
  }
}

double HypervolumeScalarisation::operator()(std::span<const double> objectives) const {
  double greatest = -std::numeric_limits<double>::infinity();
  for (std::size_t j = 0; j < references.size(); ++j)
    greatest = std::max(greatest, (objectives[j] - references[j]) / divisors[j]);
  return greatest;
}

bool Worth::better_than(const Worth& other) const {
  if (violation != other.violation) return violation < other.violation;
  if (gain != other.gain) return gain > other.gain;
  return value < other.value;
}

std::optional<WorthyPoint> choose_by_draw(const Problem& problem, std::span<const double> points,
                                          std::size_t candidates, const DrawnOutcomes& drawn,
                                          const std::vector<double>* front,
                                          const HypervolumeScalarisation& scalarisation) {
  const std::size_t d = static_cast<std::size_t>(problem.space.dimension()), m = problem.objectives.size();
  pareto::Boxes boxes;
  if (front) {
    std::vector<double> joined = *front;
    for (std::size_t k = candidates; k < drawn.violation.size(); ++k) {
      if (drawn.violation[k] > 0.0) continue;
      const std::vector<double> outcome =
          with_exact_costs(problem, points.subspan(k * d, d), drawn.row(k, m));
      joined.insert(joined.end(), outcome.begin(), outcome.end());
    }
    boxes = pareto::non_dominated_boxes(joined, scalarisation.references);
  }
  const auto worth = [&](std::size_t k, std::span<const double> objectives) {
    const bool counts = front && !(drawn.violation[k] > 0.0);
    return Worth{drawn.violation[k], counts ? pareto::hypervolume_improvement(boxes, objectives) : 0.0,
                 scalarisation(objectives)};
  };
  std::vector<Worth> worths(candidates);
  for (std::size_t k = 0; k < candidates; ++k) worths[k] = worth(k, drawn.row(k, m));
  std::vector<std::size_t> order(candidates);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return worths[a].better_than(worths[b]); });
  std::optional<WorthyPoint> best;
  std::size_t checked = 0;
  for (std::size_t i = 0; i < candidates && checked < kChecked; ++i) {
    const auto found = points.subspan(order[i] * d, d);
    Point point(found.begin(), found.end());
    if (!within_limits(problem, point)) continue;
    ++checked;
    const Worth exact = worth(order[i], with_exact_costs(problem, point, drawn.row(order[i], m)));
    if (!best || exact.better_than(best->worth)) best = WorthyPoint{std::move(point), exact};
  }
  return best;
}

}  // namespace parsimony::solver
