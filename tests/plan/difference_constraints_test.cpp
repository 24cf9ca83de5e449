#include "parsimony/plan/difference_constraints.hpp"

#include <gtest/gtest.h>

#include "parsimony/base/random.hpp"

namespace parsimony::plan {
namespace {

struct Constraint {
  std::int32_t from, to;
  std::int64_t distance;
};

/// Longest paths by as many rounds as there are values; empty when there is no solution under `most`.
std::vector<std::int64_t> least_solution(std::size_t n, std::int64_t most,
                                         const std::vector<Constraint>& all) {
  std::vector<std::int64_t> least(n, 0);
  for (std::size_t round = 0; round <= n; ++round)
    for (const Constraint& c : all)
      least[static_cast<std::size_t>(c.to)] = std::max(least[static_cast<std::size_t>(c.to)],
                                                       least[static_cast<std::size_t>(c.from)] + c.distance);
  for (const Constraint& c : all)
    if (least[static_cast<std::size_t>(c.to)] < least[static_cast<std::size_t>(c.from)] + c.distance)
      return {};
  for (const std::int64_t value : least)
    if (value > most) return {};
  return least;
}

/// The greatest values that any solution gives: the least solution upside down.
std::vector<std::int64_t> greatest_solution(std::size_t n, std::int64_t most, std::vector<Constraint> all) {
  for (Constraint& c : all) std::swap(c.from, c.to);
  std::vector<std::int64_t> values = least_solution(n, most, all);
  for (std::int64_t& value : values) value = most - value;
  return values;
}

TEST(DifferenceConstraints, AreTheLongestPathsAndComeBackOnUndo) {
  int without_solution = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    RandomStream random(seed, 0, "constraints");
    const std::size_t n = 2 + random.below(6);
    const std::int64_t most = 40;
    DifferenceConstraints constraints(std::vector<std::int64_t>(n, most));
    std::vector<Constraint> all;
    std::vector<std::pair<std::size_t, std::vector<std::int64_t>>> marks;
    while (all.size() < 12) {
      marks.emplace_back(constraints.mark(), constraints.solution());
      all.push_back({static_cast<std::int32_t>(random.below(n)), static_cast<std::int32_t>(random.below(n)),
                     static_cast<std::int64_t>(random.below(24)) - 12});
      if (all.back().from == all.back().to) all.back().distance = 0;
      const bool holds = constraints.add(all.back().from, all.back().to, all.back().distance);
      const std::vector<std::int64_t> expected = least_solution(n, most, all);
      ASSERT_EQ(holds, !expected.empty()) << seed;
      if (!holds) break;
      EXPECT_EQ(constraints.solution(), expected) << seed;
      const std::vector<std::int64_t> greatest = greatest_solution(n, most, all);
      for (std::int32_t k = 0; k < static_cast<std::int32_t>(n); ++k)
        EXPECT_EQ(constraints.most(k), greatest[static_cast<std::size_t>(k)]) << seed;
    }
    without_solution += all.size() < 12 ? 1 : 0;
    for (; !marks.empty(); marks.pop_back()) {
      constraints.undo_to(marks.back().first);
      EXPECT_EQ(constraints.solution(), marks.back().second);
    }
  }
  EXPECT_GT(without_solution, 50);
}

}  // namespace
}  // namespace parsimony::plan
