#include "parsimony/solver/morbo.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "parsimony/base/errors.hpp"
#include "parsimony/pareto/boxes.hpp"
#include "parsimony/solver/morbo_choice.hpp"
#include "parsimony/solver/morbo_region.hpp"
#include "support.hpp"

namespace parsimony::solver {
namespace {

using nlohmann::json;

const SolverOptions kQuick{{"threads", "1"}, {"candidates", "200"}};

/// Two measured objectives of one float with reference 10; rows of these regions and lives (−1: of none).
struct Replayed {
  Problem problem;
  std::vector<Trial> rows;

  Replayed() {
    problem.space = space::Space(unit_floats(1));
    problem.objectives = {{"f0", Source::measured, 10.0}, {"f1", Source::measured, 10.0}};
  }
  void add(int region, int life, std::vector<double> objectives, State state = State::complete,
           std::vector<double> constraints = {}) {
    const int number = static_cast<int>(rows.size()) + 1;
    const json record{{"solver", "morbo"}, {"region", region}, {"life", life}};
    rows.push_back({number,
                    {0.001 * number},
                    state,
                    std::move(objectives),
                    std::move(constraints),
                    region < 0 ? "" : record.dump(),
                    {}});
  }
  std::vector<MorboRegion> regions() const { return replay_morbo(problem, rows, Evidence(problem, rows), 5); }
  std::vector<std::optional<std::size_t>> centres() const {
    return morbo_centres(problem, rows, Evidence(problem, rows), regions());
  }
};

TEST(MorboRegion, CountsAGainOfHypervolumeAboveAThousandthForTheRegionThatProposedIt) {
  Replayed replayed;
  replayed.add(-1, 0, {5.0, 5.0});        // 25
  replayed.add(2, 0, {5.0 - 1e-3, 5.0});  // a gain of 0.005
  replayed.add(2, 0, {6.0, 6.0});         // none
  replayed.add(1, 0, {4.0, 4.0});
  replayed.add(-1, 0, {3.0, 3.0});
  const std::vector<MorboRegion> regions = replayed.regions();
  EXPECT_EQ(regions[2].pace.failures, 2);
  EXPECT_EQ(regions[1].pace.successes, 1);
  EXPECT_EQ(regions[0].pace.successes + regions[0].pace.failures, 0);
}

TEST(MorboRegion, HalvesAfterItsToleranceAndRestartsBelowTheLeastLength) {
  EXPECT_EQ(morbo_rules(6).failures, 10);
  EXPECT_EQ(morbo_rules(60).failures, 20);
  Replayed replayed;
  replayed.add(-1, 0, {1.0, 1.0});
  for (int k = 0; k < 10; ++k) replayed.add(3, 0, {5.0, 5.0});
  EXPECT_EQ(replayed.regions()[3].pace.length, 0.4);
  for (int k = 0; k < 59; ++k) replayed.add(3, 0, {5.0, 5.0});  // 0.8/2⁷ is below 0.01
  EXPECT_EQ(replayed.regions()[3].life, 0);
  replayed.add(3, 0, {5.0, 5.0});
  MorboRegion region = replayed.regions()[3];
  EXPECT_EQ(region.life, 1);
  EXPECT_EQ(region.pace.length, 0.8);
  EXPECT_TRUE(region.members.empty());
  EXPECT_FALSE(replayed.centres()[3]);
  replayed.add(3, 0, {5.0, 5.0});  // late
  replayed.add(3, 1, {7.0, 7.0});  // its restart
  region = replayed.regions()[3];
  EXPECT_EQ(region.pace.failures, 0);
  EXPECT_EQ(region.members, std::vector<std::size_t>{replayed.rows.size() - 1});
  EXPECT_EQ(replayed.centres()[3], replayed.rows.size() - 1);
}

TEST(MorboRegion, BeforeTheReferenceIsReachedComingNearerIsASuccess) {
  Replayed replayed;
  replayed.problem.constraints = {{"c", Source::measured}};
  replayed.add(0, 0, {1.0, 1.0}, State::infeasible, {3.0});
  replayed.add(0, 0, {1.0, 1.0}, State::infeasible, {2.0});
  EXPECT_EQ(replayed.regions()[0].pace.successes, 2);
  replayed.add(1, 0, {20.0, 5.0}, State::complete, {-1.0});
  replayed.add(1, 0, {15.0, 5.0}, State::complete, {-1.0});
  EXPECT_EQ(replayed.regions()[1].pace.successes, 2);
  replayed.add(0, 0, {1.0, 1.0}, State::infeasible, {1.0});
  replayed.add(0, 0, {1.0, 1.0}, State::failed, {1.0});
  EXPECT_EQ(replayed.regions()[0].pace.failures, 2);
}

TEST(MorboCentres, AreDifferentRowsOfLargestContribution) {
  Replayed replayed;
  replayed.add(-1, 0, {9.0, 9.0});  // dominated
  replayed.add(-1, 0, {1.0, 8.0});
  replayed.add(-1, 0, {2.0, 3.0});
  replayed.add(-1, 0, {7.0, 1.0});
  const auto centres = replayed.centres();
  EXPECT_EQ(centres[0], 2u);
  EXPECT_EQ(centres[1], 3u);
  EXPECT_EQ(centres[2], 1u);
  EXPECT_EQ(centres[3], 0u);
  EXPECT_EQ(centres[4], 2u) << "shared where rows are too few";
}

TEST(MorboChoice, IsTheCandidateOfLargestImprovementOverFrontAndPendingDraws) {
  const Problem problem = Replayed().problem;
  const Evidence evidence(problem, {});
  RandomStream stream(1, 0, "test");
  const HypervolumeScalarisation scalarisation(problem, evidence, stream);
  const std::vector<double> points{0.1, 0.2, 0.3, 0.4};
  DrawnOutcomes drawn{{1.0, 9.0, 5.0, 5.0, 0.0, 0.0, 4.0, 4.0}, {0.0, 0.0, 0.5, 0.0}};
  const std::vector<double> front{6.0, 6.0};
  const auto best = choose_by_draw(problem, points, 4, drawn, &front, scalarisation);
  EXPECT_EQ(best->point, std::vector{0.4});
  EXPECT_NEAR(best->worth.gain, 36.0 - 16.0, 1e-12);
  const auto beside = choose_by_draw(problem, points, 3, drawn, &front, scalarisation);
  EXPECT_EQ(beside->point, std::vector{0.1}) << "(5, 5) is behind the pending (4, 4)";
  EXPECT_NEAR(beside->worth.gain, 3.0, 1e-12);
  drawn.violation = {2.0, 1.0, 3.0, 0.0};
  EXPECT_EQ(choose_by_draw(problem, points, 3, drawn, &front, scalarisation)->point, std::vector{0.2});
}

TEST(Morbo, RecordsOfARunAreThoseOfTheReplayAndProposalsLieInTheBoxOfTheirRegion) {
  const Benchmark benchmark = dtlz2_benchmark(4, 2);
  const std::vector<Trial> history = run(benchmark, make_solver("morbo", kQuick), 45, 1);
  std::set<int> used;
  for (std::size_t k = 10; k < history.size(); ++k) {
    const json record = json::parse(history[k].record);
    const std::vector<Trial> before(history.begin(), history.begin() + static_cast<std::ptrdiff_t>(k));
    const Evidence evidence(benchmark.problem, before);
    const auto regions = replay_morbo(benchmark.problem, before, evidence, 5);
    const auto region = record["region"].get<std::size_t>();
    used.insert(static_cast<int>(region));
    EXPECT_EQ(record["length"], regions[region].pace.length);
    EXPECT_EQ(record["life"], regions[region].life);
    if (record["origin"] != "region") continue;
    const auto centre = *morbo_centres(benchmark.problem, before, evidence, regions)[region];
    const RegionBox box = region_box(benchmark.problem.space, before[centre].point,
                                     regions[region].pace.length, std::vector<double>(4, 1.0));
    EXPECT_TRUE(box.holds(benchmark.problem.space, history[k].point));
  }
  EXPECT_GE(used.size(), 2u);
}

TEST(Morbo, RestartsARegionThatHasEnded) {
  Benchmark benchmark = dtlz2_benchmark(2, 2);
  std::vector<Trial> history = run(benchmark, make_solver("random"), 80, 1);
  for (std::size_t k = 10; k < history.size(); ++k) {
    history[k].objectives = {5.0, 5.0};  // seventy failures of region 1
    history[k].record = R"({"solver": "morbo", "region": 1, "life": 0})";
  }
  const Answer answer = make_solver("morbo", kQuick).ask(benchmark.problem, {history, {}, 1, 81, 1});
  const json record = json::parse(answer.proposals[0].record);
  EXPECT_EQ(record["origin"], "restart");
  EXPECT_EQ(record["region"], 1);
  EXPECT_EQ(record["life"], 1);
}

TEST(Morbo, ImprovesMoreThanRandomPoints) {
  const Benchmark benchmark = dtlz2_benchmark(6, 2);  // 0.4246 at most, of which random points find 0.15
  EXPECT_GT(hypervolume_of(benchmark.problem, run(benchmark, make_solver("morbo", kQuick), 60, 2)), 0.25);
}

TEST(Morbo, RefusesOptionsOutOfRange) {
  EXPECT_THROW(make_solver("morbo", {{"regions", "0"}}), InputError);
  EXPECT_THROW(make_solver("morbo", {{"candidates", "0"}}), InputError);
  EXPECT_THROW(make_solver("morbo", {{"threads", "-1"}}), InputError);
}

}  // namespace
}  // namespace parsimony::solver
