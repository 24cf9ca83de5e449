// How a solver sees and searches Passino's surface (m 1, d 2), as Deutel et al. 2023 draw it in their Fig. 3:
//
//   solver_pictures NAME [trials] [seed]  > docs/solvers/NAME.svg
//
// Runs the solver, then draws from its own parts what it sees before its next proposal: the surface and all
// evaluated points; what it believes; what it chooses by. Darker is better everywhere.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "parsimony/problems/benchmark_problem.hpp"
#include "parsimony/solver/ars_starts.hpp"
#include "parsimony/solver/ars_training.hpp"
#include "parsimony/solver/chebyshev_acquisition.hpp"
#include "parsimony/solver/initial_design.hpp"
#include "parsimony/solver/morbo_region.hpp"
#include "parsimony/solver/turbo_region.hpp"

namespace {

using namespace parsimony;
using namespace parsimony::solver;

constexpr int kGrid = 56, kLevels = 24, kInitial = 6;
constexpr double kSide = 270.0, kGap = 22.0, kTop = 30.0;

/// Lightest to darkest, by one hue.
std::string colour_of(int level) {
  const double t = static_cast<double>(level) / (kLevels - 1);
  const auto mix = [t](double from, double to) {
    return static_cast<int>(std::lround(from + t * (to - from)));
  };
  return fmt::format("#{:02x}{:02x}{:02x}", mix(243, 12), mix(247, 62), mix(251, 112));
}

std::vector<double> grid_points() {
  std::vector<double> points;
  for (int row = 0; row < kGrid; ++row)
    for (int column = 0; column < kGrid; ++column) {
      points.push_back((column + 0.5) / kGrid);
      points.push_back((row + 0.5) / kGrid);
    }
  return points;
}

/// A square with a title, at its place among the panels.
class Panel {
 public:
  Panel(int number, std::string_view title) : left_(kGap + number * (kSide + kGap)) {
    body_ = fmt::format("<text x='{:.0f}' y='20' class='title'>{}</text>\n", left_, title);
  }

  /// @param values  [kGrid, kGrid], the greatest darkest; what is not finite counts as the least
  void fill(std::vector<double> values) {
    double low = INFINITY, high = -INFINITY;
    for (const double value : values)
      if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
    std::vector<std::string> paths(kLevels);
    const double cell = kSide / kGrid;
    for (int row = 0; row < kGrid; ++row) {
      for (int column = 0, end = 0; column < kGrid; column = end) {
        const int level = level_of(values, row, column, low, high);
        while (end < kGrid && level_of(values, row, end, low, high) == level) ++end;
        paths[static_cast<std::size_t>(level)] +=
            fmt::format("M{:.1f} {:.1f}H{:.1f}", x_of(column * cell / kSide), y_of((row + 0.5) / kGrid),
                        x_of(end * cell / kSide));
      }
    }
    for (int level = 0; level < kLevels; ++level)
      if (!paths[static_cast<std::size_t>(level)].empty())
        body_ += fmt::format("<path d='{}' stroke='{}' stroke-width='{:.2f}'/>\n",
                             paths[static_cast<std::size_t>(level)], colour_of(level), cell + 0.3);
  }

  /// Starting points are squares; the others are circles, the later the redder.
  void points(const std::vector<Trial>& history) {
    for (const Trial& trial : history) {
      const double x = x_of(trial.point[0]), y = y_of(trial.point[1]);
      if (trial.number <= kInitial) {
        body_ +=
            fmt::format("<rect x='{:.1f}' y='{:.1f}' width='6' height='6' class='start'/>\n", x - 3, y - 3);
      } else {
        const double age =
            static_cast<double>(trial.number - kInitial) / static_cast<double>(history.size() - kInitial);
        body_ += fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='3.4' class='row' fill='#ff{:02x}{:02x}'/>\n",
                             x, y, static_cast<int>(235 - 165 * age), static_cast<int>(200 - 180 * age));
      }
    }
  }

  void dots(std::span<const double> points) {
    for (std::size_t k = 0; k + 1 < points.size(); k += 2)
      body_ += fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='1.1' class='dot'/>\n", x_of(points[k]),
                           y_of(points[k + 1]));
  }

  void walk(const Point& start, std::span<const double> states) {
    std::string path = fmt::format("M{:.1f} {:.1f}", x_of(start[0]), y_of(start[1]));
    for (std::size_t k = 0; k + 1 < states.size(); k += 2)
      path += fmt::format("L{:.1f} {:.1f}", x_of(states[k]), y_of(states[k + 1]));
    body_ +=
        fmt::format("<path d='{}' class='walk'/><circle cx='{:.1f}' cy='{:.1f}' r='3.5' class='begin'/>\n",
                    path, x_of(start[0]), y_of(start[1]));
  }

  void box(const RegionBox& box) {
    body_ += fmt::format("<rect x='{:.1f}' y='{:.1f}' width='{:.1f}' height='{:.1f}' class='box'/>\n",
                         x_of(box.lower[0]), y_of(box.upper[1]), kSide * (box.upper[0] - box.lower[0]),
                         kSide * (box.upper[1] - box.lower[1]));
  }

  void proposal(const Point& point) {
    std::string path;
    for (int k = 0; k < 10; ++k) {
      const double radius = k % 2 ? 3.2 : 8.0, angle = 0.1 * k * 2.0 * 3.14159265358979 - 1.57079632679490;
      path += fmt::format("{}{:.1f} {:.1f}", k ? 'L' : 'M', x_of(point[0]) + radius * std::cos(angle),
                          y_of(point[1]) + radius * std::sin(angle));
    }
    body_ += fmt::format("<path d='{}Z' class='star'/>\n", path);
  }

  std::string svg() const {
    return body_ + fmt::format(
                       "<rect x='{:.1f}' y='{:.1f}' width='{:.0f}' height='{:.0f}' class='frame'/>\n"
                       "<text x='{:.1f}' y='{:.0f}'>0</text><text x='{:.1f}' y='{:.0f}' "
                       "text-anchor='end'>x 30</text>\n",
                       left_, kTop, kSide, kSide, left_, kTop + kSide + 14, left_ + kSide, kTop + kSide + 14);
  }

 private:
  static int level_of(const std::vector<double>& values, int row, int column, double low, double high) {
    const double value = values[static_cast<std::size_t>(row * kGrid + column)];
    if (!std::isfinite(value) || !(high > low)) return 0;
    return std::min(kLevels - 1, static_cast<int>(kLevels * (value - low) / (high - low)));
  }
  double x_of(double u) const { return left_ + kSide * u; }
  static double y_of(double v) { return kTop + kSide * (1.0 - v); }

  double left_;
  std::string body_;
};

std::string picture(const std::vector<Panel>& panels, std::string_view legend) {
  const double width = kGap + static_cast<double>(panels.size()) * (kSide + kGap), height = kTop + kSide + 46;
  std::string svg = fmt::format(
      "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {0:.0f} {1:.0f}' width='{0:.0f}'>\n"
      "<style>text{{font:12px sans-serif;fill:#333}}.title{{font-weight:bold}}"
      ".start{{fill:none;stroke:#fff;stroke-width:1.8}}.row{{stroke:#222;stroke-width:.7}}"
      ".dot{{fill:#111;opacity:.35}}.walk{{fill:none;stroke:#e8590c;stroke-width:2.2}}"
      ".begin{{fill:#fff;stroke:#e8590c;stroke-width:1.6}}.box{{fill:none;stroke:#e8590c;stroke-width:2}}"
      ".star{{fill:#ffd43b;stroke:#222;stroke-width:1}}.frame{{fill:none;stroke:#555}}</style>\n"
      "<rect width='{0:.0f}' height='{1:.0f}' fill='#fff'/>\n",
      width, height);
  for (const Panel& panel : panels) svg += panel.svg();
  return svg + fmt::format("<text x='{:.0f}' y='{:.0f}'>{}</text>\n</svg>\n", kGap, height - 10, legend);
}

Trial evaluated(const problems::BenchmarkProblem& benchmark, int number, const Point& point,
                const std::string& record) {
  Trial trial;
  trial.number = number;
  trial.point = point;
  trial.record = record;
  trial.objectives = benchmark.evaluate(point).objectives;
  return trial;
}

/// What one picture needs.
struct Scene {
  problems::BenchmarkProblem benchmark = problems::make_problem("passino");
  std::string name;
  Solver solver;
  std::uint64_t seed;
  std::vector<Trial> history;
  Point next;
  std::vector<double> grid = grid_points();

  Scene(std::string_view solver_name, int trials, std::uint64_t key)
      : name(solver_name), solver(make_solver(solver_name, options_of(solver_name))), seed(key) {
    for (const Point& point : initial_design(benchmark.problem, kInitial, seed))
      history.push_back(evaluated(benchmark, static_cast<int>(history.size()) + 1, point, ""));
    while (static_cast<int>(history.size()) < trials) {
      const Proposal proposal = ask();
      history.push_back(
          evaluated(benchmark, static_cast<int>(history.size()) + 1, proposal.point, proposal.record));
    }
    next = ask().point;
  }

  Proposal ask() const {
    return solver.ask(benchmark.problem, {history, {}, 1, static_cast<int>(history.size()) + 1, seed})
        .proposals.at(0);
  }
  /// A population that fits into these few evaluations; all else by default.
  static SolverOptions options_of(std::string_view name) {
    return name == "nsga2" ? SolverOptions{{"population", "8"}} : SolverOptions{};
  }
};

Panel surface(const Scene& scene) {
  Panel panel(0, fmt::format("{} after {} evaluations", scene.name, scene.history.size()));
  std::vector<double> values;
  for (std::size_t k = 0; k < scene.grid.size(); k += 2)
    values.push_back(-scene.benchmark.evaluate(std::span(scene.grid).subspan(k, 2)).objectives[0]);
  panel.fill(std::move(values));
  panel.points(scene.history);
  return panel;
}

std::vector<double> believed_mean(const Scene& scene, const BelievedQuantity& held) {
  std::vector<double> mean(scene.grid.size() / 2);
  held.process.posterior(scene.grid, mean, {});
  for (double& value : mean) value = -held.warp.invert(value);
  return mean;
}

Panel belief_panel(const Scene& scene, const Belief& belief) {
  Panel panel(1, "the model's mean");
  panel.fill(believed_mean(scene, belief.objectives[0]));
  panel.points(scene.history);
  return panel;
}

Panel improvement_panel(const Scene& scene, const Evidence& evidence, const Belief& belief) {
  Panel panel(2, "log expected improvement, proposal");
  Promise promise = hypervolume_promise(scene.benchmark.problem,
                                        believed_front(scene.benchmark.problem, evidence, belief, {}));
  if (scene.name == "parego") {
    RandomStream stream(scene.seed, scene.history.size() + 1, "parego-samples");
    const Scalarisation scalarisation = scalarisation_of_rows(evidence, {1.0}, 0.05);
    promise =
        chebyshev_promise(ChebyshevImprovement(scalarisation, best_feasible(evidence, scalarisation),
                                               chebyshev_samples(scene.benchmark.problem, 128, stream)));
  }
  const ImprovementAcquisition improvement(scene.benchmark.problem, belief, promise);
  std::vector<double> values(scene.grid.size() / 2);
  improvement.values(scene.grid, values);
  const double best = *std::max_element(values.begin(), values.end());
  for (double& value : values) value = std::max(value, best - 8.0);  // what is less never matters
  panel.fill(std::move(values));
  panel.proposal(scene.next);
  return panel;
}

/// Trains the agents as the solver does, and draws their rollouts over the reward that they were trained by.
Panel rollout_panel(const Scene& scene, const Evidence& evidence, const Belief& belief, ThreadPool& pool) {
  const Problem& problem = scene.benchmark.problem;
  const TrainingKey key{scene.seed, scene.history.size() + 1};
  RandomStream starts(key.seed, key.trial, "ars-starts"), samples(key.seed, key.trial, "ars-base-samples");
  const Scalarisation scalarisation = scalarisation_of(evidence, {1.0}, false);
  const ArsOptions options;
  const RewardModel rewards(problem, belief, {{scalarisation, best_feasible(evidence, scalarisation)}},
                            draw_base_samples(options.base_samples, 1, samples));
  const PolicyForm form = policy_form(2, options);
  std::vector<Agent> agents = make_agents(
      choose_starts(problem, evidence, scalarisation, options.agents, starts), form, options, key);
  const Trainer trainer(form, rewards, options, key, pool);
  for (int step = 0; step < options.steps; ++step) trainer.step(agents, step, nullptr);
  const VisitedStates visited = roll_out(agents, form, rewards, options);

  Panel panel(2, "reward, five policies' rollouts");
  std::vector<double> states = scene.grid;
  std::vector<float> values(states.size() / 2);
  rewards.score(states, values);
  std::vector<double> shown;
  for (const float value : values) shown.push_back(std::cbrt(value));  // small ones guide too
  panel.fill(std::move(shown));
  const std::size_t of_agent = static_cast<std::size_t>(2 * options.horizon);
  for (std::size_t k = 0; k < agents.size(); ++k)
    panel.walk(agents[k].start, std::span(visited.points).subspan(k * of_agent, of_agent));
  panel.proposal(scene.next);
  return panel;
}

std::vector<RegionBox> boxes_of(const Scene& scene, const Evidence& evidence, const Belief& belief) {
  const Problem& problem = scene.benchmark.problem;
  const std::vector<std::vector<double>> lengthscales{
      belief.objectives[0].process.hyperparameters().lengthscales};
  const std::vector<double> weights = side_weights(lengthscales, 2);
  std::vector<RegionBox> boxes;
  if (scene.name == "turbo") {
    const TurboRegion region = replay_turbo(problem, scene.history, evidence, scene.seed, 0.05);
    if (region.best)
      boxes.push_back(region_box(problem.space, evidence.points[*region.best], region.pace.length, weights));
    return boxes;
  }
  const std::vector<MorboRegion> regions = replay_morbo(problem, scene.history, evidence, 5);
  const auto centres = morbo_centres(problem, scene.history, evidence, regions);
  for (std::size_t k = 0; k < regions.size(); ++k)
    if (centres[k])
      boxes.push_back(region_box(problem.space, evidence.points[*centres[k]], regions[k].pace.length,
                                 std::vector<double>(2, 1.0)));
  return boxes;
}

Panel region_panel(const Scene& scene, const Evidence& evidence, const Belief& belief) {
  Panel panel(2, scene.name == "turbo" ? "its trust region, proposal" : "its trust regions, proposal");
  panel.fill(believed_mean(scene, belief.objectives[0]));
  RandomStream stream(scene.seed, scene.history.size() + 1, "pictures");
  for (const RegionBox& box : boxes_of(scene, evidence, belief)) {
    const std::vector<Point> centre{
        {0.5 * (box.lower[0] + box.upper[0]), 0.5 * (box.lower[1] + box.upper[1])}};
    panel.dots(perturbed_candidates(scene.benchmark.problem, {}, centre, box, 1.0, 100, stream));
    panel.box(box);
  }
  panel.proposal(scene.next);
  return panel;
}

bool any_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string draw(const Scene& scene) {
  std::vector<Panel> panels{surface(scene)};
  constexpr std::string_view kLegend = "squares: the start; circles: later, redder";
  if (any_of(scene.name, {"random", "lhs", "sobol", "nsga2"})) return picture(panels, kLegend);
  ThreadPool pool(1);
  const Evidence evidence(scene.benchmark.problem, scene.history);
  const Belief belief = fit_belief(scene.benchmark.problem, evidence, scene.history, {}, pool);
  panels.push_back(belief_panel(scene, belief));
  if (any_of(scene.name, {"ehvi", "parego"})) panels.push_back(improvement_panel(scene, evidence, belief));
  if (any_of(scene.name, {"ars", "ars-batch"}))
    panels.push_back(rollout_panel(scene, evidence, belief, pool));
  if (any_of(scene.name, {"turbo", "morbo"})) panels.push_back(region_panel(scene, evidence, belief));
  return picture(panels, fmt::format("{}; star: what is tried next; darker: better", kLegend));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "solver_pictures NAME [trials] [seed]\n");
    return 2;
  }
  const int trials = argc > 2 ? std::atoi(argv[2]) : 20;
  fmt::print("{}", draw(Scene(argv[1], trials, argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1)));
}
