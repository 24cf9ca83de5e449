#pragma once

#include <Eigen/Core>
#include <cmath>
#include <span>

// Inside this folder only: it shows Eigen.
namespace parsimony::surrogate {

template <class Real>
using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;
template <class Real>
using Vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;

/// Points [n, d], row by row, as columns √5·(x − ½)/lengthscale: then the distance of two columns is the r of
/// Matérn-5/2, k(r) = (1 + r + r²/3)·exp(−r). Centred, so that the distances by a product lose less to
/// cancellation.
template <class Real, class Input>
Matrix<Real> scaled_columns(std::span<const Input> points, const Vector<Real>& lengthscales) {
  const Eigen::Index d = lengthscales.size();
  const Eigen::Index n = static_cast<Eigen::Index>(points.size()) / d;
  const Eigen::Map<const Matrix<Input>> columns(points.data(), d, n);
  const Vector<Real> factors = std::sqrt(Real(5)) * lengthscales.cwiseInverse();
  return factors.asDiagonal() * (columns.template cast<Real>().array() - Real(0.5)).matrix();
}

/// Squared distances of columns [d, a] and [d, b]: [a, b], never negative.
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

/// Matérn-5/2 of squared distances, in place.
template <class Real>
void matern_in_place(Matrix<Real>& squared) {
  squared = ((Real(1) + squared.array().sqrt() + squared.array() / Real(3)) * (-squared.array().sqrt()).exp())
                .matrix();
}

}  // namespace parsimony::surrogate
