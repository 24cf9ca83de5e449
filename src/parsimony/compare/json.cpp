#include <nlohmann/json.hpp>

#include "parsimony/compare/analysis.hpp"

namespace parsimony::compare {
namespace {

using Json = nlohmann::ordered_json;

Json interval_json(const Interval& interval) {
  return Json::array({interval.low, interval.high});
}

Json solver_json(const ProblemFigures& problem, const SolverFigures& figures) {
  Json json{{problem.least_value ? "least_value" : "hypervolume", figures.curves},
            {"seconds_per_ask", figures.seconds_per_ask},
            {"seconds_median", figures.median_seconds},
            {"seconds_largest", figures.largest_seconds},
            {"seeds", figures.seeds},
            {"program", figures.program},
            {"exhausted", figures.exhausted},
            {"finals", Json::array()}};
  for (std::size_t k = 0; k < problem.budgets.size(); ++k)
    if (!figures.at[k].values.empty())
      json["finals"].push_back({{"budget", problem.budgets[k]},
                                {"median", figures.at[k].middle},
                                {"interval", interval_json(figures.at[k].interval)}});
  return json;
}

Json pairs_json(const std::vector<PairedFigures>& pairs) {
  Json json = Json::array();
  for (const PairedFigures& pair : pairs)
    json.push_back({{"a", pair.a},
                    {"b", pair.b},
                    {"median_difference", pair.median_difference},
                    {"interval", interval_json(pair.interval)},
                    {"p", pair.p},
                    {"seeds", pair.seeds},
                    {"exact", pair.exact}});
  return json;
}

Json problem_json(const ProblemFigures& problem) {
  Json json{{"problem", problem.problem},
            {"source", problem.source},
            {"budget", problem.budget},
            {"initial", problem.initial},
            {"seeds", problem.seeds},
            {"reference", problem.reference},
            {"best", problem.best ? Json(*problem.best) : Json(nullptr)},
            {"solvers", Json::object()},
            {"paired", pairs_json(problem.paired.back())},
            {"paired_at", Json::object()}};
  for (const SolverFigures& figures : problem.solvers)
    json["solvers"][figures.solver] = solver_json(problem, figures);
  for (std::size_t k = 0; k + 1 < problem.budgets.size(); ++k)
    json["paired_at"][std::to_string(problem.budgets[k])] = pairs_json(problem.paired[k]);
  return json;
}

}  // namespace

std::string to_json(const std::vector<ProblemFigures>& problems) {
  std::string lines;
  for (const ProblemFigures& problem : problems) lines += problem_json(problem).dump() + "\n";
  return lines;
}

}  // namespace parsimony::compare
