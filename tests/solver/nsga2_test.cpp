#include "parsimony/solver/nsga2.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "parsimony/pareto/dominance.hpp"
#include "parsimony/solver/nsga2_population.hpp"
#include "parsimony/solver/nsga2_variation.hpp"
#include "support.hpp"

namespace parsimony::solver {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// ---- ranks
// -----------------------------------------------------------------------------------------------------

/// Definition 1 of Deb et al. 2002, section VI-A, word for word.
bool constrained_dominates(std::span<const double> a, double violation_a, std::span<const double> b,
                           double violation_b) {
  if (violation_a == 0.0 && violation_b > 0.0) return true;
  if (violation_a > 0.0 && violation_b > 0.0) return violation_a < violation_b;
  return violation_a == 0.0 && violation_b == 0.0 && pareto::dominates(a, b);
}

/// Takes away, again and again, the rows that none of the rest dominates.
std::vector<int> ranks_by_peeling(std::span<const double> objectives, std::size_t m,
                                  std::span<const double> violations) {
  std::vector<int> ranks(violations.size(), -1);
  for (int rank = 0; std::count(ranks.begin(), ranks.end(), -1) > 0; ++rank) {
    std::vector<std::size_t> free;
    for (std::size_t a = 0; a < ranks.size(); ++a) {
      bool dominated = ranks[a] >= 0;
      for (std::size_t b = 0; b < ranks.size(); ++b)
        dominated |= ranks[b] < 0 && constrained_dominates(objectives.subspan(b * m, m), violations[b],
                                                           objectives.subspan(a * m, m), violations[a]);
      if (!dominated) free.push_back(a);
    }
    for (const std::size_t row : free) ranks[row] = rank;
  }
  return ranks;
}

TEST(ConstrainedRanks, AreThoseOfPeelingByTheDefinition) {
  RandomStream stream(1, 0, "test");
  const double levels[] = {0.0, 0.0, 0.1, 0.7, kInfinity};
  for (int repeat = 0; repeat < 300; ++repeat) {
    const std::size_t n = stream.below(25), m = 1 + stream.below(4);
    std::vector<double> objectives(n * m), violations(n);
    for (double& value : objectives) value = static_cast<double>(stream.below(6));  // many equal ones
    for (double& value : violations) value = levels[stream.below(5)];
    EXPECT_EQ(constrained_ranks(objectives, static_cast<int>(m), violations),
              ranks_by_peeling(objectives, m, violations));
  }
}

TEST(ConstrainedRanks, OfFeasibleRowsAreThoseOfTheObjectivesAlone) {
  RandomStream stream(8, 0, "test");  // which tests/pareto holds against pagmo's
  for (int repeat = 0; repeat < 100; ++repeat) {
    const std::size_t n = stream.below(60), m = 1 + stream.below(4);
    std::vector<double> objectives(n * m);
    for (double& value : objectives) value = repeat % 2 ? stream.uniform() : 0.25 * stream.below(5);
    EXPECT_EQ(constrained_ranks(objectives, static_cast<int>(m), std::vector<double>(n)),
              pareto::non_dominated_ranks(objectives, static_cast<int>(m)));
  }
}

Trial row(int number, double x, State state, std::vector<double> objectives,
          std::vector<double> constraints = {}) {
  return {number, {x}, state, std::move(objectives), std::move(constraints), "", {}};
}

Problem two_constraints() {
  Problem problem;
  problem.space = space::Space(unit_floats(1));
  problem.objectives = {{"f"}};
  problem.constraints = {{"small"}, {"large"}};
  return problem;
}

TEST(Violations, DependOnNoConstraintsUnit) {
  const std::vector<Trial> history{row(1, 0.1, State::complete, {1.0}, {-1.0, -500.0}),
                                   row(2, 0.2, State::infeasible, {1.0}, {0.01, -500.0}),
                                   row(3, 0.3, State::infeasible, {1.0}, {0.02, 1000.0}),
                                   row(4, 0.4, State::infeasible, {1.0}, {-1.0, 250.0}),
                                   row(5, 0.5, State::failed, {std::nan("")}, {std::nan(""), std::nan("")})};
  const auto violations = violations_of(Evidence(two_constraints(), history));
  EXPECT_EQ(violations[0], 0.0);
  EXPECT_DOUBLE_EQ(violations[1], 0.5);
  EXPECT_DOUBLE_EQ(violations[2], 2.0);
  EXPECT_DOUBLE_EQ(violations[3], 0.25);
  EXPECT_EQ(violations[4], kInfinity);
}

TEST(Violations, OfAnInfeasibleRowAreNeverZero) {
  const std::vector<Trial> history{row(1, 0.1, State::infeasible, {1.0}, {-1.0, 0.0})};
  EXPECT_GT(violations_of(Evidence(two_constraints(), history))[0], 0.0);
}

TEST(Nsga2Population, HoldsTheBestRowsOfAllByCrowdedComparison) {
  RandomStream stream(2, 0, "test");
  for (int repeat = 0; repeat < 60; ++repeat) {
    const Benchmark benchmark = random_benchmark(stream);
    const std::vector<Trial> history = random_history(benchmark, 30, stream);
    const Evidence evidence(benchmark.problem, history);
    const int size = 2 + static_cast<int>(stream.below(40));
    const Population population = population_of(evidence, size);
    const Population all = population_of(evidence, 1000);
    ASSERT_EQ(all.rows.size(), evidence.rows());
    EXPECT_EQ(population.rows.size(), std::min(evidence.rows(), static_cast<std::size_t>(size)));
    const std::set<std::size_t> members(population.rows.begin(), population.rows.end());
    EXPECT_EQ(members.size(), population.rows.size());
    for (std::size_t in = 0; in < evidence.rows(); ++in)
      for (std::size_t out = 0; out < evidence.rows(); ++out)
        EXPECT_FALSE(members.contains(in) && !members.contains(out) && all.better(out, in));
  }
}

// ---- variation
// -------------------------------------------------------------------------------------------------

space::Space mixed_space() {
  return space::Space({space::FloatParameter{"f", -1.0, 2.0}, space::IntegerParameter{"i", 1, 5},
                       space::IntegerParameter{"l", 1, 300, true},
                       space::CategoricalParameter{"c", {"a", "b", "c", "d"}},
                       space::CategoricalParameter{"one", {"only"}}});
}

Point random_point(const space::Space& space, RandomStream& stream) {
  Point point(static_cast<std::size_t>(space.dimension()));
  for (double& coordinate : point) coordinate = stream.below(6) ? stream.uniform() : 0.0;
  return space.snap(point);
}

TEST(Nsga2Child, IsSnappedAndInheritsItsChoicesWhereNothingMutates) {
  const space::Space space = mixed_space();
  RandomStream stream(3, 0, "test");
  Nsga2Options options;
  options.mutation = 1e-300;
  options.crossover = 1.0;
  bool first = false, second = false;
  for (int repeat = 0; repeat < 500; ++repeat) {
    const Point a = random_point(space, stream), b = random_point(space, stream);
    const Point child = child_of(space, a, b, options, stream);
    EXPECT_EQ(space.snap(child), child);
    EXPECT_TRUE(child[3] == a[3] || child[3] == b[3]);
    first |= child[3] == a[3] && a[3] != b[3];
    second |= child[3] == b[3] && a[3] != b[3];
    options.crossover = 0.0;
    EXPECT_EQ(child_of(space, a, b, options, stream), a);
    options.crossover = 1.0;
  }
  EXPECT_TRUE(first && second);
}

TEST(Nsga2Child, ChangesEveryIntegerAndChoiceThatMutates) {
  const space::Space space = mixed_space();
  RandomStream stream(4, 0, "test");
  Nsga2Options options;
  options.mutation = 1.0;
  options.crossover = 0.0;
  options.mutation_eta = 1000.0;  // steps far smaller than a value
  std::set<double> choices;
  for (int repeat = 0; repeat < 500; ++repeat) {
    const Point a = random_point(space, stream);
    const Point child = child_of(space, a, a, options, stream);
    EXPECT_EQ(std::abs(space.cell_at(1, child[1]) - space.cell_at(1, a[1])), 1);
    EXPECT_NE(child[2], a[2]);  // its large values are as narrow as a step
    EXPECT_NE(child[3], a[3]);
    if (a[3] == space.coordinate_of_cell(3, 1)) choices.insert(child[3]);
    EXPECT_EQ(child[4], a[4]);
  }
  EXPECT_EQ(choices.size(), 3u);  // each of the others
}

TEST(Nsga2Child, MutatesOneParameterOnAverage) {
  const space::Space space(unit_floats(8));
  RandomStream stream(5, 0, "test");
  Nsga2Options options;
  options.crossover = 0.0;
  int changes = 0;
  for (int repeat = 0; repeat < 4000; ++repeat) {
    const Point a = random_point(space, stream);
    const Point child = child_of(space, a, a, options, stream);
    for (std::size_t i = 0; i < 8; ++i) changes += child[i] != a[i];
  }
  EXPECT_NEAR(changes / 4000.0, 1.0, 0.08);  // five deviations
}

/// Share of 20,000 children for which `holds`.
template <class Holds>
double share_of(const Point& a, const Point& b, const Nsga2Options& options, Holds holds) {
  const space::Space space(unit_floats(static_cast<int>(a.size())));
  RandomStream stream(6, 0, "test");
  int count = 0;
  for (int repeat = 0; repeat < 20000; ++repeat) count += holds(child_of(space, a, b, options, stream));
  return count / 20000.0;
}

TEST(Nsga2Child, HasTheSpreadOfSimulatedBinaryCrossover) {
  Nsga2Options options;
  options.crossover = 1.0;
  options.crossover_eta = 2.0;
  options.mutation = 1e-300;
  // P(spread factor <= b) is b^(eta + 1) / 2 up to 1; half of the coordinates are not crossed at all.
  const Point a{0.49}, b{0.51};
  const auto spread = [](const Point& child) { return std::abs(child[0] - 0.5) / 0.01; };
  for (const double factor : {0.5, 0.8, 0.95}) {
    const double share = share_of(a, b, options, [&](const Point& child) { return spread(child) <= factor; });
    EXPECT_NEAR(share, 0.25 * std::pow(factor, 3.0), 0.015);
  }
  const double beyond = share_of(a, b, options, [&](const Point& child) { return spread(child) > 2.0; });
  EXPECT_NEAR(beyond, 0.25 / 8.0, 0.007);  // above 1: 1 - b^-(eta + 1) / 2
  const double upper = share_of(a, b, options, [](const Point& child) { return child[0] > 0.5; });
  EXPECT_NEAR(upper, 0.25, 0.015);  // of the crossed ones half; the others stay at the first parent
}

TEST(Nsga2Child, HasTheStepsOfPolynomialMutation) {
  Nsga2Options options;
  options.crossover = 0.0;
  options.mutation = 1.0;
  for (const double x : {0.5, 0.05, 0.98}) {
    // From x down by t or more: ((1 - t)^21 - (1 - x)^21) / (2 (1 - (1 - x)^21)); likewise upwards.
    const auto chance = [](double t, double room) {
      const double stay = std::pow(1.0 - room, 21.0);
      return t > room ? 0.0 : (std::pow(1.0 - t, 21.0) - stay) / (2.0 * (1.0 - stay));
    };
    for (const double t : {0.01, 0.03, 0.1}) {
      const double down = share_of({x}, {x}, options, [&](const Point& c) { return c[0] <= x - t; });
      const double up = share_of({x}, {x}, options, [&](const Point& c) { return c[0] >= x + t; });
      EXPECT_NEAR(down, chance(t, x), 0.018);
      EXPECT_NEAR(up, chance(t, 1.0 - x), 0.018);
    }
  }
}

// ---- the solver
// ------------------------------------------------------------------------------------------------

nlohmann::json record_of(const Answer& answer) {
  return nlohmann::json::parse(answer.proposals.at(0).record);
}

TEST(Nsga2, IsRandomUntilThePopulationIsFullAndThenNamesTheParents) {
  const Benchmark benchmark = dtlz2_benchmark(4, 2);
  const std::vector<Trial> history = run(benchmark, make_solver("nsga2", {{"population", "14"}}), 60, 1);
  for (std::size_t k = 10; k < 60; ++k) {
    const auto record = nlohmann::json::parse(history[k].record);
    EXPECT_EQ(record["origin"], k < 14 ? "random" : "child");
    if (k < 14) continue;
    for (const int parent : record["parents"]) EXPECT_TRUE(parent >= 1 && parent <= static_cast<int>(k));
    EXPECT_NE(record["parents"][0], record["parents"][1]);
  }
}

TEST(Nsga2, DoesNotDependOnTheOrderOfTheRowsNorOnTheirRecords) {
  RandomStream stream(7, 0, "test");
  const Benchmark benchmark = deployment_toy(4);
  std::vector<Trial> history = random_history(benchmark, 40, stream);
  const Answer ordered = make_solver("nsga2").ask(benchmark.problem, {history, {}, 3, 41, 1});
  EXPECT_EQ(record_of(ordered)["origin"], "child");
  std::reverse(history.begin(), history.end());
  for (Trial& trial : history) trial.record = R"({"solver":"another"})";
  EXPECT_TRUE(same(ordered, make_solver("nsga2").ask(benchmark.problem, {history, {}, 3, 41, 1})));
}

TEST(Nsga2, TakesFeasibleParentsWhereThereAreEnough) {
  const Benchmark benchmark = dtlz2_benchmark(3, 2);
  std::vector<Trial> history;
  for (const auto& point : initial_design(benchmark.problem, 60, 1)) {
    history.push_back(evaluated(benchmark, static_cast<int>(history.size()) + 1, point, ""));
    if (history.size() % 3 == 1) history.back().state = State::infeasible;
    if (history.size() % 3 == 2) history.back().state = State::failed;
  }
  const Answer answer =
      make_solver("nsga2", {{"population", "20"}}).ask(benchmark.problem, {history, {}, 40, 61, 1});
  for (const Proposal& proposal : answer.proposals) {
    const auto record = nlohmann::json::parse(proposal.record);
    for (const int parent : record["parents"]) EXPECT_EQ(parent % 3, 0);
  }
}

TEST(Nsga2, PrefersTheBetterOfTwoRowsAsParent) {
  Benchmark benchmark = dtlz2_benchmark(3, 1);
  std::vector<Trial> history;
  for (const auto& point : initial_design(benchmark.problem, 20, 1)) {
    const int number = static_cast<int>(history.size()) + 1;
    history.push_back({number, point, State::complete, {static_cast<double>(number)}, {}, "", {}});
  }
  const Answer answer = make_solver("nsga2").ask(benchmark.problem, {history, {}, 600, 21, 1});
  double sum = 0.0;
  for (const Proposal& proposal : answer.proposals)
    sum += nlohmann::json::parse(proposal.record)["parents"][0].get<double>();
  EXPECT_NEAR(sum / 600.0, 7.175, 1.0);  // mean of the lower of two numbers from 1 to 20; of one: 10.5
}

TEST(Nsga2, BeatsRandomClearly) {  // ten seeds each, 200 evaluations
  for (const Benchmark& benchmark : {dtlz2_benchmark(6, 2), deployment_toy(12)}) {
    double ours = 0.0, random = 0.0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      ours += hypervolume_of(benchmark.problem, run(benchmark, make_solver("nsga2"), 200, seed));
      random += hypervolume_of(benchmark.problem, run(benchmark, make_solver("random"), 200, seed));
    }
    EXPECT_GT(ours, 1.2 * random);
  }
}

}  // namespace
}  // namespace parsimony::solver
