#include "parsimony/solver/ars.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "parsimony/solver/ars_reward.hpp"
#include "parsimony/solver/ars_starts.hpp"
#include "parsimony/solver/ars_training.hpp"
#include "parsimony/solver/ask_basis.hpp"
#include "parsimony/solver/belief_options.hpp"
#include "parsimony/solver/candidates.hpp"
#include "parsimony/solver/doubt.hpp"
#include "parsimony/solver/evidence.hpp"
#include "parsimony/solver/improvement_acquisition.hpp"
#include "parsimony/solver/scalarisation.hpp"

namespace parsimony::solver {
namespace {

const char* name_of(const ArsOptions& options) {
  return options.batch ? "ars-batch" : "ars";
}

constexpr int kExplored = 256;            // random points among which an explorer's start is chosen
constexpr std::size_t kNoisyStates = 64;  // of each agent's last step that are compared by hypervolume

struct Ask : AskBasis {
  const ArsOptions& options;
  Belief doubting;  // where constraints are doubted; empty unless a proposal of this ask does
};

/// Trained agents and what is needed to find proposals among their states.
struct Training {
  std::vector<std::vector<double>> weights;  // of the agents; one where they share it
  bool doubting = false;                     // of the measured constraints
  Belief belief;                             // with the pending points
  std::vector<double> front;                 // likewise
  std::vector<Point> starts;
  VisitedStates rollouts;  // without noise
  VisitedStates noisy;     // of the last step
  std::vector<Point> neighbours;
  std::vector<float> neighbour_rewards;
};

void believe_pending(const Ask& ask, Training& training) {
  training.belief = (training.doubting ? ask.doubting : ask.belief).believing(ask.pending);
  training.front = believed_front(ask.problem, ask.evidence, ask.belief, ask.pending);
}

/// Weights and the best of what is already believed: pending points count at their expected values.
std::vector<Goal> goals_of(const Ask& ask, const Training& training) {
  const bool paper = ask.options.preset == ArsOptions::Preset::paper;
  const std::size_t m = ask.problem.objectives.size();
  std::vector<Goal> goals;
  for (const std::vector<double>& weights : training.weights) {
    Goal goal{scalarisation_of(ask.evidence, weights, paper), 0.0};
    goal.best = best_feasible(ask.evidence, goal.scalarisation);
    for (std::size_t row = 0; row < training.front.size(); row += m)
      goal.best = std::min(goal.best, goal.scalarisation(std::span(training.front).subspan(row, m)));
    goals.push_back(std::move(goal));
  }
  return goals;
}

/// The random point of greatest reward to that agent.
Point explored(const Ask& ask, const RewardModel& rewards, std::size_t agent, RandomStream& stream) {
  const auto d = static_cast<std::size_t>(ask.problem.space.dimension());
  std::vector<double> points(static_cast<std::size_t>(kExplored) * d);
  for (double& coordinate : points) coordinate = stream.uniform();
  std::vector<float> values(static_cast<std::size_t>(kExplored));
  rewards.score(points, values, agent);
  const auto best = std::max_element(values.begin(), values.end()) - values.begin();
  const auto first = points.begin() + best * static_cast<std::ptrdiff_t>(d);
  return Point(first, first + static_cast<std::ptrdiff_t>(d));
}

/// Algorithm 1 from the choice of the starts to the rollouts of the trained policies.
Training train(const Ask& ask, const TrainingKey& key) {
  const ArsOptions& options = ask.options;
  const int m = static_cast<int>(ask.problem.objectives.size());
  RandomStream weight_stream(key.seed, key.trial, "ars-weights");
  RandomStream start_stream(key.seed, key.trial, "ars-starts");
  RandomStream sample_stream(key.seed, key.trial, "ars-base-samples");

  Training training;
  const int goals = options.weights == ArsOptions::Weights::own ? options.agents + options.explorers : 1;
  for (int k = 0; k < goals; ++k) training.weights.push_back(draw_weights(m, weight_stream));
  training.doubting = doubts(ask.problem, ask.evidence, options.doubt_every, static_cast<int>(key.trial));
  believe_pending(ask, training);

  const std::vector<Goal> goals_with_best = goals_of(ask, training);
  training.starts = choose_starts(ask.problem, ask.evidence, goals_with_best[0].scalarisation, options.agents,
                                  start_stream);
  const int columns =
      static_cast<int>(training.belief.objectives.size() + training.belief.constraints.size());
  const RewardModel rewards(ask.problem, training.belief, goals_with_best,
                            draw_base_samples(options.base_samples, columns, sample_stream));
  for (int k = 0; k < options.explorers; ++k)
    training.starts.push_back(explored(ask, rewards, training.starts.size(), start_stream));

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

/// In the order of SEMANTICS section 4; the paper's preset proposes the best state of any rollout of the last
/// step.
std::optional<Candidate> best_by_reward(const Ask& ask, const Training& training, int agent) {
  auto rollout = best_state(ask, training.rollouts, agent, "rollout");
  if (rollout && ask.options.preset != ArsOptions::Preset::paper) return rollout;
  auto noisy = best_state(ask, training.noisy, agent, "noisy rollout");
  if (rollout && noisy) return noisy->value > rollout->value ? noisy : rollout;
  if (rollout) return rollout;
  if (noisy) return noisy;
  return best_neighbour(ask, training);
}

/// States of that agent, or of all (−1): every one without noise, and the best of its last step.
std::vector<double> states_of(const Ask& ask, const Training& training, int agent) {
  const auto d = static_cast<std::size_t>(ask.problem.space.dimension());
  std::vector<double> states;
  std::vector<std::size_t> taken(training.starts.size(), 0);
  const auto add = [&](const VisitedStates& visited, std::size_t most) {
    std::fill(taken.begin(), taken.end(), std::size_t{0});
    for (const std::size_t k : by_reward(visited.rewards)) {
      const int owner = visited.agents[k];
      if ((agent >= 0 && owner != agent) || taken[static_cast<std::size_t>(owner)]++ >= most) continue;
      const auto first = visited.points.begin() + static_cast<std::ptrdiff_t>(k * d);
      states.insert(states.end(), first, first + static_cast<std::ptrdiff_t>(d));
    }
  };
  add(training.rollouts, training.rollouts.rewards.size());
  add(training.noisy, kNoisyStates);
  return states;
}

/// @param rows  [n, d]
bool holds_row(std::span<const double> rows, const Point& point) {
  for (std::size_t first = 0; first < rows.size(); first += point.size())
    if (std::equal(point.begin(), point.end(), rows.begin() + static_cast<std::ptrdiff_t>(first)))
      return true;
  return false;
}

/// The state of greatest expected hypervolume improvement, climbed from where that is wanted.
std::optional<Candidate> best_by_hypervolume(const Ask& ask, const Training& training, int agent) {
  const ImprovementAcquisition improvement(ask.problem, training.belief, training.front);
  acquisition::MaximiserOptions maximiser;
  maximiser.starts = ask.options.climbs;
  if (ask.options.climbs == 0) maximiser.searched = 0;
  const std::vector<double> states = states_of(ask, training, agent);
  const acquisition::RankedPoints ranked =
      acquisition::improve(improvement.functions(), ask.problem.space, states, maximiser, ask.pool);
  auto candidate = best_candidate(ask.problem, ask.known, improvement, ranked, "rollout");
  if (candidate && !holds_row(states, candidate->point)) candidate->origin = "climb from a rollout";
  return candidate;
}

/// @param agent  whose states count; −1: all
std::optional<Candidate> choose(const Ask& ask, const Training& training, int agent) {
  if (ask.options.choice == ArsOptions::Choice::hypervolume)
    if (auto candidate = best_by_hypervolume(ask, training, agent)) return candidate;
  return best_by_reward(ask, training, agent);
}

/// The agents whose best states promise most first.
std::vector<int> agents_by_promise(const Ask& ask, const Training& training) {
  std::vector<std::pair<double, int>> promises;
  for (int agent = 0; agent < static_cast<int>(training.starts.size()); ++agent) {
    const auto candidate = choose(ask, training, agent);
    promises.emplace_back(candidate ? -candidate->value : std::numeric_limits<double>::infinity(), agent);
  }
  std::sort(promises.begin(), promises.end());
  std::vector<int> agents;
  for (const auto& promise : promises) agents.push_back(promise.second);
  return agents;
}

std::string record_of(const Ask& ask, const Training& training, const Candidate& candidate) {
  nlohmann::json record = {
      {"solver", name_of(ask.options)}, {"origin", candidate.origin}, {"weights", training.weights}};
  if (candidate.value == candidate.value) record["value"] = candidate.value;
  if (ask.can_model()) record["fit"] = nlohmann::json::parse(belief_as_json(ask.problem, ask.belief));
  return record.dump();
}

Proposal take(Ask& ask, const Training& training, const Candidate& candidate) {
  ask.take(candidate.point);
  return {candidate.point, record_of(ask, training, candidate)};
}

/// At most so many, each chosen with those before it believed.
std::vector<Proposal> best_of_each_agent(Ask& ask, Training& training, std::size_t most) {
  std::vector<Proposal> proposals;
  for (const int agent : agents_by_promise(ask, training)) {
    if (proposals.size() == most) break;
    if (const auto candidate = choose(ask, training, agent))
      proposals.push_back(take(ask, training, *candidate));
    believe_pending(ask, training);
  }
  return proposals;
}

/// The best of all agents, without a model a random point; none where the space is used up.
std::vector<Proposal> best_of_all(Ask& ask, const Training& training, const TrainingKey& key) {
  std::optional<Candidate> candidate;
  if (ask.can_model()) candidate = choose(ask, training, -1);
  if (!candidate) candidate = random_candidate(ask, RandomStream(key.seed, key.trial, "ars-random"));
  if (!candidate) return {};
  return {take(ask, training, *candidate)};
}

}  // namespace

ArsSolver::ArsSolver(const ArsOptions& options) : options_(options) {
  options_.validate();
}

Answer ArsSolver::ask(const Problem& problem, const Question& question) const {
  ThreadPool pool(thread_count(options_.threads));
  Ask ask{{problem, question, Evidence(problem, question.history), options_.belief, pool}, options_, {}};
  ask.doubting =
      fit_doubting_belief(problem, ask.evidence, question, {options_.belief, options_.doubt_every}, pool);

  const auto count = static_cast<std::size_t>(question.count);
  const bool by_agent = options_.batch && count > 1;
  Answer answer;
  while (answer.proposals.size() < count && !answer.exhausted) {
    const TrainingKey key{question.seed,
                          static_cast<std::uint64_t>(question.first_trial) + answer.proposals.size()};
    Training training = ask.can_model() ? train(ask, key) : Training{};
    std::vector<Proposal> proposals;
    if (by_agent) proposals = best_of_each_agent(ask, training, count - answer.proposals.size());
    if (proposals.empty()) proposals = best_of_all(ask, training, key);
    answer.exhausted = proposals.empty();
    std::move(proposals.begin(), proposals.end(), std::back_inserter(answer.proposals));
  }
  return answer;
}

}  // namespace parsimony::solver
