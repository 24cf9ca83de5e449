#include "parsimony/solver/evidence.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "parsimony/solver/ars_starts.hpp"
#include "parsimony/solver/scalarisation.hpp"
#include "parsimony/surrogate/observations.hpp"
#include "support.hpp"

namespace parsimony::solver {
namespace {

const double kNaN = std::nan("");

Problem two_objectives() {
  Problem problem;
  problem.space = space::Space(unit_floats(2));
  problem.objectives = {{"error", Source::measured, 1.0}, {"rom", Source::computed, 1.0}};
  problem.constraints = {{"c", Source::measured}};
  return problem;
}

Trial row(int number, State state, double error, double rom, double c) {
  return {number, {0.1 * number, 0.5}, state, {error, rom}, {c}, "", {}};
}

TEST(Evidence, GivesFailedRowsTheWorstMeasuredValuesAndTheirExactCosts) {
  const std::vector<Trial> history{row(1, State::complete, 0.2, 0.5, -1.0),
                                   row(2, State::infeasible, 0.7, 0.4, 3.0),
                                   row(3, State::failed, kNaN, 0.1, kNaN)};
  const Evidence evidence(two_objectives(), history);
  EXPECT_EQ(evidence.objectives[2], (std::vector{0.7, 0.1}));
  EXPECT_EQ(evidence.constraints[2], std::vector{3.0});
  EXPECT_EQ(evidence.feasible, std::vector<std::size_t>{0});
  EXPECT_EQ(evidence.infeasible, std::vector<std::size_t>{1});
}

TEST(Evidence, GivesFailedRowsTheReferenceWhereNothingWasMeasured) {
  const Evidence evidence(two_objectives(), std::vector{row(1, State::failed, kNaN, 0.3, kNaN)});
  EXPECT_EQ(evidence.objectives[0], (std::vector{1.0, 0.3}));
  EXPECT_TRUE(evidence.front.empty());
}

TEST(Evidence, CountsNumbersBeyondWhatCanBeModelledAsTheGreatestThatCan) {
  const Evidence evidence(two_objectives(), std::vector{row(1, State::complete, 0.2, 0.5, -1e300),
                                                        row(2, State::complete, 1e200, 0.1, -1.0)});
  EXPECT_EQ(evidence.objectives[1], (std::vector{surrogate::kGreatestOutcome, 0.1}));
  EXPECT_EQ(evidence.constraints[0], std::vector{-surrogate::kGreatestOutcome});
}

TEST(Evidence, GivesValuesThatAreNoNumbersTheWorstMeasuredOnes) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Evidence evidence(two_objectives(), std::vector{row(1, State::complete, 0.2, 0.5, -1.0),
                                                        row(2, State::complete, kNaN, 0.1, -infinity),
                                                        row(3, State::infeasible, -infinity, 0.1, 2.0)});
  EXPECT_EQ(evidence.objectives[1], (std::vector{0.2, 0.1}));
  EXPECT_EQ(evidence.objectives[2], (std::vector{0.2, 0.1}));
  EXPECT_EQ(evidence.constraints[1], std::vector{2.0});
}

TEST(Evidence, CountsDivergedTrainingAsAnOrdinaryRow) {
  const Evidence evidence(two_objectives(), std::vector{row(1, State::complete, 1.0, 0.3, -1.0),
                                                        row(2, State::complete, 0.5, 0.2, -1.0)});
  EXPECT_EQ(evidence.feasible.size(), 2u);
  EXPECT_EQ(evidence.front, std::vector<std::size_t>{1});
}

TEST(Evidence, LeavesUnfinishedRowsOut) {
  std::vector<Trial> history{row(1, State::running, kNaN, 0.3, kNaN), row(2, State::stale, kNaN, 0.3, kNaN)};
  EXPECT_EQ(Evidence(two_objectives(), history).rows(), 0u);
}

TEST(Scalarisation, ScalesByTheFeasibleFrontAndByOneWhereItsRangeIsZero) {
  const std::vector<Trial> history{
      row(1, State::complete, 0.2, 0.5, -1.0), row(2, State::complete, 0.4, 0.3, -1.0),
      row(3, State::complete, 0.9, 0.9, -1.0), row(4, State::infeasible, 0.0, 0.0, 1.0)};
  const Scalarisation scaled = scalarisation_of(Evidence(two_objectives(), history), {0.25, 0.75}, false);
  EXPECT_EQ(scaled.low, (std::vector{0.2, 0.3}));
  EXPECT_DOUBLE_EQ(scaled.range[0], 0.2);
  EXPECT_DOUBLE_EQ(scaled(std::vector{0.3, 0.4}), 0.75 * 0.5 + 0.005 * (0.25 * 0.5 + 0.75 * 0.5));
  const Evidence one(two_objectives(), std::vector{history[0]});
  EXPECT_EQ(scalarisation_of(one, {0.5, 0.5}, false).range, (std::vector{1.0, 1.0}));
  EXPECT_EQ(scalarisation_of(one, {0.5, 0.5}, true).low, (std::vector{0.0, 0.0}));
}

TEST(Scalarisation, BestFeasibleIsTheLeastOfTheFrontOrThatOfOnes) {
  const std::vector<Trial> history{row(1, State::complete, 0.2, 0.5, -1.0),
                                   row(2, State::complete, 0.4, 0.3, -1.0)};
  const Evidence evidence(two_objectives(), history);
  const Scalarisation scaled = scalarisation_of(evidence, {0.25, 0.75}, false);
  EXPECT_DOUBLE_EQ(best_feasible(evidence, scaled), scaled(std::vector{0.4, 0.3}));
  const Evidence none(two_objectives(), {});
  const Scalarisation plain = scalarisation_of(none, {0.25, 0.75}, false);
  EXPECT_DOUBLE_EQ(best_feasible(none, plain), 0.75 + 0.005);
}

TEST(DrawWeights, AreUniformOnTheSimplex) {
  RandomStream stream(1, 0, "test");
  double mean = 0.0, corner = 0.0;
  const int draws = 20000;
  for (int i = 0; i < draws; ++i) {
    const std::vector<double> weights = draw_weights(3, stream);
    EXPECT_NEAR(weights[0] + weights[1] + weights[2], 1.0, 1e-12);
    mean += weights[0] / draws;
    corner += (weights[0] > 0.5) / static_cast<double>(draws);  // a quarter; U(0,1)/sum would give 0.17
  }
  EXPECT_NEAR(mean, 1.0 / 3.0, 0.01);
  EXPECT_NEAR(corner, 0.25, 0.012);
}

TEST(ChooseStarts, TakesTheFrontThenDominatedThenInfeasibleThenRandomPoints) {
  const Problem problem = two_objectives();
  const std::vector<Trial> history{
      row(1, State::complete, 0.9, 0.9, -1.0),  row(2, State::complete, 0.4, 0.3, -1.0),
      row(3, State::complete, 0.5, 0.4, -1.0),  row(4, State::infeasible, 0.1, 0.1, 5.0),
      row(5, State::infeasible, 0.1, 0.1, 2.0), row(6, State::failed, kNaN, 0.1, kNaN)};
  const Evidence evidence(problem, history);
  RandomStream stream(1, 0, "test");
  const std::vector<Point> starts =
      choose_starts(problem, evidence, scalarisation_of(evidence, {0.5, 0.5}, false), 7, stream);
  ASSERT_EQ(starts.size(), 7u);
  const int expected[] = {2, 3, 1, 5, 4};
  for (std::size_t k = 0; k < 5; ++k)
    EXPECT_EQ(starts[k], problem.space.snap(history[static_cast<std::size_t>(expected[k]) - 1].point));
  PointSet different;
  for (const Point& start : starts) EXPECT_TRUE(different.insert(start));
}

TEST(ChooseStarts, TakesMembersOfALargeFrontOnly) {
  const Problem problem = two_objectives();
  std::vector<Trial> history;
  for (int k = 1; k <= 9; ++k) history.push_back(row(k, State::complete, 0.1 * k, 1.0 - 0.1 * k, -1.0));
  history.push_back(row(10, State::complete, 2.0, 2.0, -1.0));
  const Evidence evidence(problem, history);
  RandomStream stream(1, 0, "test");
  const std::vector<Point> starts =
      choose_starts(problem, evidence, scalarisation_of(evidence, {0.5, 0.5}, false), 5, stream);
  EXPECT_EQ(starts.size(), 5u);
  for (const Point& start : starts) EXPECT_NE(start, evidence.points[9]);
}

TEST(ChooseStarts, GivesFewerWhereTheSpaceHasNoMore) {
  Problem problem = two_objectives();
  problem.space = space::Space({space::IntegerParameter{"a", 1, 3}});
  RandomStream stream(1, 0, "test");
  const Evidence none(problem, {});
  EXPECT_EQ(choose_starts(problem, none, scalarisation_of(none, {0.5, 0.5}, false), 5, stream).size(), 3u);
}

TEST(NeighboursOf, AreOneValueAwayInOneParameter) {
  const space::Space space({space::IntegerParameter{"a", 1, 5},
                            space::CategoricalParameter{"b", {"x", "y", "z"}}, space::FloatParameter{"c"}});
  const Point start = space.encode({std::int64_t{1}, std::string("y"), 0.25});
  std::vector<space::Configuration> found;
  for (const Point& point : neighbours_of(space, {start})) {
    EXPECT_EQ(space.snap(point), point);
    found.push_back(space.decode(point));
  }
  ASSERT_EQ(found.size(), 5u);
  EXPECT_EQ(found[0], (space::Configuration{std::int64_t{2}, std::string("y"), 0.25}));
  EXPECT_EQ(std::get<std::string>(found[1][1]), "x");
  EXPECT_EQ(std::get<std::string>(found[2][1]), "z");
  EXPECT_NEAR(std::get<double>(found[3][2]), 0.24, 1e-9);
  EXPECT_NEAR(std::get<double>(found[4][2]), 0.26, 1e-9);
}

}  // namespace
}  // namespace parsimony::solver
