#include "parsimony/problems/closed_form.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/problems/option_values.hpp"

namespace parsimony::problems {

BenchmarkProblem float_problem(std::string name, std::vector<space::Parameter> parameters, int m,
                               double reference) {
  BenchmarkProblem benchmark;
  benchmark.name = std::move(name);
  benchmark.problem.space = space::Space(std::move(parameters));
  for (int j = 1; j <= m; ++j)
    benchmark.problem.objectives.push_back({fmt::format("f{}", j), solver::Source::measured, reference});
  return benchmark;
}

std::vector<space::Parameter> equal_floats(int d, double low, double high) {
  std::vector<space::Parameter> parameters;
  for (int i = 1; i <= d; ++i)
    parameters.push_back(space::FloatParameter{fmt::format("x{}", i), low, high, false});
  return parameters;
}

solver::CostModel costs_at_snapped_points(const space::Space& space,
                                          std::function<solver::Costs(std::span<const double>)> exact) {
  solver::CostModel model;
  model.exact = exact;
  model.estimate = [space, exact](std::span<const double> points, std::int64_t n, solver::Costs& all) {
    const auto d = static_cast<std::size_t>(space.dimension());
    PARSIMONY_EXPECTS(points.size() == static_cast<std::size_t>(n) * d);
    std::vector<double> snapped(points.begin(), points.end());
    space.snap_rows(snapped);
    all.objectives.clear();
    all.constraints.clear();
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
      const solver::Costs one = exact(std::span(snapped).subspan(i * d, d));
      all.objectives.insert(all.objectives.end(), one.objectives.begin(), one.objectives.end());
      all.constraints.insert(all.constraints.end(), one.constraints.begin(), one.constraints.end());
    }
  };
  return model;
}

void mark_computed(BenchmarkProblem& benchmark, const ProblemOptions& options, std::string_view otherwise) {
  const std::string listed = text_option(options, "computed", otherwise);
  std::vector<solver::Objective>& objectives = benchmark.problem.objectives;
  for (const std::string& name : listed == "none" ? std::vector<std::string>() : split_list(listed)) {
    const auto found = std::find_if(objectives.begin(), objectives.end(),
                                    [&](const solver::Objective& one) { return one.name == name; });
    if (found == objectives.end()) {
      std::vector<std::string> names{"none"};
      for (const solver::Objective& one : objectives) names.push_back(one.name);
      throw InputError("problem.computed", fmt::format("is '{}'", listed),
                       fmt::format("a list of {}", fmt::join(names, ", ")));
    }
    found->source = solver::Source::computed;
  }
  std::vector<std::size_t> computed;
  for (std::size_t j = 0; j < objectives.size(); ++j)
    if (objectives[j].source == solver::Source::computed) computed.push_back(j);
  if (computed.empty()) return;
  benchmark.problem.costs = costs_at_snapped_points(
      benchmark.problem.space, [computed, evaluate = benchmark.evaluate](std::span<const double> point) {
        const Outcome outcome = evaluate(point);
        solver::Costs costs;
        for (const std::size_t j : computed) costs.objectives.push_back(outcome.objectives[j]);
        return costs;
      });
}

}  // namespace parsimony::problems
