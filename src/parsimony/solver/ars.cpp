#include "parsimony/solver/ars.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <thread>

#include "parsimony/base/thread_pool.hpp"
#include "parsimony/solver/ars_model.hpp"
#include "parsimony/solver/ars_reward.hpp"
#include "parsimony/solver/ars_starts.hpp"
#include "parsimony/solver/ars_training.hpp"
#include "parsimony/solver/candidates.hpp"
#include "parsimony/solver/evidence.hpp"
#include "parsimony/solver/scalarisation.hpp"

namespace parsimony::solver {
namespace {

/// What all proposals of one ask share.
struct Ask {
  const Problem& problem;
  const ArsOptions& options;
  Evidence evidence;
  SurrogateModel model;  // without the pending points
  PointSet known;
  std::vector<Point> pending;
  ThreadPool& pool;

  bool can_model() const {
    return evidence.rows() > 0 || (model.objectives.empty() && model.constraints.empty() &&
                                   Quantities(problem).measured_objectives.empty() &&
                                   Quantities(problem).measured_constraints.empty());
  }
};

/// A state that may be proposed, and how it was come by.
struct Candidate {
  Point point;
  double reward = 0.0;
  const char* origin = "";
};

/// Trained agents and what is needed to find proposals among their states.
struct Training {
  std::vector<double> weights;
  std::vector<Point> starts;
  VisitedStates rollouts;  // without noise
  VisitedStates noisy;     // of the last step
  std::vector<Point> neighbours;
  std::vector<float> neighbour_rewards;
};

/// The best of what is already believed: pending points count at their expected values.
double best_believed(const Ask& ask, const Scalarisation& scalarisation) {
  double best = best_feasible(ask.evidence, scalarisation);
  const Quantities quantities(ask.problem);
  for (const Point& point : ask.pending) {
    std::vector<double> objectives(ask.problem.objectives.size());
    double mean = 0.0;
    bool feasible = true;
    for (std::size_t k = 0; k < ask.model.constraints.size(); ++k) {
      ask.model.constraints[k].posterior(point, {&mean, 1}, {});
      feasible &= mean <= 0.0;
    }
    for (std::size_t k = 0; k < ask.model.objectives.size(); ++k) {
      ask.model.objectives[k].posterior(point, {&mean, 1}, {});
      objectives[quantities.measured_objectives[k]] = mean;
    }
    if (!quantities.computed_objectives.empty()) {
      const Costs costs = ask.problem.costs.exact(point);
      for (std::size_t k = 0; k < quantities.computed_objectives.size(); ++k)
        objectives[quantities.computed_objectives[k]] = costs.objectives[k];
    }
    if (feasible) best = std::min(best, scalarisation(objectives));
  }
  return best;
}

/// Algorithm 1 from the choice of the starts to the rollouts of the trained policies.
Training train(const Ask& ask, const TrainingKey& key) {
  const ArsOptions& options = ask.options;
  const int m = static_cast<int>(ask.problem.objectives.size());
  RandomStream weight_stream(key.seed, key.trial, "ars-weights");
  RandomStream start_stream(key.seed, key.trial, "ars-starts");
  RandomStream sample_stream(key.seed, key.trial, "ars-base-samples");

  Training training;
  training.weights = draw_weights(m, weight_stream);
  const bool paper = options.preset == ArsOptions::Preset::paper;
  const Scalarisation scalarisation = scalarisation_of(ask.evidence, training.weights, paper);
  training.starts = choose_starts(ask.problem, ask.evidence, scalarisation, options.agents, start_stream);

  const SurrogateModel believing = ask.pending.empty() ? SurrogateModel{} : ask.model.believing(ask.pending);
  const SurrogateModel& model = ask.pending.empty() ? ask.model : believing;
  const int columns = static_cast<int>(model.objectives.size() + model.constraints.size());
  const RewardModel rewards(ask.problem, model, scalarisation, best_believed(ask, scalarisation),
                            draw_base_samples(options.base_samples, columns, sample_stream));

  const PolicyForm form = policy_form(ask.problem.space.dimension(), options);
  std::vector<Agent> agents = make_agents(training.starts, form, options, key);
  const Trainer trainer(form, rewards, options, key, ask.pool);
  for (int step = 0; step < options.steps; ++step)
    trainer.step(agents, step, step + 1 == options.steps ? &training.noisy : nullptr);
  training.rollouts = roll_out(agents, form, rewards, options);

  training.neighbours = neighbours_of(ask.problem.space, training.starts);
  std::vector<double> flat;
  for (const Point& point : training.neighbours) flat.insert(flat.end(), point.begin(), point.end());
  training.neighbour_rewards.resize(training.neighbours.size());
  if (!flat.empty()) rewards.score(flat, training.neighbour_rewards);
  return training;
}

/// Numbers 0 … n−1 by falling reward, the lower first among equals.
std::vector<std::size_t> by_reward(const std::vector<float>& rewards) {
  std::vector<std::size_t> order(rewards.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rewards[a] > rewards[b]; });
  return order;
}

/// The state of greatest reward that is new and within the limits; of one agent's alone, or of all (−1).
std::optional<Candidate> best_state(const Ask& ask, const VisitedStates& visited, int agent,
                                    const char* origin) {
  const auto d = static_cast<std::size_t>(ask.problem.space.dimension());
  PointSet refused;
  const std::vector<bool> possible = possibly_within_limits(ask.problem, visited.points);
  for (const std::size_t k : by_reward(visited.rewards)) {
    if (!possible[k] || (agent >= 0 && visited.agents[k] != agent)) continue;
    const Point point(visited.points.begin() + static_cast<std::ptrdiff_t>(k * d),
                      visited.points.begin() + static_cast<std::ptrdiff_t>((k + 1) * d));
    if (ask.known.contains(point) || !refused.insert(point)) continue;
    if (within_limits(ask.problem, point)) return Candidate{point, visited.rewards[k], origin};
  }
  return std::nullopt;
}

std::optional<Candidate> best_neighbour(const Ask& ask, const Training& training) {
  for (const std::size_t k : by_reward(training.neighbour_rewards)) {
    const Point& point = training.neighbours[k];
    if (!ask.known.contains(point) && within_limits(ask.problem, point))
      return Candidate{point, training.neighbour_rewards[k], "neighbour"};
  }
  return std::nullopt;
}

std::optional<Candidate> random_candidate(const Ask& ask, const TrainingKey& key) {
  RandomStream stream(key.seed, key.trial, "ars-random");
  std::optional<Point> point = find_point(ask.problem, ask.known, ask.evidence.points, stream);
  if (!point) return std::nullopt;
  return Candidate{std::move(*point), std::numeric_limits<double>::quiet_NaN(), "random"};
}

/// In the order of SEMANTICS section 4; the paper's preset proposes the best state of any rollout of the last
/// step.
std::optional<Candidate> choose(const Ask& ask, const Training& training, const TrainingKey& key) {
  auto rollout = best_state(ask, training.rollouts, -1, "rollout");
  if (rollout && ask.options.preset != ArsOptions::Preset::paper) return rollout;
  auto noisy = best_state(ask, training.noisy, -1, "noisy rollout");
  if (rollout && noisy) return noisy->reward > rollout->reward ? noisy : rollout;
  if (rollout) return rollout;
  if (noisy) return noisy;
  if (auto neighbour = best_neighbour(ask, training)) return neighbour;
  return random_candidate(ask, key);
}

std::string record_of(const Ask& ask, const Training& training, const Candidate& candidate,
                      const std::string& name) {
  nlohmann::json record = {{"solver", name}, {"origin", candidate.origin}, {"weights", training.weights}};
  if (candidate.reward == candidate.reward) record["reward"] = candidate.reward;
  if (ask.can_model()) record["fit"] = nlohmann::json::parse(fit_as_json(ask.problem, ask.model));
  return record.dump();
}

int thread_count(const ArsOptions& options) {
  return options.threads > 0 ? options.threads
                             : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

}  // namespace

ArsSolver::ArsSolver(const ArsOptions& options) : options_(options) {
  options_.validate();
}

Answer ArsSolver::ask(const Problem& problem, const Question& question) const {
  ThreadPool pool(thread_count(options_));
  Ask ask{problem, options_, Evidence(problem, question.history), {}, known_points(problem, question),
          {},      pool};
  for (const Pending& pending : question.pending) ask.pending.push_back(problem.space.snap(pending.point));
  if (ask.evidence.rows() > 0) ask.model = fit_model(problem, ask.evidence, question.history, pool);

  Answer answer;
  while (static_cast<int>(answer.proposals.size()) < question.count && !answer.exhausted) {
    const TrainingKey key{question.seed,
                          static_cast<std::uint64_t>(question.first_trial) + answer.proposals.size()};
    const Training training = ask.can_model() ? train(ask, key) : Training{};
    std::vector<Candidate> chosen;
    // The variant with a batch takes the best of each agent; what it leaves open is chosen as without it.
    for (int agent = 0; options_.batch && agent < static_cast<int>(training.starts.size()); ++agent) {
      if (static_cast<int>(answer.proposals.size() + chosen.size()) == question.count) break;
      auto candidate = best_state(ask, training.rollouts, agent, "rollout");
      if (!candidate) continue;
      ask.known.insert(candidate->point);
      chosen.push_back(std::move(*candidate));
    }
    if (chosen.empty()) {
      if (auto candidate = choose(ask, training, key)) chosen.push_back(std::move(*candidate));
    }
    answer.exhausted = chosen.empty();
    for (const Candidate& candidate : chosen) {
      ask.known.insert(candidate.point);
      ask.pending.push_back(candidate.point);
      answer.proposals.push_back({candidate.point, record_of(ask, training, candidate, name())});
    }
  }
  return answer;
}

}  // namespace parsimony::solver
