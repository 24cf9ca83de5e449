#include "parsimony/report/macro_f1.hpp"

#include <gtest/gtest.h>

#include "parsimony/base/random.hpp"

namespace parsimony::report {
namespace {

using Matrix = std::vector<std::vector<std::int64_t>>;

TEST(MacroF1, IsThatOfAnExampleByHand) {
  // precision 2/3 and 3/4, recall 2/3 and 3/4
  EXPECT_DOUBLE_EQ(*macro_f1({{2, 1}, {1, 3}}), (2.0 / 3.0 + 3.0 / 4.0) / 2.0);
  EXPECT_DOUBLE_EQ(*macro_f1({{9, 0}, {1, 0}}), (18.0 / 19.0 + 0.0) / 2.0);  // accuracy 0.9
}

TEST(MacroF1, IsTheMeanOfTheHarmonicMeansOfPrecisionAndRecall) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    RandomStream random(seed, 0, "test.macro_f1");
    const std::size_t classes = 2 + random.below(6);
    Matrix confusion(classes, std::vector<std::int64_t>(classes));
    for (auto& row : confusion)
      for (auto& count : row) count = 1 + static_cast<std::int64_t>(random.below(20));
    double sum = 0.0;
    for (std::size_t k = 0; k < classes; ++k) {
      double cases = 0.0, predictions = 0.0;
      for (std::size_t other = 0; other < classes; ++other) {
        cases += static_cast<double>(confusion[k][other]);
        predictions += static_cast<double>(confusion[other][k]);
      }
      const double hits = static_cast<double>(confusion[k][k]);
      const double precision = hits / predictions, recall = hits / cases;
      sum += 2.0 * precision * recall / (precision + recall);
    }
    EXPECT_NEAR(*macro_f1(confusion), sum / static_cast<double>(classes), 1e-12);
  }
}

TEST(MacroF1, LeavesOutAClassThatNeitherOccursNorIsPredicted) {
  EXPECT_DOUBLE_EQ(*macro_f1({{4, 0, 0}, {0, 6, 0}, {0, 0, 0}}), 1.0);
  EXPECT_DOUBLE_EQ(*macro_f1({{4, 0, 0}, {0, 5, 1}, {0, 0, 0}}), (1.0 + 10.0 / 11.0 + 0.0) / 3.0);
}

TEST(MacroF1, OfNoCaseIsNothing) {
  EXPECT_FALSE(macro_f1({}).has_value());
  EXPECT_FALSE(macro_f1({{0, 0}, {0, 0}}).has_value());
}

}  // namespace
}  // namespace parsimony::report
