#ifdef PARSIMONY_PAGMO

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <pagmo/utils/hypervolume.hpp>
#include <pagmo/utils/multi_objective.hpp>

#include "parsimony/base/random.hpp"
#include "parsimony/pareto/contributions.hpp"
#include "parsimony/pareto/crowding.hpp"
#include "parsimony/pareto/dominance.hpp"
#include "parsimony/pareto/hypervolume.hpp"

namespace parsimony::pareto {
namespace {

using Rows = std::vector<std::vector<double>>;

Rows random_rows(std::size_t n, std::size_t m, RandomStream& stream) {
  Rows rows(n, std::vector<double>(m));
  for (auto& row : rows)
    for (double& value : row) value = stream.uniform();
  return rows;
}

/// On a sphere no point dominates another.
Rows front_rows(std::size_t n, std::size_t m, RandomStream& stream) {
  Rows rows = random_rows(n, m, stream);
  for (auto& row : rows) {
    const double norm = std::sqrt(std::inner_product(row.begin(), row.end(), row.begin(), 0.0));
    for (double& value : row) value /= norm;
  }
  return rows;
}

/// Many dominated ones, equal ones and equal coordinates.
Rows tied_rows(std::size_t n, std::size_t m, RandomStream& stream) {
  Rows rows(n, std::vector<double>(m));
  for (auto& row : rows)
    for (double& value : row) value = 0.125 * static_cast<double>(stream.below(8));
  return rows;
}

std::vector<double> flat(const Rows& rows) {
  std::vector<double> values;
  for (const auto& row : rows) values.insert(values.end(), row.begin(), row.end());
  return values;
}

TEST(Pagmo, HasTheSameHypervolume) {
  RandomStream stream(1, 0, "test");
  for (std::size_t m = 2; m <= 7; ++m) {
    const Rows rows = front_rows(50, m, stream);
    const std::vector<double> reference(m, 1.1);
    EXPECT_NEAR(hypervolume(flat(rows), reference), pagmo::hypervolume(rows).compute(reference), 1e-11) << m;
  }
}

TEST(Pagmo, HasTheSameHypervolumeOfDominatedAndEqualPoints) {
  RandomStream stream(5, 0, "test");
  for (int repeat = 0; repeat < 60; ++repeat) {
    const std::size_t m = 2 + stream.below(4);
    Rows rows = repeat % 2 ? tied_rows(1 + stream.below(40), m, stream) : random_rows(40, m, stream);
    rows.push_back(rows.front());
    const std::vector<double> reference(m, 1.0 + 0.25 * stream.uniform());
    EXPECT_NEAR(hypervolume(flat(rows), reference), pagmo::hypervolume(rows).compute(reference), 1e-11) << m;
  }
}

TEST(Pagmo, HasTheSameContributions) {
  RandomStream stream(2, 0, "test");
  for (std::size_t m = 2; m <= 5; ++m) {
    const Rows rows = front_rows(30, m, stream);
    const std::vector<double> reference(m, 1.1);
    const std::vector<double> ours = hypervolume_contributions(flat(rows), reference);
    const std::vector<double> theirs = pagmo::hypervolume(rows).contributions(reference);
    for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_NEAR(ours[i], theirs[i], 1e-11) << m;
  }
}

TEST(Pagmo, HasTheSameRanks) {
  RandomStream stream(3, 0, "test");
  for (std::size_t m = 2; m <= 5; ++m) {
    const Rows rows = random_rows(300, m, stream);
    const auto theirs = std::get<3>(pagmo::fast_non_dominated_sorting(rows));
    const std::vector<int> ours = non_dominated_ranks(flat(rows), static_cast<int>(m));
    for (std::size_t i = 0; i < rows.size(); ++i)
      EXPECT_EQ(static_cast<std::size_t>(ours[i]), theirs[i]) << m;
  }
}

TEST(Pagmo, HasTheSameRanksWhereManyAreEqual) {
  RandomStream stream(6, 0, "test");
  for (int repeat = 0; repeat < 40; ++repeat) {
    const std::size_t m = 2 + stream.below(4);
    const Rows rows = tied_rows(2 + stream.below(150), m, stream);
    const auto theirs = std::get<3>(pagmo::fast_non_dominated_sorting(rows));
    const std::vector<int> ours = non_dominated_ranks(flat(rows), static_cast<int>(m));
    for (std::size_t i = 0; i < rows.size(); ++i)
      EXPECT_EQ(static_cast<std::size_t>(ours[i]), theirs[i]) << m;
  }
}

TEST(Pagmo, HasTheSameCrowdingDistances) {
  RandomStream stream(4, 0, "test");
  for (std::size_t m = 2; m <= 4; ++m) {
    const Rows rows = front_rows(40, m, stream);
    const std::vector<double> ours = crowding_distances(flat(rows), static_cast<int>(m));
    const std::vector<double> theirs = pagmo::crowding_distance(rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (std::isinf(theirs[i])) {
        EXPECT_EQ(ours[i], theirs[i]);
      } else {
        EXPECT_NEAR(ours[i], theirs[i], 1e-12);
      }
    }
  }
}

}  // namespace
}  // namespace parsimony::pareto

#endif
