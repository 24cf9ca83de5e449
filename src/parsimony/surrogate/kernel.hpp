#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <span>

#include "parsimony/surrogate/model_form.hpp"
#include "parsimony/surrogate/observations.hpp"

// Inside this folder only: it shows Eigen.
namespace parsimony::surrogate {

template <class Real>
using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;
template <class Real>
using Vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;

/// The coordinates in which a kernel measures distances. A number is one: itself, or where its scale is
/// logarithmic with ends a and b = a·ratio, log(1 + (ratio − 1)u)/log(ratio). A choice of c is c of them, of
/// which the chosen one is 1/√2 and the rest 0, so that two different choices are 1 apart and all equally
/// far.
class Features {
 public:
  explicit Features(const Observations& of) : d_(of.d), choices_(of.choices), ratios_(of.ratios) {
    for (int k = 0; k < d_; ++k)
      for (int copy = 0; copy < std::max(1, choices_of(k)); ++copy) owner_.push_back(k);
    plain_ = count() == d_ &&
             std::all_of(ratios_.begin(), ratios_.end(), [](double ratio) { return ratio <= 1.0; });
  }
  Eigen::Index count() const { return static_cast<Eigen::Index>(owner_.size()); }
  int dimensions() const { return d_; }
  /// 0 for a number.
  int choices_of(int dimension) const {
    return choices_.empty() ? 0 : choices_[static_cast<std::size_t>(dimension)];
  }
  /// Over 1 for a number on a logarithmic scale.
  double ratio_of(int dimension) const {
    return ratios_.empty() ? 0.0 : ratios_[static_cast<std::size_t>(dimension)];
  }
  /// Numbers on linear scales, all of them.
  bool plain() const { return plain_; }
  /// The dimension that a feature belongs to.
  int owner(Eigen::Index feature) const { return owner_[static_cast<std::size_t>(feature)]; }

  double place(int dimension, double u) const {
    const double ratio = ratio_of(dimension);
    return ratio > 1.0 ? std::log1p((ratio - 1.0) * u) / std::log(ratio) : u;
  }
  double slope(int dimension, double u) const {
    const double ratio = ratio_of(dimension);
    return ratio > 1.0 ? (ratio - 1.0) / ((1.0 + (ratio - 1.0) * u) * std::log(ratio)) : 1.0;
  }

 private:
  int d_;
  std::vector<int> choices_;
  std::vector<double> ratios_;
  std::vector<int> owner_;  // [features]
  bool plain_ = true;
};

/// What a kernel multiplies differences by, beside 1/lengthscale.
inline double scale_of(Kernel kernel) {
  return kernel == Kernel::matern52 ? std::sqrt(5.0) : 1.0;
}

/// [features] scale/lengthscale.
template <class Real>
Vector<Real> factors_of(const Features& features, Kernel kernel, const std::vector<double>& lengthscales) {
  Vector<Real> factors(features.count());
  for (Eigen::Index f = 0; f < factors.size(); ++f)
    factors(f) =
        static_cast<Real>(scale_of(kernel) / lengthscales[static_cast<std::size_t>(features.owner(f))]);
  return factors;
}

/// Points [n, d], row by row, as columns [features, n] whose distance is the r of the kernels below. Numbers
/// are centred, so that distances by a product lose less to cancellation.
template <class Real, class Input>
Matrix<Real> scaled_columns(std::span<const Input> points, const Features& features,
                            const Vector<Real>& factors) {
  const Eigen::Index d = features.dimensions(), n = static_cast<Eigen::Index>(points.size()) / d;
  const Eigen::Map<const Matrix<Input>> given(points.data(), d, n);
  if (features.plain())
    return factors.asDiagonal() * (given.template cast<Real>().array() - Real(0.5)).matrix();
  Matrix<Real> columns = Matrix<Real>::Zero(features.count(), n);
  for (Eigen::Index f = 0; f < features.count();) {
    const int k = features.owner(f), choices = features.choices_of(k);
    if (choices == 0) {
      for (Eigen::Index i = 0; i < n; ++i)
        columns(f, i) =
            factors(f) * static_cast<Real>(features.place(k, static_cast<double>(given(k, i))) - 0.5);
      ++f;
      continue;
    }
    for (Eigen::Index i = 0; i < n; ++i) {
      const double cell = std::floor(static_cast<double>(given(k, i)) * choices);
      columns(f + std::clamp(static_cast<int>(cell), 0, choices - 1), i) = factors(f) * Real(M_SQRT1_2);
    }
    f += choices;
  }
  return columns;
}

/// Squared distances of columns [D, a] and [D, b]: [a, b], never negative.
/// @param norms  [a] squared norms of the columns of a
template <class Real>
void squared_distances(const Matrix<Real>& a, const Vector<Real>& norms, const Matrix<Real>& b,
                       Matrix<Real>& distances) {
  distances.resize(a.cols(), b.cols());
  distances.noalias() = a.transpose() * b;
  for (Eigen::Index j = 0; j < b.cols(); ++j) {
    auto column = distances.col(j).array();
    column = (norms.array() + b.col(j).squaredNorm() - Real(2) * column).max(Real(0));
  }
}

/// Squared distances become correlations, in place: (1 + r + r²/3)·exp(−r) or exp(−r²/2).
template <class Real>
void correlate_in_place(Kernel kernel, Matrix<Real>& squared) {
  if (kernel == Kernel::rbf)
    squared = (Real(-0.5) * squared.array()).exp().matrix();
  else
    squared =
        ((Real(1) + squared.array().sqrt() + squared.array() / Real(3)) * (-squared.array().sqrt()).exp())
            .matrix();
}

/// Correlation and its derivative by r², of squared distances: −(1 + r)·exp(−r)/6 or −exp(−r²/2)/2. `squared`
/// is overwritten by the derivative.
template <class Derived, class Other>
void correlate_with_slope(Kernel kernel, Eigen::MatrixBase<Derived>& squared,
                          Eigen::MatrixBase<Other>& correlation) {
  using Real = typename Derived::Scalar;
  if (kernel == Kernel::rbf) {
    correlation = (Real(-0.5) * squared.array()).exp().matrix();
    squared = Real(-0.5) * correlation;
    return;
  }
  correlation = (-squared.array().sqrt()).exp().matrix();  // for now e = exp(−r)
  const auto r = squared.array().sqrt();
  const auto e = correlation.array();
  // In this order: the slope needs r and e, the correlation needs r² and e.
  for (Eigen::Index j = 0; j < squared.cols(); ++j) {
    const auto column = squared.col(j).array();
    Eigen::Array<Real, Eigen::Dynamic, 1> linear = (Real(1) + r.col(j)) * e.col(j);
    correlation.col(j) = (linear + column / Real(3) * e.col(j)).matrix();
    squared.col(j) = (linear * Real(-1.0 / 6.0)).matrix();
  }
}

}  // namespace parsimony::surrogate
