#include "parsimony/solver/turbo.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

#include "parsimony/solver/ask_basis.hpp"
#include "parsimony/solver/belief_options.hpp"
#include "parsimony/solver/candidates.hpp"
#include "parsimony/solver/trust_region_draw.hpp"
#include "parsimony/solver/turbo_region.hpp"
#include "parsimony/space/sobol.hpp"

namespace parsimony::solver {
namespace {

constexpr std::size_t kChecked = 64;  // candidates whose exact costs are looked at
constexpr int kStartsLookedThrough = 256;

struct Ask : AskBasis {
  const TurboOptions& options;
  std::vector<Trial> rows;
  TurboRegion region;
};

struct Chosen {
  Point point;
  const char* origin = "";
};

/// A point that a later region begins with.
std::optional<Chosen> choose_start(const Ask& ask, std::uint64_t seed) {
  const int d = ask.problem.space.dimension();
  if (d > space::kMostSobolDimensions) return std::nullopt;
  RandomStream stream(seed, static_cast<std::uint64_t>(ask.region.number), "turbo-starts");
  const std::vector<double> points = space::sobol_points(kStartsLookedThrough, d, stream);
  for (std::size_t k = 0; k < kStartsLookedThrough; ++k) {
    Point point = ask.problem.space.snap(
        std::span(points).subspan(k * static_cast<std::size_t>(d), static_cast<std::size_t>(d)));
    if (!ask.known.contains(point) && within_limits(ask.problem, point))
      return Chosen{std::move(point), "start"};
  }
  return std::nullopt;
}

/// Candidates by one draw, best first: without violation by value, the others by violation.
std::vector<std::size_t> ranked(const DrawnOutcomes& drawn, const Scalarisation& scalarisation) {
  const std::size_t m = scalarisation.weights.size(), n = drawn.violation.size();
  std::vector<double> value(n);
  for (std::size_t i = 0; i < n; ++i)
    value[i] = drawn.violation[i] > 0.0 ? drawn.violation[i] : scalarisation(drawn.row(i, m));
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const bool broken_a = drawn.violation[a] > 0.0, broken_b = drawn.violation[b] > 0.0;
    return broken_a != broken_b ? broken_b : value[a] < value[b];
  });
  return order;
}

/// Of the first 64 that are within the limits, the best by exact costs.
std::optional<Chosen> best_of(const Ask& ask, std::span<const double> candidates,
                              const DrawnOutcomes& drawn) {
  const std::size_t d = static_cast<std::size_t>(ask.problem.space.dimension());
  const std::size_t m = ask.problem.objectives.size();
  std::optional<Chosen> best;
  double least = 0.0;
  std::size_t checked = 0;
  for (const std::size_t k : ranked(drawn, ask.region.scalarisation)) {
    if (checked == kChecked || (best && drawn.violation[k] > 0.0)) break;
    const auto found = candidates.subspan(k * d, d);
    Point point(found.begin(), found.end());
    if (!within_limits(ask.problem, point)) continue;
    ++checked;
    const double value = ask.region.scalarisation(with_exact_costs(ask.problem, point, drawn.row(k, m)));
    if (best && !(value < least)) continue;
    least = value;
    best = Chosen{std::move(point), "region"};
  }
  return best;
}

std::optional<Chosen> choose_in_region(const Ask& ask, std::uint64_t seed, std::uint64_t trial) {
  const int d = ask.problem.space.dimension();
  const Point& centre = ask.evidence.points[*ask.region.best];
  std::vector<std::vector<double>> lengthscales;
  for (const BelievedQuantity& held : ask.belief.objectives)
    lengthscales.push_back(held.process.hyperparameters().lengthscales);
  const RegionBox box = region_box(ask.problem.space, centre, ask.region.pace.length,
                                   side_weights(lengthscales, static_cast<std::size_t>(d)));
  RandomStream stream(seed, trial, "turbo-candidates");
  const std::vector<double> candidates =
      perturbed_candidates(ask.problem, ask.known, {&centre, 1}, box, std::min(20.0 / d, 1.0),
                           std::min(100 * d, ask.options.candidates), stream);
  if (candidates.empty()) return std::nullopt;
  const Belief believing = ask.pending.empty() ? Belief{} : ask.belief.believing(ask.pending);
  const DrawnOutcomes drawn =
      draw_outcomes(ask.problem, ask.pending.empty() ? ask.belief : believing, candidates, seed, trial, 0);
  return best_of(ask, candidates, drawn);
}

std::optional<Proposal> propose(const Ask& ask, std::uint64_t seed, std::uint64_t trial) {
  const TurboRegion& region = ask.region;
  std::optional<Chosen> chosen;
  if (region.number > 0 && region.rows < turbo_starts(ask.problem.space.dimension())) {
    chosen = choose_start(ask, seed);
  } else if (region.best) {
    chosen = choose_in_region(ask, seed, trial);
  }
  if (!chosen) {  // counts as the region's all the same: where its box is used up it shrinks and ends
    RandomStream stream(seed, trial, "turbo-random");
    std::optional<Point> point = find_point(ask.problem, ask.known, ask.evidence.points, stream);
    if (!point) return std::nullopt;
    chosen = Chosen{std::move(*point), "random"};
  }
  nlohmann::json record = {{"solver", "turbo"},
                           {"origin", chosen->origin},
                           {"region", region.number},
                           {"length", region.pace.length},
                           {"successes", region.pace.successes},
                           {"failures", region.pace.failures},
                           {"weights", region.scalarisation.weights}};
  if (ask.evidence.rows() > 0) record["fit"] = nlohmann::json::parse(belief_as_json(ask.problem, ask.belief));
  return Proposal{std::move(chosen->point), record.dump()};
}

}  // namespace

void TurboOptions::validate() const {
  expect_within("rho", rho, 0.0, 1.0);
  expect_within("candidates", candidates, 1, 10000);
  expect_within("threads", threads, 0, 1024);
}

std::vector<std::string> turbo_option_names() {
  return {"kernel", "warp", "lengthscales", "noise", "rho", "candidates", "threads"};
}

TurboOptions parse_turbo_options(const SolverOptions& options) {
  const OptionReader reader(options, turbo_option_names());
  TurboOptions result;
  read_belief_options(reader, result.belief);
  reader.read("rho", result.rho);
  reader.read("candidates", result.candidates);
  reader.read("threads", result.threads);
  result.validate();
  return result;
}

TurboSolver::TurboSolver(const TurboOptions& options) : options_(options) {
  options_.validate();
}

Answer TurboSolver::ask(const Problem& problem, const Question& question) const {
  ThreadPool pool(thread_count(options_.threads));
  std::vector<Trial> rows = finished_rows(question.history);
  Evidence evidence(problem, rows);
  TurboRegion region = replay_turbo(problem, rows, evidence, question.seed, options_.rho);
  Ask ask{{problem, question, std::move(evidence), options_.belief, pool},
          options_,
          std::move(rows),
          std::move(region)};
  return propose_in_turn(ask, question, [&](int trial) {
    return propose(ask, question.seed, static_cast<std::uint64_t>(trial));
  });
}

}  // namespace parsimony::solver
