#include "parsimony/surrogate/lower_inverse.hpp"

#include <algorithm>

namespace parsimony::surrogate {
namespace {

// Both by measurement, n 60 to 400: flat between half and twice as much.
constexpr Eigen::Index kLeaf = 32, kStrip = 32;

/// Column by column from the last: below the diagonal stands −(inverse so far)·column/diagonal.
void invert_leaf(Eigen::Ref<Eigen::MatrixXd, 0, Eigen::OuterStride<>> lower) {
  const Eigen::Index n = lower.rows();
  double column[kLeaf];
  for (Eigen::Index j = n; j-- > 0;) {
    const double inverse = 1.0 / lower(j, j);
    std::fill_n(column, n, 0.0);
    for (Eigen::Index k = j + 1; k < n; ++k) {
      const double factor = -inverse * lower(k, j);
      for (Eigen::Index i = k; i < n; ++i) column[i] += factor * lower(i, k);
    }
    lower(j, j) = inverse;
    for (Eigen::Index i = j + 1; i < n; ++i) lower(i, j) = column[i];
  }
}

}  // namespace

void invert_lower(Eigen::Ref<Eigen::MatrixXd, 0, Eigen::OuterStride<>> lower) {
  const Eigen::Index n = lower.rows();
  if (n <= kLeaf) return invert_leaf(lower);
  const Eigen::Index half = (n / 2 + 7) / 8 * 8, rest = n - half;
  invert_lower(lower.topLeftCorner(half, half));
  invert_lower(lower.bottomRightCorner(rest, rest));
  Eigen::MatrixXd product(rest, half);
  product.noalias() = lower.bottomLeftCorner(rest, half) * lower.topLeftCorner(half, half);
  lower.bottomLeftCorner(rest, half).noalias() = -lower.bottomRightCorner(rest, rest) * product;
}

void multiply_by_transpose(const Eigen::MatrixXd& lower, Eigen::MatrixXd& product) {
  const Eigen::Index n = lower.rows();
  product.resize(n, n);
  for (Eigen::Index i = 0; i < n; i += kStrip) {
    const Eigen::Index height = std::min(kStrip, n - i);
    product.block(i, 0, height, i + height).noalias() =
        lower.block(i, i, n - i, height).transpose() * lower.block(i, 0, n - i, i + height);
  }
}

}  // namespace parsimony::surrogate
