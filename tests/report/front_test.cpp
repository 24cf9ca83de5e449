#include "parsimony/report/front.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "parsimony/base/random.hpp"
#include "parsimony/pareto/hypervolume.hpp"

namespace parsimony::report {
namespace {

using study::State;

Row row_with(int number, std::vector<double> objectives, std::optional<double> cross_entropy = {}) {
  Row row;
  row.number = number;
  row.state = State::complete;
  row.objectives = std::move(objectives);
  if (cross_entropy) {
    row.network.emplace();
    row.network->validation_cross_entropy = cross_entropy;
  }
  return row;
}

/// Rows on a coarse grid (so that equal vectors occur), some of them infeasible or failed.
std::vector<Row> random_rows(std::uint64_t seed, int count, int m) {
  RandomStream stream(seed, 0, "rows");
  std::vector<Row> rows;
  for (int number = 1; number <= count; ++number) {
    std::vector<double> objectives;
    for (int k = 0; k < m; ++k) objectives.push_back(static_cast<double>(stream.below(6)) / 5.0);
    Row row = row_with(number, objectives, static_cast<double>(stream.below(3)));
    const double fate = stream.uniform();
    if (fate < 0.1) row.state = State::infeasible;
    if (fate > 0.9) {
      row.state = State::failed;
      row.objectives[0] = std::numeric_limits<double>::quiet_NaN();
    }
    rows.push_back(row);
  }
  return rows;
}

bool beats(const Row& a, const Row& b) {  // written out, as an oracle
  bool nowhere_above = true, somewhere_below = false;
  for (std::size_t k = 0; k < a.objectives.size(); ++k) {
    nowhere_above = nowhere_above && a.objectives[k] <= b.objectives[k];
    somewhere_below = somewhere_below || a.objectives[k] < b.objectives[k];
  }
  if (!nowhere_above) return false;
  if (somewhere_below) return true;
  const double ca = *a.network->validation_cross_entropy, cb = *b.network->validation_cross_entropy;
  return ca < cb || (ca == cb && a.number < b.number);
}

TEST(FrontOf, HoldsExactlyTheCompleteRowsThatNoneBeats) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const std::vector<Row> rows = random_rows(seed, 40, 2 + static_cast<int>(seed % 3));
    std::vector<int> expected;
    for (const Row& row : rows) {
      if (row.state != State::complete) continue;
      const bool beaten = std::any_of(rows.begin(), rows.end(), [&](const Row& other) {
        return other.state == State::complete && other.number != row.number && beats(other, row);
      });
      if (!beaten) expected.push_back(row.number);
    }
    EXPECT_EQ(front_of(rows, false), expected) << "seed " << seed;
  }
}

TEST(FrontOf, KeepsOfEqualVectorsTheLowerCrossEntropy) {
  EXPECT_EQ(front_of({row_with(1, {0.5, 0.5}, 0.9), row_with(2, {0.5, 0.5}, 0.1)}, false),
            std::vector<int>{2});
}

TEST(FrontOf, KeepsOfEqualVectorsAndCrossEntropiesTheLowerNumber) {
  EXPECT_EQ(front_of({row_with(3, {0.5, 0.5}, 0.1), row_with(4, {0.5, 0.5}, 0.1)}, false),
            std::vector<int>{3});
}

TEST(FrontOf, PrefersAKnownCrossEntropyToNone) {
  EXPECT_EQ(front_of({row_with(1, {0.5, 0.5}), row_with(2, {0.5, 0.5}, 5.0)}, false), std::vector<int>{2});
}

TEST(FrontOf, LooksAtTheNumberAloneWhereAsked) {
  EXPECT_EQ(front_of({row_with(1, {0.5, 0.5}, 0.9), row_with(2, {0.5, 0.5}, 0.1)}, true),
            std::vector<int>{1});
}

TEST(FrontOf, IsEmptyWithoutCompleteRows) {
  EXPECT_TRUE(front_of({}, false).empty());
}

TEST(HypervolumeCurve, NeverFallsAndEndsAtTheVolumeOfAllCompleteRows) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const int m = 2 + static_cast<int>(seed % 3);
    const std::vector<Row> rows = random_rows(seed, 40, m);
    const std::vector<double> reference(static_cast<std::size_t>(m), 1.0);
    const auto curve = hypervolume_curve_of(rows, reference);
    std::vector<double> points;
    for (const Row& row : rows)
      if (row.state == State::complete)
        points.insert(points.end(), row.objectives.begin(), row.objectives.end());
    ASSERT_EQ(curve.size(), rows.size());
    for (std::size_t i = 1; i < curve.size(); ++i) EXPECT_GE(curve[i].second, curve[i - 1].second);
    EXPECT_NEAR(curve.back().second, pareto::hypervolume(points, reference), 1e-12);
  }
}

TEST(HypervolumeCurve, HasAPointForEachEndedRowAndNoneForTheOthers) {
  std::vector<Row> rows = {row_with(1, {0.5, 0.5}), row_with(2, {0.1, 0.1}), row_with(3, {0.2, 0.2})};
  rows[1].state = State::running;
  rows[2].state = State::infeasible;
  const auto curve = hypervolume_curve_of(rows, {1.0, 1.0});
  const std::vector<std::pair<int, double>> expected = {{1, 0.25}, {3, 0.25}};
  EXPECT_EQ(curve, expected);
}

TEST(BestOf, IsTheFrontsHighestAccuracyWithTheLowerCrossEntropyOfTwo) {
  Report report;
  report.has_networks = true;
  report.rows = {row_with(1, {0.1, 0.9}, 0.5), row_with(2, {0.1, 0.8}, 0.2), row_with(3, {0.3, 0.1}, 0.1)};
  report.rows[0].network->validation_accuracy = 0.9;
  report.rows[1].network->validation_accuracy = 0.9;
  report.rows[2].network->validation_accuracy = 0.7;
  report.front = {1, 2, 3};
  EXPECT_EQ(best_of(report, false), 2);
  EXPECT_EQ(best_of(report, true), 1);
}

TEST(BestOf, IsTheLeastFirstObjectiveWithoutNetworks) {
  Report report;
  report.rows = {row_with(1, {0.4, 0.1}), row_with(2, {0.2, 0.3})};
  report.front = {1, 2};
  EXPECT_EQ(best_of(report, false), 2);
}

}  // namespace
}  // namespace parsimony::report
