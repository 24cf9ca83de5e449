#include "parsimony/surrogate/lower_inverse.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>

#include "parsimony/base/random.hpp"

namespace parsimony::surrogate {
namespace {

Eigen::MatrixXd random_lower(Eigen::Index n) {
  RandomStream stream(1, static_cast<std::uint64_t>(n), "lower");
  Eigen::MatrixXd lower = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index j = 0; j < n; ++j)
    for (Eigen::Index i = j; i < n; ++i)
      lower(i, j) = i == j ? 1.0 + stream.uniform() : 0.1 * stream.normal();
  return lower;
}

TEST(LowerInverse, TimesTheMatrixIsTheIdentityAndStaysLower) {
  for (const Eigen::Index n : {1, 2, 31, 32, 33, 64, 65, 101, 200}) {
    const Eigen::MatrixXd lower = random_lower(n);
    Eigen::MatrixXd inverse = lower;
    invert_lower(inverse);
    EXPECT_LT((inverse * lower - Eigen::MatrixXd::Identity(n, n)).cwiseAbs().maxCoeff(), 1e-9) << n;
    EXPECT_TRUE(Eigen::MatrixXd(inverse.triangularView<Eigen::StrictlyUpper>()).isZero(0.0)) << n;
  }
}

TEST(LowerInverse, ProductWithItsTransposeIsThatOfWholeMatrices) {
  for (const Eigen::Index n : {1, 31, 32, 33, 97, 200}) {
    const Eigen::MatrixXd lower = random_lower(n);
    Eigen::MatrixXd product, whole = lower.transpose() * lower;
    multiply_by_transpose(lower, product);
    const Eigen::MatrixXd difference = (product - whole).triangularView<Eigen::Lower>();
    EXPECT_LT(difference.cwiseAbs().maxCoeff(), 1e-12 * whole.cwiseAbs().maxCoeff()) << n;
  }
}

}  // namespace
}  // namespace parsimony::surrogate
