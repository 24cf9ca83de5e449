#include "parsimony/compare/line_protocol.hpp"

#include <istream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "parsimony/base/errors.hpp"
#include "parsimony/solver/initial_design.hpp"

namespace parsimony::compare {
namespace {

using Json = nlohmann::ordered_json;

Json parameters_json(const space::Space& space, std::span<const double> point) {
  const space::Configuration configuration = space.decode(point);
  Json json = Json::object();
  for (std::size_t i = 0; i < configuration.size(); ++i)
    json[space::parameter_name(space.parameters()[i])] =
        std::visit([](const auto& held) { return Json(held); }, configuration[i]);
  return json;
}

Json parameter_json(const space::Parameter& parameter) {
  Json json{{"name", space::parameter_name(parameter)}};
  if (const auto* categorical = std::get_if<space::CategoricalParameter>(&parameter)) {
    json["type"] = "categorical";
    json["choices"] = categorical->choices;
  } else if (const auto* whole = std::get_if<space::IntegerParameter>(&parameter)) {
    json.update(
        Json{{"type", "int"}, {"low", whole->low}, {"high", whole->high}, {"log", whole->logarithmic}});
  } else {
    const auto& real = std::get<space::FloatParameter>(parameter);
    json.update(Json{{"type", "float"}, {"low", real.low}, {"high", real.high}, {"log", real.logarithmic}});
  }
  return json;
}

Json description_of(const Arena& arena) {
  const solver::Problem& problem = arena.benchmark.problem;
  const auto source = [](solver::Source held) {
    return held == solver::Source::measured ? "measured" : "computed";
  };
  Json json{{"problem", arena.label},
            {"dimension", problem.space.dimension()},
            {"parameters", Json::array()},
            {"objectives", Json::array()},
            {"constraints", Json::array()},
            {"best", arena.benchmark.best ? Json(*arena.benchmark.best) : Json(nullptr)}};
  for (const auto& parameter : problem.space.parameters())
    json["parameters"].push_back(parameter_json(parameter));
  for (const auto& one : problem.objectives)
    json["objectives"].push_back(
        {{"name", one.name}, {"source", source(one.source)}, {"reference", one.reference}});
  for (const auto& one : problem.constraints)
    json["constraints"].push_back({{"name", one.name}, {"source", source(one.source)}});
  return json;
}

space::Value value_of(const space::Parameter& parameter, const Json& json) {
  if (std::holds_alternative<space::FloatParameter>(parameter)) return json.get<double>();
  if (std::holds_alternative<space::IntegerParameter>(parameter)) return json.get<std::int64_t>();
  return json.get<std::string>();
}

/// The point that a request means, snapped.
std::vector<double> point_of(const space::Space& space, const Json& request) {
  if (request.contains("parameters")) {
    space::Configuration configuration;
    for (const auto& parameter : space.parameters())
      configuration.push_back(
          value_of(parameter, request.at("parameters").at(space::parameter_name(parameter))));
    return space.encode(configuration);
  }
  const auto point = request.at("point").get<std::vector<double>>();
  if (static_cast<int>(point.size()) != space.dimension())
    throw InputError("point", "has " + std::to_string(point.size()) + " coordinates",
                     std::to_string(space.dimension()));
  return space.snap(point);
}

Json answer_to(const Arena& arena, const std::string& line) {
  const Json request = Json::parse(line);
  if (request.value("describe", false)) return description_of(arena);
  const space::Space& space = arena.benchmark.problem.space;
  const std::vector<double> point = point_of(space, request);
  const problems::Outcome outcome = arena.benchmark.evaluate(point);
  return {{"point", point},
          {"parameters", parameters_json(space, point)},
          {"objectives", outcome.objectives},
          {"constraints", outcome.constraints}};
}

}  // namespace

void serve_evaluations(const Arena& arena, std::istream& input, std::ostream& output) {
  for (std::string line; std::getline(input, line);) {
    if (line.empty()) continue;
    Json answer;
    try {
      answer = answer_to(arena, line);
    } catch (const Json::exception& error) {  // another program's line is data here, not our failure
      answer = {{"error", error.what()}};
    } catch (const InputError& error) {
      answer = {{"error", error.what()}};
    }
    output << answer.dump() << '\n' << std::flush;
  }
}

std::string starts_json(const Contest& contest) {
  Json list = Json::array();
  for (const Arena& arena : contest.arenas)
    for (const std::uint64_t seed : contest.seeds) {
      Json one{
          {"problem", arena.label}, {"seed", seed}, {"points", Json::array()}, {"parameters", Json::array()}};
      for (const auto& point : solver::initial_design(arena.benchmark.problem, contest.initial, seed)) {
        one["points"].push_back(point);
        one["parameters"].push_back(parameters_json(arena.benchmark.problem.space, point));
      }
      list.push_back(std::move(one));
    }
  return list.dump() + "\n";
}

}  // namespace parsimony::compare
