#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace parsimony::pareto {

/// The local upper bounds of a growing set of points in d objectives: the corners of what the points leave
/// non-dominated below a reference, each given by the points that define its coordinates, one for each
/// (Klamroth, Lacour, Vanderpooten 2015, Alg. 3). Of two equal coordinates the later point's counts as the
/// greater: the algorithm asks that no two points share one.
///
/// Each bound u owns a box: in objective j from the highest coordinate of the points that define u in the
/// objectives before j, up to u_j. The boxes are disjoint and cover what is non-dominated. (Lacour, Klamroth,
/// Fonseca 2017, Sec. 2 box the dominated side with the same intervals but in objective 0, where along each
/// line both sides meet in u_0.) A further point changes the boxes of the bounds above it, and no other.
/// @tparam kDims  d where it is known, else 0
template <std::size_t kDims>
class LocalUpperBounds {
 public:
  /// @param points     [n, stride] row by row; the first d columns count
  /// @param reference  [>= d], above all points in each objective
  LocalUpperBounds(std::span<const double> points, std::size_t stride, std::span<const double> reference,
                   std::size_t d)
      : d_(d), n_(points.size() / stride), coordinates_((n_ + d) * d, -kInfinity), uppers_(d) {
    for (std::size_t i = 0; i < n_; ++i) std::copy_n(&points[i * stride], d, &coordinates_[i * d]);
    for (std::size_t j = 0; j < d; ++j) {
      coordinates_[(n_ + j) * d + j] = reference[j];  // point n + j stands for the reference in objective j
      ended_.push_back(static_cast<int>(n_ + j));
    }
    reserve(16);
    set(0, ended_.data());
  }

  std::size_t size() const { return size_; }
  double upper(std::size_t bound, std::size_t j) const { return uppers_[j][bound]; }
  int definer(std::size_t bound, std::size_t k) const { return definers_[bound * dims() + k]; }

  /// The lower end of the bound's box in objective j; −infinity for j = 0.
  double lower(std::size_t bound, std::size_t j) const {
    double highest = -kInfinity;
    for (std::size_t k = 0; k < j; ++k) highest = std::max(highest, coordinate(definer(bound, k), j));
    return highest;
  }

  /// The bounds above a point in every objective, ascending, as long as nothing is inserted.
  std::span<const std::size_t> above(int point) {
    hits_.clear();
    const double* p = &coordinates_[static_cast<std::size_t>(point) * dims()];
    for (std::size_t start = 0; start < size_; start += kBlock)
      for (auto bits = static_cast<std::uint64_t>(block_above(p, start)); bits != 0; bits &= bits - 1)
        hits_.push_back(start + static_cast<std::size_t>(std::countr_zero(bits)));
    while (!hits_.empty() && hits_.back() >= size_) hits_.pop_back();  // what the last block held beyond
    return hits_;
  }

  /// Inserts the point last asked for: the bounds above it end, their children take their places.
  void insert(int point) {
    reserve(size_ + hits_.size() * dims());
    ended_.clear();
    for (const std::size_t bound : hits_)
      ended_.insert(ended_.end(), &definers_[bound * dims()], &definers_[bound * dims()] + dims());
    std::size_t children = 0;
    for (std::size_t start = 0; start < ended_.size(); start += dims())
      children = add_children(&ended_[start], point, children);
    for (std::size_t free = hits_.size(); free > children; --free) move_last_to(hits_[free - 1]);
  }

 private:
  static constexpr std::size_t kBlock = 32;
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  std::size_t dims() const { return kDims ? kDims : d_; }
  double coordinate(int point, std::size_t j) const {
    return coordinates_[static_cast<std::size_t>(point) * dims() + j];
  }

  /// Bit i stands for bound + i. No branch, and the same work in each lane: for the compiler to vectorise.
  std::int64_t block_above(const double* p, std::size_t bound) const {
    std::array<std::int64_t, kBlock> bits;
    for (std::size_t i = 0; i < kBlock; ++i) bits[i] = std::int64_t{1} << i;
    for (std::size_t j = 0; j < dims(); ++j) {
      const double* upper = &uppers_[j][bound];
      for (std::size_t i = 0; i < kBlock; ++i) bits[i] = p[j] < upper[i] ? bits[i] : 0;
    }
    std::int64_t sum = 0;
    for (const std::int64_t bit : bits) sum |= bit;
    return sum;
  }

  /// A child has one coordinate lowered to the point's. It is a local upper bound if the points that define
  /// the others lie below the point there.
  std::size_t add_children(const int* parent, int point, std::size_t children) {
    for (std::size_t j = 0; j < dims(); ++j) {
      double highest = -kInfinity;
      for (std::size_t k = 0; k < dims(); ++k)
        if (k != j) highest = std::max(highest, coordinate(parent[k], j));
      if (coordinate(point, j) < highest) continue;
      const std::size_t bound = children < hits_.size() ? hits_[children] : size_++;
      ++children;
      set(bound, parent);
      definers_[bound * dims() + j] = point;
      uppers_[j][bound] = coordinate(point, j);
    }
    return children;
  }

  void set(std::size_t bound, const int* definers) {
    for (std::size_t j = 0; j < dims(); ++j) {
      definers_[bound * dims() + j] = definers[j];
      uppers_[j][bound] = coordinate(definers[j], j);
    }
  }

  void move_last_to(std::size_t bound) {
    --size_;
    set(bound, &definers_[size_ * dims()]);
  }

  void reserve(std::size_t size) {
    if (size * dims() <= definers_.size()) return;
    definers_.resize(2 * size * dims());
    for (auto& column : uppers_) column.resize(2 * size + kBlock);
  }

  std::size_t d_, n_;
  std::vector<double> coordinates_;          // [n + d, d]
  std::vector<int> definers_;                // [size, d]
  std::vector<std::vector<double>> uppers_;  // [d][size]
  std::vector<std::size_t> hits_;
  std::size_t size_ = 1;
  std::vector<int> ended_;
};

}  // namespace parsimony::pareto
