#pragma once

#include <Eigen/Core>

// Inside this folder only: it shows Eigen.
namespace parsimony::surrogate {

/// A lower triangular matrix becomes its inverse, in place, by halves (inverse of [A 0; B C]: the lower left
/// is −C⁻¹BA⁻¹), so that nearly all is matrix products: a third of the time of solving for the identity,
/// which does not know that half of its right-hand side is zero.
/// @param lower  [n, n], zero above the diagonal, no zero on it
void invert_lower(Eigen::Ref<Eigen::MatrixXd, 0, Eigen::OuterStride<>> lower);

/// The lower triangle of LᵀL for a lower triangular L, in strips of rows that leave out L's zeros.
/// @param lower    [n, n], zero above the diagonal
/// @param product  [n, n] becomes the product; above the diagonal it may hold anything
void multiply_by_transpose(const Eigen::MatrixXd& lower, Eigen::MatrixXd& product);

}  // namespace parsimony::surrogate
