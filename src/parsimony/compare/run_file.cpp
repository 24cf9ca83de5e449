#include "parsimony/compare/run_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/solver/initial_design.hpp"

namespace parsimony::compare {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "parsimony-run-1";
constexpr double kSameCoordinate = 1e-9;  // a peer may have rounded what it read

const char* curve_name(const Arena& arena) {
  return arena.benchmark.problem.objectives.size() == 1 ? "least_value" : "hypervolume";
}

Json parse_file(const fs::path& file) {
  try {
    return Json::parse(read_file(file));
  } catch (const Json::exception& error) {
    throw InputError(file.string(), fmt::format("is no JSON ({})", error.what()));
  }
}

/// Labels, seed, points and times: what a peer's run must have too.
Run read_frame(const Json& json) {
  Run run;
  run.problem = json.at("problem").get<std::string>();
  run.solver = json.at("solver").get<std::string>();
  run.seed = json.at("seed").get<std::uint64_t>();
  run.program = json.value("program", "");
  run.initial = json.at("initial").get<int>();
  run.points = json.at("points").get<std::vector<std::vector<double>>>();
  run.trials = json.value("trials", static_cast<int>(run.points.size()));
  run.seconds = json.value("seconds", std::vector<double>());
  run.exhausted = json.value("exhausted", false);
  return run;
}

Run read_stored(const Json& json, const Arena& arena) {
  Run run = read_frame(json);
  run.configuration = json.at("configuration").dump();
  run.objectives = json.at("objectives").get<std::vector<std::vector<double>>>();
  run.constraints = json.at("constraints").get<std::vector<std::vector<double>>>();
  if (run.objectives.size() != run.points.size() || run.constraints.size() != run.points.size())
    throw InputError("objectives", "and points differ in number");
  run.quality = quality_after_each(arena, run.objectives, run.constraints);
  return run;
}

/// Where a stored configuration first differs from the one asked for.
std::string difference(const std::string& stored, const std::string& asked) {
  const auto one = nlohmann::json::parse(stored), other = nlohmann::json::parse(asked);
  const auto changes = nlohmann::json::diff(one, other);
  const auto pointer = nlohmann::json::json_pointer(changes.at(0).at("path").get<std::string>());
  const auto text = [&](const nlohmann::json& json) {
    return json.contains(pointer) ? json.at(pointer).dump() : std::string("absent");
  };
  return fmt::format("{} is {} there and {} here", pointer.to_string(), text(one), text(other));
}

/// The first `trials` evaluations, as a shorter run of q = 1 would have made them.
void cut(Run& run, int trials) {
  const auto n = static_cast<std::size_t>(trials);
  run.trials = trials;
  if (run.points.size() <= n) return;
  run.points.resize(n);
  run.objectives.resize(n);
  run.constraints.resize(n);
  run.quality.resize(n);
  run.initial = std::min(run.initial, trials);
  run.seconds.resize(std::min(run.seconds.size(), static_cast<std::size_t>(trials - run.initial)));
  run.exhausted = false;
}

void expect_same_starts(const std::string& where, const Contest& contest, const Arena& arena,
                        const Run& run) {
  const auto starts = solver::initial_design(arena.benchmark.problem, contest.initial, run.seed);
  for (std::size_t i = 0; i < std::min(starts.size(), run.points.size()); ++i)
    for (std::size_t k = 0; k < starts[i].size(); ++k)
      if (!(std::abs(starts[i][k] - run.points[i][k]) <= kSameCoordinate))
        throw InputError(where, fmt::format("starts from another point {}", i + 1),
                         "the starts of --starts-only with the same --initial");
}

/// Evaluates a peer's points here.
void evaluate_again(const std::string& where, const Arena& arena, Run& run) {
  const space::Space& space = arena.benchmark.problem.space;
  for (auto& point : run.points) {
    if (static_cast<int>(point.size()) != space.dimension())
      throw InputError(where, fmt::format("has a point of {} coordinates", point.size()),
                       fmt::format("{}", space.dimension()));
    point = space.snap(point);
    problems::Outcome outcome = arena.benchmark.evaluate(point);
    run.objectives.push_back(std::move(outcome.objectives));
    run.constraints.push_back(std::move(outcome.constraints));
  }
  run.quality = quality_after_each(arena, run.objectives, run.constraints);
}

void include_run(const fs::path& file, const Json& json, const Contest& contest, std::vector<Run>& runs) {
  Run run;
  try {
    run = read_frame(json);
  } catch (const Json::exception& error) {
    throw InputError(file.string(), fmt::format("holds no run ({})", error.what()),
                     "problem, solver, seed, initial, points");
  }
  const auto arena = std::find_if(contest.arenas.begin(), contest.arenas.end(),
                                  [&](const Arena& one) { return one.label == run.problem; });
  if (arena == contest.arenas.end()) return;
  if (std::find(contest.seeds.begin(), contest.seeds.end(), run.seed) == contest.seeds.end()) return;
  const std::string where =
      fmt::format("{}: {} on {}, seed {}", file.string(), run.solver, run.problem, run.seed);
  for (const Contestant& contestant : contest.contestants)
    if (contestant.label == run.solver)
      throw InputError(where, "has the label of a solver that takes part", "another name for one of them");
  evaluate_again(where, *arena, run);
  expect_same_starts(where, contest, *arena, run);
  cut(run, contest.trials);
  runs.push_back(std::move(run));
}

void include_file(const fs::path& file, const Contest& contest, std::vector<Run>& runs) {
  const Json json = parse_file(file);
  const Json& list = json.is_object() && json.contains("runs") ? json.at("runs") : json;
  if (!list.is_array()) return include_run(file, list, contest, runs);
  for (const Json& one : list) include_run(file, one, contest, runs);
}

}  // namespace

std::string to_json(const Run& run, const Arena& arena) {
  Json json{{"format", kFormat},
            {"problem", run.problem},
            {"solver", run.solver},
            {"seed", run.seed},
            {"program", run.program},
            {"configuration", run.configuration.empty() ? Json(nullptr) : Json::parse(run.configuration)},
            {"trials", run.trials},
            {"initial", run.initial},
            {"exhausted", run.exhausted},
            {curve_name(arena), run.quality},
            {"seconds", run.seconds},
            {"points", run.points},
            {"objectives", run.objectives},
            {"constraints", run.constraints}};
  return json.dump() + "\n";
}

fs::path run_path(const fs::path& folder, const Arena& arena, const Contestant& contestant,
                  std::uint64_t seed) {
  return folder / "runs" / fmt::format("{}-{}-{}.json", arena.label, contestant.label, seed);
}

std::optional<Run> stored_run(const fs::path& folder, const Contest& contest, const Arena& arena,
                              const Contestant& contestant, std::uint64_t seed) {
  const fs::path file = run_path(folder, arena, contestant, seed);
  if (!fs::exists(file)) return std::nullopt;
  Run run;
  try {
    run = read_stored(parse_file(file), arena);
  } catch (const Json::exception& error) {
    throw InputError(file.string(), fmt::format("holds no run ({})", error.what()));
  }
  const std::string asked = configuration_of(contest, arena, contestant);
  if (nlohmann::json::parse(run.configuration) != nlohmann::json::parse(asked))
    throw InputError(
        file.string(),
        fmt::format("holds a run of another configuration: {}", difference(run.configuration, asked)),
        "another --out, another label (label=name), or the file removed");
  if (run.trials == contest.trials) return run;
  if (run.trials < contest.trials || contest.batch > 1) return std::nullopt;  // the last batches would differ
  cut(run, contest.trials);
  return run;
}

void store_run(const fs::path& folder, const Arena& arena, const Contestant& contestant, const Run& run) {
  write_file(run_path(folder, arena, contestant, run.seed), to_json(run, arena));
}

std::vector<Run> included_runs(const fs::path& file, const Contest& contest) {
  std::vector<Run> runs;
  if (!fs::is_directory(file)) {
    include_file(file, contest, runs);
    return runs;
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(file))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& one : files) include_file(one, contest, runs);
  return runs;
}

}  // namespace parsimony::compare
