// How a solver sees and searches Passino's surface (m 1, d 2), after Fig. 3 of Deutel et al. 2023:
//
//   solver_pictures NAME [trials] [seed]  > docs/solvers/NAME.svg
//
// Runs the solver with its default options (nsga2 with a population of 8), then draws what it sees before its
// next proposal: the surface and all evaluated points, what it believes, what it chooses by. All of it is
// made by the solver's own parts from the same keys, and held against the proposal: a picture of something
// else than what the solver did is an error. Darker is better everywhere. One build prints the same bytes
// every time on one type of CPU.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "panel.hpp"
#include "parsimony/problems/benchmark_problem.hpp"
#include "parsimony/solver/ars_starts.hpp"
#include "parsimony/solver/ars_training.hpp"
#include "parsimony/solver/chebyshev_acquisition.hpp"
#include "parsimony/solver/initial_design.hpp"
#include "parsimony/solver/lhs.hpp"
#include "parsimony/solver/morbo.hpp"
#include "parsimony/solver/morbo_region.hpp"
#include "parsimony/solver/nsga2_population.hpp"
#include "parsimony/solver/parego.hpp"
#include "parsimony/solver/trust_region_draw.hpp"
#include "parsimony/solver/turbo.hpp"
#include "parsimony/solver/turbo_region.hpp"

namespace {

using namespace parsimony;
using namespace parsimony::solver;
using namespace parsimony::pictures;
using Symbol = LegendEntry::Symbol;

constexpr int kInitial = 6;
constexpr int kPopulation = 8;           // of nsga2: one that breeds within these few evaluations
constexpr double kShownBelowBest = 8.0;  // of a logarithm; what is less never matters

void expect(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(fmt::format("the picture is not what the solver did: {}", what));
}

bool any_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What one picture needs.
struct Scene {
  problems::BenchmarkProblem benchmark = problems::make_problem("passino");
  std::string name;
  Solver solver;
  std::uint64_t seed;
  std::vector<Trial> history;
  Point next;
  nlohmann::json record;  // of the next
  std::vector<double> grid = grid_points();

  Scene(std::string_view solver_name, int trials, std::uint64_t key)
      : name(solver_name), solver(make_solver(solver_name, options_of(solver_name))), seed(key) {
    for (const Point& point : initial_design(benchmark.problem, kInitial, seed)) add({point, ""});
    while (static_cast<int>(history.size()) < trials) add(ask_of(solver));
    const Proposal proposal = ask_of(solver);
    next = proposal.point;
    record = nlohmann::json::parse(proposal.record);
  }

  const Problem& problem() const { return benchmark.problem; }
  int number() const { return static_cast<int>(history.size()) + 1; }  ///< of the next trial
  std::uint64_t trial() const { return static_cast<std::uint64_t>(number()); }
  Proposal ask_of(const Solver& asked) const {
    return asked.ask(benchmark.problem, {history, {}, 1, number(), seed}).proposals.at(0);
  }
  std::string origin() const { return record.value("origin", ""); }

 private:
  void add(const Proposal& proposal) {
    Trial trial;
    trial.number = number();
    trial.point = proposal.point;
    trial.record = proposal.record;
    trial.objectives = benchmark.evaluate(proposal.point).objectives;
    history.push_back(std::move(trial));
  }
  static SolverOptions options_of(std::string_view name) {
    return name == "nsga2" ? SolverOptions{{"population", std::to_string(kPopulation)}} : SolverOptions{};
  }
};

/// A minimised quantity, the least darkest.
void fill_minimised(Panel& panel, std::vector<double> values) {
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  std::string light = fmt::format("{:.1f}", *greatest), dark = fmt::format("{:.1f}", *least);
  for (double& value : values) value = -value;
  panel.fill(values, Ramp::of(values, std::move(light), std::move(dark)));
}

void add_rows(Panel& panel, const Scene& scene) {
  for (const Trial& trial : scene.history)
    if (trial.number <= kInitial) panel.start(trial.point);
  for (const Trial& trial : scene.history)
    if (trial.number > kInitial)
      panel.row(trial.point, static_cast<double>(trial.number - kInitial) /
                                 static_cast<double>(scene.history.size() - kInitial));
}

void add_small_rows(Panel& panel, const Scene& scene) {
  for (const Trial& trial : scene.history) panel.small_dot(trial.point);
}

void fill_surface(Panel& panel, const Scene& scene) {
  std::vector<double> values;
  for (std::size_t k = 0; k < scene.grid.size(); k += 2)
    values.push_back(scene.benchmark.evaluate(std::span(scene.grid).subspan(k, 2)).objectives[0]);
  fill_minimised(panel, std::move(values));
}

Panel surface_panel(const Scene& scene) {
  Panel panel(fmt::format("{}: the surface, {} evaluations", scene.name, scene.history.size()));
  fill_surface(panel, scene);
  if (scene.name == "lhs") panel.strata(LhsOptions{}.block);
  add_rows(panel, scene);
  return panel;
}

Panel belief_panel(const Scene& scene, const Belief& belief) {
  Panel panel("what the model expects");
  const BelievedQuantity& held = belief.objectives[0];
  std::vector<double> mean(scene.grid.size() / 2);
  held.process.posterior(scene.grid, mean, {});
  for (double& value : mean) value = held.warp.invert(value);
  fill_minimised(panel, std::move(mean));
  add_rows(panel, scene);
  return panel;
}

/// What the solver compares points by: of `ehvi` and `ars` the hypervolume's improvement, of `parego` that of
/// its scalarised value.
Promise promise_of(const Scene& scene, const Evidence& evidence, const Belief& belief) {
  if (scene.name != "parego")
    return hypervolume_promise(scene.problem(), believed_front(scene.problem(), evidence, belief, {}));
  const ParegoOptions options;
  RandomStream stream(scene.seed, scene.trial(), "parego-samples");
  const Scalarisation scalarisation = scalarisation_of_rows(evidence, {1.0}, options.rho);
  return chebyshev_promise(
      ChebyshevImprovement(scalarisation, best_feasible(evidence, scalarisation),
                           chebyshev_samples(scene.problem(), options.base_samples, stream)));
}

Panel improvement_panel(const Scene& scene, const Evidence& evidence, const Belief& belief) {
  Panel panel("log expected improvement, proposal");
  const ImprovementAcquisition improvement(scene.problem(), belief, promise_of(scene, evidence, belief));
  const double promised =
      improvement.exact_value(scene.next);  // up to rounding: batches add in another order
  expect(std::abs(scene.record.value("value", 0.0) - promised) < 1e-6, "its improvement is another");
  std::vector<double> values(scene.grid.size() / 2);
  improvement.values(scene.grid, values);
  const double best = std::max(promised, *std::max_element(values.begin(), values.end()));
  for (double& value : values) value = std::max(value, best - kShownBelowBest);
  Ramp ramp{best - kShownBelowBest, best, fmt::format("{:.1f} or less", best - kShownBelowBest),
            fmt::format("{:.1f}", best)};
  panel.fill(values, ramp);
  add_small_rows(panel, scene);
  panel.proposal(scene.next);
  return panel;
}

/// The agents' rewards and what they visit.
struct Rollouts {
  std::vector<double> rewards;  // at the grid
  std::vector<Agent> agents;
  VisitedStates clean, noisy;
  std::size_t horizon;
};

/// Trains the agents as the solver does.
Rollouts train(const Scene& scene, const Evidence& evidence, const Belief& belief, ThreadPool& pool) {
  const ArsOptions options;
  const TrainingKey key{scene.seed, scene.trial()};
  RandomStream starts(key.seed, key.trial, "ars-starts"), samples(key.seed, key.trial, "ars-base-samples");
  const Scalarisation scalarisation = scalarisation_of(evidence, {1.0}, false);
  const RewardModel rewards(scene.problem(), belief,
                            {{scalarisation, best_feasible(evidence, scalarisation)}},
                            draw_base_samples(options.base_samples, 1, samples));
  const PolicyForm form = policy_form(scene.problem().space.dimension(), options);
  Rollouts result;
  result.horizon = static_cast<std::size_t>(options.horizon);
  result.agents = make_agents(choose_starts(scene.problem(), evidence, scalarisation, options.agents, starts),
                              form, options, key);
  const Trainer trainer(form, rewards, options, key, pool);
  for (int step = 0; step < options.steps; ++step)
    trainer.step(result.agents, step, step + 1 == options.steps ? &result.noisy : nullptr);
  result.clean = roll_out(result.agents, form, rewards, options);

  std::vector<double> states = scene.grid;
  std::vector<float> values(states.size() / 2);
  rewards.score(states, values);
  result.rewards.assign(values.begin(), values.end());
  return result;
}

bool visited(const VisitedStates& states, const Point& point) {
  for (std::size_t k = 0; k < states.points.size(); k += point.size())
    if (std::equal(point.begin(), point.end(), states.points.begin() + static_cast<std::ptrdiff_t>(k)))
      return true;
  return false;
}

Panel rollout_panel(const Scene& scene, const Rollouts& rollouts) {
  const Point unclimbed =
      scene.ask_of(make_solver(scene.name, {{"climbs", "0"}})).point;  // one of the states
  expect(visited(rollouts.clean, unclimbed) || visited(rollouts.noisy, unclimbed), "no policy was there");
  Panel panel("the reward (cube roots), rollouts");
  const auto [least, greatest] = std::minmax_element(rollouts.rewards.begin(), rollouts.rewards.end());
  std::string light = fmt::format("{:.2g}", *least), dark = fmt::format("{:.2g}", *greatest);
  std::vector<double> roots;  // small rewards guide too
  for (const double reward : rollouts.rewards) roots.push_back(std::cbrt(reward));
  panel.fill(roots, Ramp::of(roots, std::move(light), std::move(dark)));
  const std::size_t of_agent = 2 * rollouts.horizon;
  for (std::size_t k = 0; k < rollouts.agents.size(); ++k) {
    std::vector<double> points = rollouts.agents[k].start;
    const auto first = rollouts.clean.points.begin() + static_cast<std::ptrdiff_t>(k * of_agent);
    points.insert(points.end(), first, first + static_cast<std::ptrdiff_t>(of_agent));
    panel.walk(points);
  }
  panel.proposal(scene.next);
  return panel;
}

/// Candidates in a box with what one draw of the model makes of them.
struct DrawnRegion {
  std::vector<RegionBox> boxes;  // the first is the one of the candidates
  std::vector<double> candidates;
  DrawnOutcomes drawn;
};

DrawnRegion turbo_region(const Scene& scene, const Evidence& evidence, const Belief& belief) {
  const TurboOptions options;
  const int d = scene.problem().space.dimension();
  const TurboRegion region = replay_turbo(scene.problem(), scene.history, evidence, scene.seed, options.rho);
  expect(region.best.has_value(), "the region has no centre");
  const Point& centre = evidence.points[*region.best];
  const std::vector<std::vector<double>> lengthscales{
      belief.objectives[0].process.hyperparameters().lengthscales};
  DrawnRegion made;
  made.boxes = {region_box(scene.problem().space, centre, region.pace.length,
                           side_weights(lengthscales, static_cast<std::size_t>(d)))};
  RandomStream stream(scene.seed, scene.trial(), "turbo-candidates");
  made.candidates = perturbed_candidates(
      scene.problem(), known_points(scene.problem(), {scene.history, {}, 1, 1, 1}), {&centre, 1},
      made.boxes[0], std::min(20.0 / d, 1.0), std::min(100 * d, options.candidates), stream);
  made.drawn = draw_outcomes(scene.problem(), belief, made.candidates, scene.seed, scene.trial(), 0);
  return made;
}

/// The belief of the rows within twice the region's length.
Belief local_belief(const Scene& scene, const Evidence& evidence, const Point& centre, double length,
                    ThreadPool& pool) {
  const RegionBox box =
      region_box(scene.problem().space, centre, 2.0 * length, std::vector<double>{1.0, 1.0});
  std::vector<Trial> rows;
  for (std::size_t row = 0; row < evidence.rows(); ++row)
    if (box.holds(scene.problem().space, evidence.points[row])) rows.push_back(scene.history[row]);
  return fit_belief(scene.problem(), Evidence(scene.problem(), rows), scene.history, {}, pool);
}

DrawnRegion morbo_region(const Scene& scene, const Evidence& evidence, ThreadPool& pool) {
  const MorboOptions options;
  const std::vector<MorboRegion> regions =
      replay_morbo(scene.problem(), scene.history, evidence, options.regions);
  const auto centres = morbo_centres(scene.problem(), scene.history, evidence, regions);
  const std::size_t chosen = scene.record.at("region");
  expect(scene.origin() == "region" && centres[chosen].has_value(), "the proposal is of no region");
  DrawnRegion made;
  const auto add_box = [&](std::size_t region) {
    made.boxes.push_back(region_box(scene.problem().space, evidence.points[*centres[region]],
                                    regions[region].pace.length, std::vector<double>{1.0, 1.0}));
  };
  add_box(chosen);
  for (std::size_t region = 0; region < regions.size(); ++region)
    if (region != chosen && centres[region]) add_box(region);

  std::vector<Point> bases{evidence.points[*centres[chosen]]};
  for (const std::size_t row : evidence.front)
    if (row != *centres[chosen] && made.boxes[0].holds(scene.problem().space, evidence.points[row]))
      bases.push_back(evidence.points[row]);
  const double rows = static_cast<double>(evidence.rows());
  RandomStream stream(scene.seed, scene.trial(), "morbo-candidates", chosen);
  made.candidates = perturbed_candidates(
      scene.problem(), known_points(scene.problem(), {scene.history, {}, 1, 1, 1}), bases, made.boxes[0],
      1.0 - 0.5 * std::min(1.0, std::log(1.0 + rows) / std::log(1000.0)), options.candidates, stream);
  const Belief belief = local_belief(scene, evidence, bases[0], regions[chosen].pace.length, pool);
  made.drawn = draw_outcomes(scene.problem(), belief, made.candidates, scene.seed, scene.trial(), chosen);
  return made;
}

Panel region_panel(const Scene& scene, const DrawnRegion& region) {
  const std::vector<double>& drawn = region.drawn.objectives;
  const auto least = std::min_element(drawn.begin(), drawn.end());
  const auto best = region.candidates.begin() + 2 * (least - drawn.begin());
  expect(std::equal(scene.next.begin(), scene.next.end(), best), "another candidate is better");
  Panel panel("one draw at the candidates, proposal");
  std::vector<double> values;
  for (const double value : drawn) values.push_back(-value);
  panel.coloured_dots(region.candidates, values,
                      Ramp::of(values, fmt::format("{:.1f}", *std::max_element(drawn.begin(), drawn.end())),
                               fmt::format("{:.1f}", *least)));
  for (std::size_t k = region.boxes.size(); k-- > 0;)
    panel.box(region.boxes[k].lower, region.boxes[k].upper, k > 0);
  panel.proposal(scene.next);
  return panel;
}

Panel population_panel(const Scene& scene) {
  expect(scene.origin() == "child", "nothing is bred yet");
  const Evidence evidence(scene.problem(), scene.history);
  Panel panel(fmt::format("the population of {}, the next child", kPopulation));
  fill_surface(panel, scene);
  add_small_rows(panel, scene);
  for (const std::size_t row : population_of(evidence, kPopulation).rows)
    panel.row(evidence.points[row], 0.5);
  for (const int parent : scene.record.at("parents")) {
    std::vector<double> line = scene.history[static_cast<std::size_t>(parent - 1)].point;
    line.insert(line.end(), scene.next.begin(), scene.next.end());
    panel.walk(line);
  }
  panel.proposal(scene.next);
  return panel;
}

std::string draw_modelled(const Scene& scene, std::vector<Panel> panels, std::vector<LegendEntry> legend) {
  ThreadPool pool(1);
  const Evidence evidence(scene.problem(), scene.history);
  const Belief belief = fit_belief(scene.problem(), evidence, scene.history, {}, pool);
  panels.push_back(belief_panel(scene, belief));
  std::size_t columns = 3;
  if (any_of(scene.name, {"turbo", "morbo"})) {
    const bool turbo = scene.name == "turbo";
    panels.push_back(region_panel(
        scene, turbo ? turbo_region(scene, evidence, belief) : morbo_region(scene, evidence, pool)));
    legend.push_back({Symbol::box, "trust region"});
    if (!turbo) legend.push_back({Symbol::dashed_box, "the other regions"});
  } else {
    if (any_of(scene.name, {"ars", "ars-batch"})) {
      panels.push_back(rollout_panel(scene, train(scene, evidence, belief, pool)));
      legend.push_back({Symbol::walk, "rollout of a policy from its start"});
      columns = 2;
    }
    panels.push_back(improvement_panel(scene, evidence, belief));
    legend.push_back({Symbol::small_dot, "evaluated"});
  }
  legend.push_back({Symbol::proposal, "proposal"});
  return picture(panels, columns, legend);
}

std::string draw(const Scene& scene) {
  std::vector<Panel> panels{surface_panel(scene)};
  std::vector<LegendEntry> legend{{Symbol::start, "starting points"},
                                  {Symbol::row, "the solver's, in order"}};
  if (any_of(scene.name, {"random", "lhs", "sobol"})) return picture(panels, 1, legend);
  if (scene.name != "nsga2") return draw_modelled(scene, std::move(panels), std::move(legend));
  panels.push_back(population_panel(scene));
  legend.push_back({Symbol::small_dot, "not in the population"});
  legend.push_back({Symbol::walk, "a parent"});
  legend.push_back({Symbol::proposal, "their child"});
  return picture(panels, 2, legend);
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

int main(int argc, char** argv) {
  const auto trials = number_in(argc > 2 ? argv[2] : "20"), seed = number_in(argc > 3 ? argv[3] : "1");
  if (argc < 2 || argc > 4 || !trials || *trials <= kInitial || *trials > 1000 || !seed) {
    fmt::print(stderr, "solver_pictures NAME [trials, {} to 1000] [seed]\n", kInitial + 1);
    return 2;
  }
  try {
    fmt::print("{}", draw(Scene(argv[1], static_cast<int>(*trials), *seed)));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
