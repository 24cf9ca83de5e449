#include "parsimony/pareto/k_means.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace parsimony::pareto {
namespace {

TEST(KMeansRepresentatives, AreKDifferentMembers) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 200; ++repeat) {
    const int n = 1 + static_cast<int>(stream.below(40)), k = static_cast<int>(stream.below(10));
    std::vector<double> points(static_cast<std::size_t>(2 * n));
    for (double& value : points) value = static_cast<double>(stream.below(4));  // many equal points
    const std::vector<int> chosen = k_means_representatives(points, 2, k, stream);
    EXPECT_EQ(chosen.size(), static_cast<std::size_t>(std::min(n, k)));
    EXPECT_EQ(std::set(chosen.begin(), chosen.end()).size(), chosen.size());
    EXPECT_TRUE(std::is_sorted(chosen.begin(), chosen.end()));
    for (const int index : chosen) EXPECT_TRUE(index >= 0 && index < n);
  }
}

TEST(KMeansRepresentatives, TakeOneOfEachSeparateGroup) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RandomStream stream(seed, 0, "test");
    std::vector<double> points;
    for (int group = 0; group < 4; ++group)
      for (int i = 0; i < 10; ++i) {
        points.push_back(10.0 * group + 0.01 * stream.uniform());
        points.push_back(-10.0 * group + 0.01 * stream.uniform());
      }
    std::set<int> groups;
    for (const int index : k_means_representatives(points, 2, 4, stream)) groups.insert(index / 10);
    EXPECT_EQ(groups.size(), 4u);
  }
}

TEST(KMeansRepresentatives, DependOnTheKeyAlone) {
  RandomStream data(1, 0, "data"), one(5, 0, "a"), same(5, 0, "a");
  std::vector<double> points(300);
  for (double& value : points) value = data.uniform();
  EXPECT_EQ(k_means_representatives(points, 3, 5, one), k_means_representatives(points, 3, 5, same));
}

}  // namespace
}  // namespace parsimony::pareto
