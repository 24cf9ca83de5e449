#include "parsimony/solver/morbo.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

#include "parsimony/solver/belief_options.hpp"
#include "parsimony/solver/candidates.hpp"
#include "parsimony/solver/morbo_choice.hpp"
#include "parsimony/solver/morbo_region.hpp"

namespace parsimony::solver {
namespace {

/// What all proposals of one ask share.
struct Ask {
  const Problem& problem;
  const MorboOptions& options;
  std::span<const Trial> history;
  std::vector<Trial> rows;
  Evidence evidence;
  std::vector<MorboRegion> regions;
  std::vector<std::optional<std::size_t>> centres;
  std::map<std::vector<std::size_t>, Belief>
      beliefs;                                  // by the rows that they are of, without the pending points
  std::vector<std::vector<std::size_t>> local;  // [regions] keys of beliefs
  PointSet known;
  std::vector<double> pending;  // [k, d]
  ThreadPool& pool;
};

struct Chosen {
  WorthyPoint best;
  std::size_t region;
  const char* origin;
};

double distance(std::span<const double> a, std::span<const double> b) {
  double greatest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) greatest = std::max(greatest, std::abs(a[i] - b[i]));
  return greatest;
}

std::vector<std::size_t> all_rows(const Ask& ask) {
  std::vector<std::size_t> rows(ask.rows.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

/// The rows within twice the region's length, at least 2d and 10 of them: ascending.
std::vector<std::size_t> local_rows(const Ask& ask, const Point& centre, double length) {
  const std::vector<double> even(centre.size(), 1.0);
  const RegionBox box = region_box(ask.problem.space, centre, 2.0 * length, even);
  std::vector<std::size_t> order = all_rows(ask);
  const auto inside = [&](std::size_t row) { return box.holds(ask.problem.space, ask.evidence.points[row]); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const bool in_a = inside(a), in_b = inside(b);
    if (in_a != in_b) return in_a;
    return !in_a && distance(ask.evidence.points[a], centre) < distance(ask.evidence.points[b], centre);
  });
  const auto within = static_cast<std::size_t>(std::count_if(order.begin(), order.end(), inside));
  order.resize(std::min(order.size(), std::max({within, 2 * centre.size(), std::size_t{10}})));
  std::sort(order.begin(), order.end());
  return order;
}

/// The belief of these rows, fitted once.
void believe(Ask& ask, const std::vector<std::size_t>& rows) {
  if (ask.beliefs.contains(rows)) return;
  std::vector<Trial> trials;
  for (const std::size_t row : rows) trials.push_back(ask.rows[row]);
  ask.beliefs.emplace(rows, fit_belief(ask.problem, Evidence(ask.problem, trials), ask.history,
                                       ask.options.belief, ask.pool));
}

/// min(20/d, 1), falling to its half over 1000 rows.
double perturbation_probability(const Ask& ask) {
  const double rows = static_cast<double>(ask.rows.size());
  const double share = std::min(1.0, std::log(1.0 + rows) / std::log(1000.0));
  return std::min(1.0, 20.0 / ask.problem.space.dimension()) * (1.0 - 0.5 * share);
}

/// Front points in the box and the centre: what candidates are made from.
std::vector<Point> bases_in(const Ask& ask, const RegionBox& box, std::size_t centre) {
  std::vector<Point> bases{ask.evidence.points[centre]};
  for (const std::size_t row : ask.evidence.front)
    if (row != centre && box.holds(ask.problem.space, ask.evidence.points[row]))
      bases.push_back(ask.evidence.points[row]);
  return bases;
}

std::vector<double> front_of(const Ask& ask) {
  std::vector<double> front;
  for (const std::size_t row : ask.evidence.front)
    front.insert(front.end(), ask.evidence.objectives[row].begin(), ask.evidence.objectives[row].end());
  return front;
}

/// The candidates and the pending points by one draw.
std::optional<WorthyPoint> choose_among(const Ask& ask, std::vector<double> points, const Belief& belief,
                                        const std::vector<double>* front,
                                        const HypervolumeScalarisation& scalarisation, std::uint64_t seed,
                                        std::uint64_t trial, std::size_t region) {
  const std::size_t count = points.size() / static_cast<std::size_t>(ask.problem.space.dimension());
  if (count == 0) return std::nullopt;
  points.insert(points.end(), ask.pending.begin(), ask.pending.end());
  const DrawnOutcomes drawn = draw_outcomes(ask.problem, belief, points, seed, trial, region);
  return choose_by_draw(ask.problem, points, count, drawn, front, scalarisation);
}

std::optional<WorthyPoint> choose_in_region(const Ask& ask, std::size_t region,
                                            const std::vector<double>& front,
                                            const HypervolumeScalarisation& scalarisation, std::uint64_t seed,
                                            std::uint64_t trial) {
  if (!ask.centres[region]) return std::nullopt;
  const std::size_t centre = *ask.centres[region];
  const std::vector<double> even(ask.evidence.points[centre].size(), 1.0);
  const RegionBox box =
      region_box(ask.problem.space, ask.evidence.points[centre], ask.regions[region].pace.length, even);
  RandomStream stream(seed, trial, "morbo-candidates", region);
  return choose_among(ask,
                      perturbed_candidates(ask.problem, ask.known, bases_in(ask, box, centre), box,
                                           perturbation_probability(ask), ask.options.candidates, stream),
                      ask.beliefs.at(ask.local[region]), &front, scalarisation, seed, trial, region);
}

/// The best of all regions.
std::optional<Chosen> choose_over_regions(const Ask& ask, std::uint64_t seed, std::uint64_t trial) {
  RandomStream direction(seed, trial, "morbo-direction");
  const HypervolumeScalarisation scalarisation(ask.problem, ask.evidence, direction);
  const std::vector<double> front = front_of(ask);
  std::vector<std::optional<WorthyPoint>> found(ask.regions.size());
  ask.pool.for_each_chunk(static_cast<std::int64_t>(found.size()), [&](std::int64_t chunk) {
    const auto region = static_cast<std::size_t>(chunk);
    found[region] = choose_in_region(ask, region, front, scalarisation, seed, trial);
  });
  std::optional<Chosen> best;
  for (std::size_t region = 0; region < found.size(); ++region)
    if (found[region] && (!best || found[region]->worth.better_than(best->best.worth)))
      best = Chosen{std::move(*found[region]), region, "region"};
  return best;
}

/// Where the region restarts: the best point of the whole space by a random scalarisation of one draw.
std::optional<Chosen> choose_restart(const Ask& ask, std::size_t region, std::uint64_t seed,
                                     std::uint64_t trial) {
  const auto d = static_cast<std::size_t>(ask.problem.space.dimension());
  RandomStream direction(seed, trial, "morbo-restart");
  const HypervolumeScalarisation scalarisation(ask.problem, ask.evidence, direction);
  const RegionBox whole{std::vector<double>(d, 0.0), std::vector<double>(d, 1.0),
                        std::vector<double>(d, 1.0)};
  RandomStream stream(seed, trial, "morbo-candidates", region);
  auto best = choose_among(ask,
                           perturbed_candidates(ask.problem, ask.known, ask.evidence.points, whole, 1.0,
                                                ask.options.candidates, stream),
                           ask.beliefs.at(all_rows(ask)), nullptr, scalarisation, seed, trial, region);
  if (!best) return std::nullopt;
  return Chosen{std::move(*best), region, "restart"};
}

std::optional<Chosen> choose(const Ask& ask, std::uint64_t seed, std::uint64_t trial) {
  if (!ask.rows.empty()) {
    for (std::size_t region = 0; region < ask.regions.size(); ++region)
      if (ask.regions[region].members.empty())
        if (auto chosen = choose_restart(ask, region, seed, trial)) return chosen;
    if (auto chosen = choose_over_regions(ask, seed, trial)) return chosen;
  }
  RandomStream stream(seed, trial, "morbo-random");
  std::optional<Point> point = find_point(ask.problem, ask.known, ask.evidence.points, stream);
  if (!point) return std::nullopt;
  // One region after another answers for it, so that used-up boxes shrink and their regions restart.
  return Chosen{{std::move(*point), {}}, static_cast<std::size_t>(trial) % ask.regions.size(), "random"};
}

Proposal proposal_of(const Ask& ask, Chosen chosen) {
  const MorboRegion& region = ask.regions[chosen.region];
  nlohmann::json record = {{"solver", "morbo"},
                           {"origin", chosen.origin},
                           {"region", chosen.region},
                           {"life", region.life},
                           {"length", region.pace.length},
                           {"successes", region.pace.successes},
                           {"failures", region.pace.failures}};
  if (!ask.rows.empty())
    record["fit"] =
        nlohmann::json::parse(belief_as_json(ask.problem, ask.beliefs.at(ask.local[chosen.region])));
  return {std::move(chosen.best.point), record.dump()};
}

/// Fits what the regions need.
void prepare(Ask& ask) {
  for (std::size_t region = 0; region < ask.regions.size(); ++region) {
    ask.local.push_back(ask.centres[region] ? local_rows(ask, ask.evidence.points[*ask.centres[region]],
                                                         ask.regions[region].pace.length)
                                            : all_rows(ask));
    if (!ask.rows.empty()) believe(ask, ask.local.back());
  }
}

}  // namespace

void MorboOptions::validate() const {
  expect_within("regions", regions, 1, 100);
  expect_within("candidates", candidates, 1, 10000);
  expect_within("threads", threads, 0, 1024);
}

std::vector<std::string> morbo_option_names() {
  return {"kernel", "warp", "lengthscales", "noise", "regions", "candidates", "threads"};
}

MorboOptions parse_morbo_options(const SolverOptions& options) {
  const OptionReader reader(options, morbo_option_names());
  MorboOptions result;
  read_belief_options(reader, result.belief);
  reader.read("regions", result.regions);
  reader.read("candidates", result.candidates);
  reader.read("threads", result.threads);
  result.validate();
  return result;
}

MorboSolver::MorboSolver(const MorboOptions& options) : options_(options) {
  options_.validate();
}

Answer MorboSolver::ask(const Problem& problem, const Question& question) const {
  ThreadPool pool(thread_count(options_.threads));
  std::vector<Trial> rows = finished_rows(question.history);
  Evidence evidence(problem, rows);
  Ask ask{problem,
          options_,
          question.history,
          std::move(rows),
          std::move(evidence),
          {},
          {},
          {},
          {},
          known_points(problem, question),
          {},
          pool};
  ask.regions = replay_morbo(problem, ask.rows, ask.evidence, options_.regions);
  ask.centres = morbo_centres(problem, ask.rows, ask.evidence, ask.regions);
  prepare(ask);
  const auto expect = [&ask](const Point& point) {
    ask.pending.insert(ask.pending.end(), point.begin(), point.end());
  };
  for (const Point& point : pending_points(problem, question)) expect(point);
  Answer answer;
  for (int k = 0; k < question.count; ++k) {
    auto chosen = choose(ask, question.seed, static_cast<std::uint64_t>(question.first_trial + k));
    answer.exhausted = !chosen;
    if (!chosen) break;
    ask.known.insert(chosen->best.point);
    expect(chosen->best.point);
    answer.proposals.push_back(proposal_of(ask, std::move(*chosen)));
  }
  return answer;
}

}  // namespace parsimony::solver
