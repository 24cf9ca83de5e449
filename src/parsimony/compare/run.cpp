#include "parsimony/compare/run.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "parsimony/base/contracts.hpp"
#include "parsimony/pareto/dominance.hpp"
#include "parsimony/pareto/hypervolume.hpp"
#include "parsimony/solver/initial_design.hpp"

namespace parsimony::compare {
namespace {

bool meets(const std::vector<double>& constraints) {
  return std::all_of(constraints.begin(), constraints.end(), [](double value) { return value <= 0.0; });
}

/// The front so far: few points, so that the hypervolume after each of many evaluations costs little.
class GrowingFront {
 public:
  explicit GrowingFront(std::size_t m) : m_(m) {}

  /// Whether the front has changed.
  bool add(const std::vector<double>& point) {
    const auto at_least_as_good = [&](const std::vector<double>& held) {
      return held == point || pareto::dominates(held, point);
    };
    if (std::any_of(points_.begin(), points_.end(), at_least_as_good)) return false;
    std::erase_if(points_, [&](const std::vector<double>& held) { return pareto::dominates(point, held); });
    points_.push_back(point);
    return true;
  }

  double hypervolume(const std::vector<double>& reference) const {
    std::vector<double> flat;
    flat.reserve(points_.size() * m_);
    for (const auto& point : points_) flat.insert(flat.end(), point.begin(), point.end());
    return pareto::hypervolume(flat, reference);
  }

 private:
  std::size_t m_;
  std::vector<std::vector<double>> points_;
};

/// Evaluates a point and adds it to the run and to what the solver sees.
/// @param seen  trials that its proposal had seen: those up to this number
void evaluate(const Arena& arena, solver::Proposal proposal, int seen, Run& run,
              std::vector<solver::Trial>& history) {
  std::vector<double> point = std::move(proposal.point);
  const problems::Outcome outcome = arena.benchmark.evaluate(point);
  solver::Trial trial;
  trial.number = static_cast<int>(history.size()) + 1;
  trial.point = point;
  trial.state = meets(outcome.constraints) ? solver::State::complete : solver::State::infeasible;
  trial.objectives = outcome.objectives;
  trial.constraints = outcome.constraints;
  trial.record = std::move(proposal.record);
  for (int number = 1; number <= seen; ++number) trial.seen.push_back(number);
  history.push_back(std::move(trial));
  run.points.push_back(std::move(point));
  run.objectives.push_back(outcome.objectives);
  run.constraints.push_back(outcome.constraints);
}

solver::Answer timed_ask(const solver::Solver& solver, const Arena& arena, const solver::Question& question,
                         std::vector<double>& seconds) {
  const auto start = std::chrono::steady_clock::now();
  solver::Answer answer = solver.ask(arena.benchmark.problem, question);
  seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  PARSIMONY_EXPECTS(static_cast<int>(answer.proposals.size()) <= question.count);
  return answer;
}

}  // namespace

std::string configuration_of(const Contest& contest, const Arena& arena, const Contestant& contestant) {
  const nlohmann::ordered_json json{
      {"problem", {{"name", arena.name}, {"options", arena.options}, {"source", arena.benchmark.source}}},
      {"solver", {{"name", contestant.name}, {"options", contestant.options}}},
      {"initial", contest.initial},
      {"batch", contest.batch}};
  return json.dump();
}

std::vector<double> quality_after_each(const Arena& arena, const std::vector<std::vector<double>>& objectives,
                                       const std::vector<std::vector<double>>& constraints) {
  PARSIMONY_EXPECTS(objectives.size() == constraints.size());
  std::vector<double> reference;
  for (const auto& objective : arena.benchmark.problem.objectives) reference.push_back(objective.reference);
  const std::size_t m = reference.size();
  GrowingFront front(m);
  double quality = m == 1 ? reference[0] : 0.0;
  std::vector<double> after_each;
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    if (meets(constraints[i])) {
      if (m == 1)
        quality = std::min(quality, objectives[i][0]);
      else if (front.add(objectives[i]))
        quality = front.hypervolume(reference);
    }
    after_each.push_back(quality);
  }
  return after_each;
}

Run run_solver(const Contest& contest, const Arena& arena, const Contestant& contestant, std::uint64_t seed) {
  Run run;
  run.problem = arena.label;
  run.solver = contestant.label;
  run.seed = seed;
  run.configuration = configuration_of(contest, arena, contestant);
  run.program = "parsimony 0.1.0";
  run.trials = contest.trials;
  const solver::Solver solver = solver_of(contestant);
  std::vector<solver::Trial> history;
  for (auto& point : solver::initial_design(arena.benchmark.problem, contest.initial, seed))
    if (static_cast<int>(history.size()) < contest.trials)
      evaluate(arena, {std::move(point), ""}, 0, run, history);
  run.initial = static_cast<int>(history.size());
  while (static_cast<int>(history.size()) < contest.trials && !run.exhausted) {
    const int number = static_cast<int>(history.size()) + 1;
    const int count = std::min(contest.batch, contest.trials - number + 1);
    solver::Answer answer = timed_ask(solver, arena, {history, {}, count, number, seed}, run.seconds);
    for (solver::Proposal& proposal : answer.proposals)
      evaluate(arena, std::move(proposal), number - 1, run, history);
    run.exhausted = answer.exhausted || answer.proposals.empty();
  }
  run.quality = quality_after_each(arena, run.objectives, run.constraints);
  return run;
}

}  // namespace parsimony::compare
