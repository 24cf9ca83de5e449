#include "parsimony/pareto/contributions.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "parsimony/base/random.hpp"
#include "parsimony/pareto/hypervolume.hpp"

namespace parsimony::pareto {
namespace {

TEST(HypervolumeContributions, AreWhatIsLostWithoutThePoint) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 300; ++repeat) {
    const std::size_t m = 1 + stream.below(5);
    const std::uint64_t levels = stream.below(2) ? 0 : 2 + stream.below(6);
    std::vector<double> points(stream.below(25) * m);
    for (double& value : points)
      value = levels ? static_cast<double>(stream.below(levels + 1)) / static_cast<double>(levels)
                     : stream.uniform(0.0, 1.1);
    const std::vector<double> reference(m, 1.0);
    const double whole = hypervolume(points, reference);
    const std::vector<double> contributions = hypervolume_contributions(points, reference);
    ASSERT_EQ(contributions.size() * m, points.size());
    for (std::size_t i = 0; i < contributions.size(); ++i) {
      std::vector<double> rest = points;
      const auto begin = rest.begin() + static_cast<std::ptrdiff_t>(i * m);
      rest.erase(begin, begin + static_cast<std::ptrdiff_t>(m));
      EXPECT_NEAR(contributions[i], whole - hypervolume(rest, reference), 1e-12) << "m " << m;
    }
  }
}

TEST(HypervolumeContributions, AreZeroForDominatedEqualAndOutsidePoints) {
  const double nan = std::nan("");
  const std::vector<double> points{0.25, 0.25, 0.25, 0.25, 0.5, 0.25, 0.5, 1.0, 0.0, nan, 0.125, 0.5};
  EXPECT_EQ(hypervolume_contributions(points, std::vector{1.0, 1.0}),
            (std::vector{0.0, 0.0, 0.0, 0.0, 0.0, 0.0625}));
}

TEST(HypervolumeContributions, AreExactForATinyPointBesideALargeOne) {
  const double step = std::ldexp(1.0, -40);
  const std::vector<double> points{0.0, step, step, 0.0};
  const std::vector<double> expected(2, step * (1.0 - step));
  EXPECT_EQ(hypervolume_contributions(points, std::vector{1.0, 1.0}), expected);
}

}  // namespace
}  // namespace parsimony::pareto
