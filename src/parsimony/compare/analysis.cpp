#include "parsimony/compare/analysis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "parsimony/base/errors.hpp"
#include "parsimony/compare/quantiles.hpp"
#include "parsimony/compare/wilcoxon.hpp"

namespace parsimony::compare {
namespace {

/// The curve to the budget: a run that used up its space keeps its last value.
std::vector<double> curve_of(const Run& run, int budget) {
  std::vector<double> curve = run.quality;
  if (run.exhausted && !curve.empty()) curve.resize(static_cast<std::size_t>(budget), curve.back());
  return curve;
}

Band band_of(const std::vector<std::vector<double>>& curves) {
  std::size_t shortest = curves.empty() ? 0 : curves[0].size();
  for (const auto& curve : curves) shortest = std::min(shortest, curve.size());
  Band band;
  for (std::size_t i = 0; i < shortest; ++i) {
    std::vector<double> values;
    for (const auto& curve : curves) values.push_back(curve[i]);
    band.lower.push_back(quantile(values, 0.25));
    band.middle.push_back(quantile(values, 0.5));
    band.upper.push_back(quantile(values, 0.75));
  }
  return band;
}

/// Bootstrap draws depend on what they are for alone, not on what else is compared.
RandomStream bootstrap_stream(int budget, const std::string& purpose) {
  return RandomStream(0, static_cast<std::uint64_t>(budget), "compare-bootstrap/" + purpose);
}

Finals finals_at(const SolverFigures& figures, const std::string& problem, int budget) {
  Finals finals;
  for (const auto& curve : figures.curves) {
    if (curve.size() < static_cast<std::size_t>(budget)) return {};
    finals.values.push_back(curve[static_cast<std::size_t>(budget) - 1]);
  }
  if (finals.values.empty()) return finals;
  finals.middle = median(finals.values);
  RandomStream stream = bootstrap_stream(budget, problem + "/" + figures.solver);
  finals.interval = median_interval(finals.values, stream);
  return finals;
}

void add_times(const std::vector<const Run*>& runs, SolverFigures& figures) {
  std::vector<double> seconds;
  for (const Run* run : runs) seconds.insert(seconds.end(), run->seconds.begin(), run->seconds.end());
  if (seconds.empty()) return;
  figures.seconds_per_ask =
      std::accumulate(seconds.begin(), seconds.end(), 0.0) / static_cast<double>(seconds.size());
  figures.median_seconds = median(seconds);
  figures.largest_seconds = *std::max_element(seconds.begin(), seconds.end());
}

SolverFigures figures_of(const ProblemFigures& problem, std::vector<const Run*> runs) {
  std::sort(runs.begin(), runs.end(), [](const Run* a, const Run* b) { return a->seed < b->seed; });
  SolverFigures figures;
  figures.solver = runs[0]->solver;
  figures.program = runs[0]->program;
  for (const Run* run : runs) {
    if (!figures.seeds.empty() && figures.seeds.back() == run->seed)
      throw InputError(fmt::format("{} on {}, seed {}", run->solver, run->problem, run->seed),
                       "stands in two places: stored and included, or included twice", "one run of each");
    figures.seeds.push_back(run->seed);
    figures.curves.push_back(curve_of(*run, problem.budget));
    figures.exhausted += run->exhausted ? 1 : 0;
  }
  figures.band = band_of(figures.curves);
  for (const int budget : problem.budgets) figures.at.push_back(finals_at(figures, problem.problem, budget));
  add_times(runs, figures);
  return figures;
}

/// Nothing where the two have no seed in common or a run is too short.
std::optional<PairedFigures> pair_of(const std::string& problem, const SolverFigures& a,
                                     const SolverFigures& b, std::size_t which, int budget) {
  const std::vector<double>&of_a = a.at[which].values, &of_b = b.at[which].values;
  if (of_a.empty() || of_b.empty()) return std::nullopt;
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.seeds.size(); ++i)
    for (std::size_t k = 0; k < b.seeds.size(); ++k)
      if (a.seeds[i] == b.seeds[k]) differences.push_back(of_a[i] - of_b[k]);
  if (differences.empty()) return std::nullopt;
  PairedFigures pair;
  pair.a = a.solver;
  pair.b = b.solver;
  pair.seeds = static_cast<int>(differences.size());
  pair.median_difference = median(differences);
  RandomStream stream = bootstrap_stream(budget, problem + "/" + a.solver + "/" + b.solver);
  pair.interval = median_interval(differences, stream);
  const SignedRank test = signed_rank(differences);
  pair.p = test.p;
  pair.exact = test.exact;
  return pair;
}

std::vector<PairedFigures> pairs_at(const ProblemFigures& problem, std::size_t which) {
  std::vector<PairedFigures> pairs;
  for (std::size_t i = 0; i < problem.solvers.size(); ++i)
    for (std::size_t j = i + 1; j < problem.solvers.size(); ++j)
      if (auto pair =
              pair_of(problem.problem, problem.solvers[i], problem.solvers[j], which, problem.budgets[which]))
        pairs.push_back(std::move(*pair));
  return pairs;
}

/// The contest's, then those of other programs as they come.
std::vector<std::string> order_of_solvers(const Contest& contest, const std::vector<Run>& runs) {
  std::vector<std::string> order;
  for (const Contestant& contestant : contest.contestants) order.push_back(contestant.label);
  for (const Run& run : runs)
    if (std::find(order.begin(), order.end(), run.solver) == order.end()) order.push_back(run.solver);
  return order;
}

ProblemFigures frame_of(const Contest& contest, const Arena& arena, const std::vector<int>& budgets) {
  ProblemFigures figures;
  figures.problem = arena.label;
  figures.source = arena.benchmark.source;
  figures.best = arena.benchmark.best;
  figures.least_value = arena.benchmark.problem.objectives.size() == 1;
  for (const auto& objective : arena.benchmark.problem.objectives)
    figures.reference.push_back(objective.reference);
  figures.budget = contest.trials;
  figures.initial = contest.initial;
  figures.seeds = contest.seeds;
  figures.budgets = budgets;
  return figures;
}

}  // namespace

std::vector<int> budgets_of(const Contest& contest, std::vector<int> budgets) {
  for (const int budget : budgets)
    if (budget < 1 || budget > contest.trials)
      throw InputError("--at", fmt::format("is {}", budget), fmt::format("1 … {}", contest.trials));
  budgets.push_back(contest.trials);
  std::sort(budgets.begin(), budgets.end());
  budgets.erase(std::unique(budgets.begin(), budgets.end()), budgets.end());
  return budgets;
}

std::vector<ProblemFigures> analyse(const Contest& contest, const std::vector<Run>& runs,
                                    std::vector<int> budgets) {
  budgets = budgets_of(contest, std::move(budgets));
  const std::vector<std::string> order = order_of_solvers(contest, runs);
  std::vector<ProblemFigures> problems;
  for (const Arena& arena : contest.arenas) {
    ProblemFigures problem = frame_of(contest, arena, budgets);
    for (const std::string& solver : order) {
      std::vector<const Run*> mine;
      for (const Run& run : runs)
        if (run.problem == arena.label && run.solver == solver) mine.push_back(&run);
      if (!mine.empty()) problem.solvers.push_back(figures_of(problem, std::move(mine)));
    }
    for (std::size_t k = 0; k < budgets.size(); ++k) problem.paired.push_back(pairs_at(problem, k));
    problems.push_back(std::move(problem));
  }
  return problems;
}

}  // namespace parsimony::compare
