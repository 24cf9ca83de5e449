#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include "parsimony/base/random.hpp"
#include "parsimony/compare/bootstrap.hpp"
#include "parsimony/compare/quantiles.hpp"
#include "parsimony/compare/wilcoxon.hpp"

namespace parsimony::compare {
namespace {

TEST(Quantile, InterpolatesBetweenOrderStatistics) {
  const std::vector<double> values{4.0, 1.0, 3.0, 2.0};
  EXPECT_DOUBLE_EQ(quantile(values, 0.0), 1.0);
  EXPECT_DOUBLE_EQ(quantile(values, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile(values, 1.0), 4.0);
  EXPECT_DOUBLE_EQ(median(values), 2.5);
  EXPECT_DOUBLE_EQ(median(std::vector<double>{7.0}), 7.0);
}

/// Ranks by counting, sign patterns one by one.
double p_by_enumeration(const std::vector<double>& differences) {
  std::vector<double> ranks;
  double positive = 0.0, total = 0.0;
  for (const double one : differences) {
    double below = 0.0, equal = 0.0;
    for (const double other : differences) {
      below += std::abs(other) < std::abs(one) ? 1.0 : 0.0;
      equal += std::abs(other) == std::abs(one) ? 1.0 : 0.0;
    }
    ranks.push_back(below + 0.5 * (equal + 1.0));
    total += ranks.back();
    if (one > 0.0) positive += ranks.back();
  }
  const double distance = std::abs(positive - 0.5 * total);
  double as_far = 0.0;
  for (std::uint32_t signs = 0; signs < 1u << ranks.size(); ++signs) {
    double sum = 0.0;
    for (std::size_t i = 0; i < ranks.size(); ++i) sum += signs >> i & 1u ? ranks[i] : 0.0;
    as_far += std::abs(sum - 0.5 * total) >= distance - 1e-9 ? 1.0 : 0.0;
  }
  return as_far / std::pow(2.0, static_cast<double>(ranks.size()));
}

TEST(SignedRank, EqualsTheEnumerationOfAllSignsWithAndWithoutTies) {
  RandomStream stream(1, 0, "wilcoxon-test");
  for (int sample = 0; sample < 200; ++sample) {
    std::vector<double> differences;
    const int n = 1 + static_cast<int>(stream.below(12));
    for (int i = 0; i < n; ++i) {
      const double value =
          sample % 2 == 0 ? stream.normal() + 0.4 : static_cast<double>(stream.below(4)) - 1.5;
      differences.push_back(value);
    }
    const SignedRank test = signed_rank(differences);
    EXPECT_TRUE(test.exact);
    EXPECT_NEAR(test.p, p_by_enumeration(differences), 1e-12);
  }
}

/// Two-sided critical values of W at 5 % and the next above, as printed tables have them (Wilcoxon 1945;
/// McCornack 1965).
TEST(SignedRank, AgreesWithPrintedCriticalValues) {
  struct Row {
    int n, critical;
  };
  for (const auto& [n, critical] : {Row{6, 0}, Row{7, 2}, Row{8, 3}, Row{9, 5}, Row{10, 8}, Row{12, 13},
                                    Row{15, 25}, Row{20, 52}, Row{25, 89}, Row{30, 137}}) {
    const auto p_at = [n = n](int negative_sum) {
      std::vector<double> differences;
      int left = negative_sum;
      for (int rank = n; rank >= 1; --rank) {  // greedy: the largest ranks that still fit are negative
        const bool negative = rank <= left;
        if (negative) left -= rank;
        differences.push_back(negative ? -rank : rank);
      }
      return signed_rank(differences).p;
    };
    EXPECT_LE(p_at(critical), 0.05) << n;
    EXPECT_GT(p_at(critical + 1), 0.05) << n;
  }
  EXPECT_NEAR(signed_rank(std::vector<double>{1, 2, 3, 4, 5}).p, 0.0625, 1e-15);
}

TEST(SignedRank, DropsZerosAndSaysNothingOfNothing) {
  EXPECT_EQ(signed_rank(std::vector<double>{0.0, 0.0}).p, 1.0);
  EXPECT_EQ(signed_rank(std::vector<double>{}).n, 0);
  const SignedRank with = signed_rank(std::vector<double>{0.0, 1.0, -2.0, 3.0, 0.0, 4.0});
  const SignedRank without = signed_rank(std::vector<double>{1.0, -2.0, 3.0, 4.0});
  EXPECT_EQ(with.n, 4);
  EXPECT_EQ(with.p, without.p);
  EXPECT_EQ(with.positive, 8.0);
}

TEST(SignedRank, AboveFiftyIsTheNormalApproximationAndContinuesTheExactOne) {
  std::vector<double> differences;
  for (int i = 1; i <= 60; ++i) differences.push_back(i % 3 == 0 ? -i : i);
  const SignedRank test = signed_rank(differences);
  EXPECT_FALSE(test.exact);
  const double sum = 3.0 * 20.0 * 21.0 / 2.0;
  EXPECT_DOUBLE_EQ(test.positive, 60.0 * 61.0 / 2.0 - sum);
  const double z = (60.0 * 61.0 / 4.0 - sum - 0.5) / std::sqrt(60.0 * 61.0 * 121.0 / 24.0);
  EXPECT_NEAR(test.p, std::erfc(z / std::numbers::sqrt2), 1e-12);
  differences.resize(50);
  const double exact = signed_rank(differences).p;
  differences.push_back(0.5);
  EXPECT_NEAR(signed_rank(differences).p, exact, 0.01);
}

TEST(MedianInterval, IsTheOrderStatisticsThatTheBinomialLawGives) {
  // Of seven values, a resample's median is at most the k-th with probability P(Binomial(7, k/7) >= 4):
  // 0.0095 for the first, 0.114 for the second; so the 2.5 % quantile is the second, the 97.5 % the sixth.
  const std::vector<double> values{3.0, 1.0, 7.0, 20.0, 11.0, 15.0, 2.5};
  RandomStream stream(1, 0, "bootstrap-test");
  const Interval interval = median_interval(values, stream);
  EXPECT_EQ(interval.low, 2.5);
  EXPECT_EQ(interval.high, 15.0);
}

TEST(MedianInterval, DependsOnItsStreamAloneAndShrinksToOneValue) {
  const std::vector<double> values{1.0, 4.0, 2.0, 8.0, 5.0, 7.5};
  RandomStream one(9, 3, "bootstrap-test"), other(9, 3, "bootstrap-test");
  const Interval a = median_interval(values, one), b = median_interval(values, other);
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.high, b.high);
  const Interval single = median_interval(std::vector<double>{3.0}, one);
  EXPECT_EQ(single.low, 3.0);
  EXPECT_EQ(single.high, 3.0);
}

}  // namespace
}  // namespace parsimony::compare
