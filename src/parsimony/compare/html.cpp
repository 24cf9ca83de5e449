#include <cmath>
#include <nlohmann/json.hpp>

#include "parsimony/compare/analysis.hpp"
#include "parsimony/compare/web_sources.hpp"
#include "parsimony/page/page.hpp"

namespace parsimony::compare {
namespace {

using Json = nlohmann::ordered_json;

/// Seven significant digits: a curve near its maximum is drawn by its distance to it.
Json rounded(const std::vector<double>& values) {
  Json json = Json::array();
  for (const double value : values) {
    const double power = value == 0.0 ? 1.0 : std::pow(10.0, 6.0 - std::floor(std::log10(std::abs(value))));
    json.push_back(std::isfinite(power) && power > 0.0 ? std::round(value * power) / power : value);
  }
  return json;
}

Json finals_json(const Finals& finals) {
  if (finals.values.empty()) return nullptr;
  return {{"median", finals.middle},
          {"low", finals.interval.low},
          {"high", finals.interval.high},
          {"values", rounded(finals.values)}};
}

Json solver_json(const SolverFigures& figures) {
  Json json{{"name", figures.solver},
            {"program", figures.program},
            {"seeds", figures.seeds.size()},
            {"exhausted", figures.exhausted},
            {"seconds", {figures.seconds_per_ask, figures.median_seconds, figures.largest_seconds}},
            {"lower", rounded(figures.band.lower)},
            {"middle", rounded(figures.band.middle)},
            {"upper", rounded(figures.band.upper)},
            {"finals", Json::array()}};
  for (const Finals& finals : figures.at) json["finals"].push_back(finals_json(finals));
  return json;
}

Json pair_json(const PairedFigures& pair) {
  return {{"a", pair.a},
          {"b", pair.b},
          {"median", pair.median_difference},
          {"low", pair.interval.low},
          {"high", pair.interval.high},
          {"p", pair.p},
          {"seeds", pair.seeds}};
}

Json problem_json(const ProblemFigures& problem) {
  Json json{{"name", problem.problem},
            {"source", problem.source},
            {"least_value", problem.least_value},
            {"reference", problem.reference},
            {"best", problem.best ? Json(*problem.best) : Json(nullptr)},
            {"budget", problem.budget},
            {"initial", problem.initial},
            {"seeds", problem.seeds.size()},
            {"budgets", problem.budgets},
            {"solvers", Json::array()},
            {"paired", Json::array()}};
  for (const SolverFigures& figures : problem.solvers) json["solvers"].push_back(solver_json(figures));
  for (const auto& pairs : problem.paired) {
    json["paired"].push_back(Json::array());
    for (const PairedFigures& pair : pairs) json["paired"].back().push_back(pair_json(pair));
  }
  return json;
}

}  // namespace

std::string to_html(const std::vector<ProblemFigures>& problems) {
  Json json{{"version", "0.1.0"}, {"problems", Json::array()}};
  for (const ProblemFigures& problem : problems) json["problems"].push_back(problem_json(problem));
  return page::make_page(
      {k_web_page, k_web_style, k_web_script},
      {"Solvers compared · Parsimony",
       page::script_safe(json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace)),
       terminal_tables(problems)});
}

}  // namespace parsimony::compare
