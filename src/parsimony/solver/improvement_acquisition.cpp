#include "parsimony/solver/improvement_acquisition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "parsimony/acquisition/hypervolume_improvement.hpp"
#include "parsimony/base/contracts.hpp"
#include "parsimony/solver/feasibility.hpp"

namespace parsimony::solver {
namespace {

using acquisition::Outlook;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kExcessPrice = 50.0;
constexpr double kDifference = 1e-3;  // of a coordinate: estimates are smooth on this scale

/// With one objective the reference says nothing: any value above the best does.
std::vector<double> references_of(const Problem& problem, std::span<const double> front) {
  if (problem.objectives.size() == 1 && !front.empty())
    return {*std::max_element(front.begin(), front.end()) + 1.0};
  std::vector<double> references;
  for (const Objective& objective : problem.objectives) references.push_back(objective.reference);
  return references;
}

}  // namespace

std::vector<double> believed_front(const Problem& problem, const Evidence& evidence, const Belief& belief,
                                   std::span<const Point> pending) {
  std::vector<double> front;
  for (const std::size_t row : evidence.front)
    front.insert(front.end(), evidence.objectives[row].begin(), evidence.objectives[row].end());
  const Quantities quantities(problem);
  for (const Point& point : pending) {
    double mean = 0.0;
    bool feasible = true;
    for (const BelievedQuantity& held : belief.constraints) {
      held.process.posterior(point, {&mean, 1}, {});
      feasible &= mean <= 0.0;
    }
    if (!feasible) continue;
    std::vector<double> objectives(problem.objectives.size());
    for (std::size_t k = 0; k < belief.objectives.size(); ++k) {
      belief.objectives[k].process.posterior(point, {&mean, 1}, {});
      objectives[quantities.measured_objectives[k]] = belief.objectives[k].warp.invert(mean);
    }
    if (!quantities.computed_objectives.empty()) {
      const Costs costs = problem.costs.exact(point);
      for (std::size_t k = 0; k < quantities.computed_objectives.size(); ++k)
        objectives[quantities.computed_objectives[k]] = costs.objectives[k];
    }
    front.insert(front.end(), objectives.begin(), objectives.end());
  }
  return front;
}

Promise hypervolume_promise(const Problem& problem, std::span<const double> front) {
  if (problem.objectives.size() == 1 && front.empty()) return no_promise();
  const auto improvement = std::make_shared<const acquisition::HypervolumeImprovement>(
      pareto::non_dominated_boxes(front, references_of(problem, front)));
  return {[improvement](std::span<const Outlook> outlooks) { return improvement->log_value(outlooks); },
          [improvement](std::span<const Outlook> outlooks, std::span<double> by_mean,
                        std::span<double> by_deviation) {
            return improvement->log_value(outlooks, by_mean, by_deviation);
          }};
}

Promise no_promise() {
  return {[](std::span<const Outlook>) { return 0.0; },
          [](std::span<const Outlook>, std::span<double> by_mean, std::span<double> by_deviation) {
            std::fill(by_mean.begin(), by_mean.end(), 0.0);
            std::fill(by_deviation.begin(), by_deviation.end(), 0.0);
            return 0.0;
          }};
}

ImprovementAcquisition::ImprovementAcquisition(const Problem& problem, const Belief& belief,
                                               std::span<const double> front)
    : ImprovementAcquisition(problem, belief, hypervolume_promise(problem, front)) {}

ImprovementAcquisition::ImprovementAcquisition(const Problem& problem, const Belief& belief, Promise promise)
    : problem_(problem), belief_(belief), quantities_(problem), promise_(std::move(promise)) {}

std::vector<double> ImprovementAcquisition::values_with(std::span<const double> points,
                                                        const Costs& costs) const {
  const std::size_t d = static_cast<std::size_t>(problem_.space.dimension()), n = points.size() / d;
  const std::size_t computed = quantities_.computed_objectives.size(),
                    limits = quantities_.computed_constraints.size();
  const std::size_t modelled = belief_.objectives.size() + belief_.constraints.size();
  std::vector<std::vector<double>> mean(modelled, std::vector<double>(n)), variance = mean;
  for (std::size_t k = 0; k < modelled; ++k) {
    const bool objective = k < belief_.objectives.size();
    const BelievedQuantity& held =
        objective ? belief_.objectives[k] : belief_.constraints[k - belief_.objectives.size()];
    held.process.posterior(points, mean[k], variance[k]);
  }
  std::vector<double> values(n);
  std::vector<Outlook> outlooks(problem_.objectives.size());
  for (std::size_t i = 0; i < n; ++i) {
    bool within = true;
    for (std::size_t c = 0; c < limits; ++c) within &= costs.constraints[i * limits + c] <= 0.0;
    if (!within) {
      values[i] = -kInfinity;
      continue;
    }
    for (std::size_t k = 0; k < belief_.objectives.size(); ++k)
      outlooks[quantities_.measured_objectives[k]] =
          belief_.objectives[k].outlook(mean[k][i], std::sqrt(variance[k][i]));
    for (std::size_t k = 0; k < computed; ++k)
      outlooks[quantities_.computed_objectives[k]] = {costs.objectives[i * computed + k]};
    values[i] = promise_.value(outlooks);
    for (std::size_t k = belief_.objectives.size(); k < modelled; ++k)
      values[i] += feasibility(mean[k][i], std::sqrt(variance[k][i])).logarithm;
  }
  return values;
}

void ImprovementAcquisition::values(std::span<const double> points, std::span<double> values) const {
  Costs costs;
  if (problem_.costs.estimate)
    problem_.costs.estimate(points, static_cast<std::int64_t>(values.size()), costs);
  const std::vector<double> found = values_with(points, costs);
  std::copy(found.begin(), found.end(), values.begin());
}

double ImprovementAcquisition::exact_value(std::span<const double> point) const {
  return values_with(point, problem_.costs.exact ? problem_.costs.exact(point) : Costs{}).front();
}

/// Estimated costs at the point and at one step along each coordinate, in one batch: [1 + d]. Sets the
/// outlooks of the computed objectives; returns the price of broken limits.
double ImprovementAcquisition::add_costs(std::span<const double> point, std::vector<Outlook>& outlooks,
                                         Costs& costs) const {
  const std::size_t computed = quantities_.computed_objectives.size(),
                    limits = quantities_.computed_constraints.size();
  if (computed + limits == 0) return 0.0;
  std::vector<double> around(point.begin(), point.end());
  for (std::size_t i = 0; i < point.size(); ++i) {
    around.insert(around.end(), point.begin(), point.end());
    around[(i + 1) * point.size() + i] += point[i] + kDifference <= 1.0 ? kDifference : -kDifference;
  }
  problem_.costs.estimate(around, static_cast<std::int64_t>(point.size() + 1), costs);
  for (std::size_t k = 0; k < computed; ++k)
    outlooks[quantities_.computed_objectives[k]] = {costs.objectives[k]};
  double price = 0.0;
  for (std::size_t c = 0; c < limits; ++c) price += kExcessPrice * std::max(0.0, costs.constraints[c]);
  return price;
}

double ImprovementAcquisition::with_gradient(std::span<const double> point,
                                             std::span<double> gradient) const {
  const std::size_t d = point.size(), m = problem_.objectives.size();
  std::fill(gradient.begin(), gradient.end(), 0.0);
  std::vector<Outlook> outlooks(m);
  Costs costs;
  double value = -add_costs(point, outlooks, costs);
  std::vector<double> by_mean(m), by_deviation(m);
  std::vector<std::vector<double>> mean_gradient(belief_.objectives.size(), std::vector<double>(d)),
      deviation_gradient = mean_gradient;
  for (std::size_t k = 0; k < belief_.objectives.size(); ++k) {
    const auto moments =
        belief_.objectives[k].process.moments_with_gradient(point, mean_gradient[k], deviation_gradient[k]);
    outlooks[quantities_.measured_objectives[k]] =
        belief_.objectives[k].outlook(moments.mean, moments.deviation);
  }
  value += promise_.with_slopes(outlooks, by_mean, by_deviation);
  if (!std::isfinite(value)) return -kInfinity;
  for (std::size_t k = 0; k < belief_.objectives.size(); ++k) {
    const std::size_t j = quantities_.measured_objectives[k];
    for (std::size_t i = 0; i < d; ++i)
      gradient[i] += by_mean[j] * mean_gradient[k][i] + by_deviation[j] * deviation_gradient[k][i];
  }
  std::vector<double> one(d), other(d);
  for (const BelievedQuantity& held : belief_.constraints) {
    const auto moments = held.process.moments_with_gradient(point, one, other);
    const Feasibility at = feasibility(moments.mean, moments.deviation);
    value += at.logarithm;
    for (std::size_t i = 0; i < d; ++i) gradient[i] += at.by_mean * one[i] + at.by_deviation * other[i];
  }
  const std::size_t computed = quantities_.computed_objectives.size(),
                    limits = quantities_.computed_constraints.size();
  for (std::size_t i = 0; i < d && computed + limits > 0; ++i) {
    const double step = point[i] + kDifference <= 1.0 ? kDifference : -kDifference;
    for (std::size_t k = 0; k < computed; ++k)
      gradient[i] += by_mean[quantities_.computed_objectives[k]] *
                     (costs.objectives[(i + 1) * computed + k] - costs.objectives[k]) / step;
    for (std::size_t c = 0; c < limits; ++c)
      gradient[i] -=
          kExcessPrice *
          (std::max(0.0, costs.constraints[(i + 1) * limits + c]) - std::max(0.0, costs.constraints[c])) /
          step;
  }
  return value;
}

acquisition::Acquisition ImprovementAcquisition::functions() const {
  return {[this](std::span<const double> points, std::span<double> result) { values(points, result); },
          [this](std::span<const double> point, std::span<double> gradient) {
            return with_gradient(point, gradient);
          }};
}

}  // namespace parsimony::solver
