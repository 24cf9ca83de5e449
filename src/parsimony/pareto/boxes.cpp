#include "parsimony/pareto/boxes.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/pareto/dominance.hpp"

namespace parsimony::pareto {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The front below the reference, in ranks: 1 … n in each objective, ties in the front's order, so that no
/// two points share a coordinate. Point n + k stands for the reference in objective k: there it has rank
/// n + 1, elsewhere 0.
class RankedFront {
 public:
  RankedFront(std::span<const double> points, std::span<const double> reference)
      : m_(reference.size()), front_(front_below(points, reference)), n_(front_.size() / m_) {
    ranks_.assign((n_ + m_) * m_, 0);
    values_.resize(m_ * (n_ + 2));
    by_rank_.resize(n_);
    for (std::size_t j = 0; j < m_; ++j) rank(j, reference[j]);
  }

  std::size_t size() const { return n_; }
  const int* ranks(int point) const { return &ranks_[static_cast<std::size_t>(point) * m_]; }
  double value(std::size_t objective, int rank) const {
    return values_[objective * (n_ + 2) + static_cast<std::size_t>(rank)];
  }
  /// Points in ascending order of the last objective.
  const std::vector<int>& sweep() const { return by_rank_; }

 private:
  static std::vector<double> front_below(std::span<const double> points, std::span<const double> reference) {
    const std::size_t m = reference.size();
    std::vector<double> below, front;
    for (std::size_t start = 0; start < points.size(); start += m) {
      const auto row = points.subspan(start, m);
      if (std::ranges::equal(row, reference, std::less<>{}))
        below.insert(below.end(), row.begin(), row.end());
    }
    for (const int index : front_indices(below, static_cast<int>(m))) {
      const auto row = std::span(below).subspan(static_cast<std::size_t>(index) * m, m);
      front.insert(front.end(), row.begin(), row.end());
    }
    return front;
  }

  void rank(std::size_t j, double reference) {
    std::iota(by_rank_.begin(), by_rank_.end(), 0);
    const auto coordinate = [&](int point) { return front_[static_cast<std::size_t>(point) * m_ + j]; };
    std::ranges::stable_sort(by_rank_, {}, coordinate);
    double* values = &values_[j * (n_ + 2)];
    values[0] = -kInfinity;
    for (std::size_t i = 0; i < n_; ++i) {
      ranks_[static_cast<std::size_t>(by_rank_[i]) * m_ + j] = static_cast<int>(i) + 1;
      values[i + 1] = coordinate(by_rank_[i]);
    }
    values[n_ + 1] = reference;
    ranks_[(n_ + j) * m_ + j] = static_cast<int>(n_) + 1;
  }

  std::size_t m_;
  std::vector<double> front_;  // [n, m]
  std::size_t n_;
  std::vector<int> ranks_;      // [n + m, m]
  std::vector<double> values_;  // [m, n + 2] by rank
  std::vector<int> by_rank_;    // [n], of the objective ranked last
};

/// The sweep: alive are the local upper bounds, in all objectives but the last, of the points met so far.
/// A bound is given by the points that define it, one for each of its coordinates.
class BoundSweep {
 public:
  BoundSweep(const RankedFront& front, std::size_t m) : front_(front), m_(m), dims_(m - 1) {
    boxes_.m = static_cast<int>(m);
    std::vector<int> whole(dims_);
    std::iota(whole.begin(), whole.end(), static_cast<int>(front.size()));
    add(whole);
  }

  Boxes run() {
    for (const int point : front_.sweep()) insert(point);
    const int top = static_cast<int>(front_.size()) + 1;
    for (std::size_t bound = 0; bound < alive(); ++bound) close(bound, top);
    return std::exchange(boxes_, {});
  }

 private:
  std::size_t alive() const { return definers_.size() / dims_; }

  void add(std::span<const int> definers) {
    definers_.insert(definers_.end(), definers.begin(), definers.end());
    for (std::size_t j = 0; j < dims_; ++j) uppers_.push_back(front_.ranks(definers[j])[j]);
  }

  bool below(const int* ranks, std::size_t bound) const {
    const int* upper = &uppers_[bound * dims_];
    for (std::size_t j = 0; j < dims_; ++j)
      if (ranks[j] >= upper[j]) return false;
    return true;
  }

  /// The bounds above the point end here; each leaves those of its children that are local upper bounds
  /// again (Klamroth, Lacour, Vanderpooten 2015, Alg. 3).
  void insert(int point) {
    const int* ranks = front_.ranks(point);
    const std::size_t before = alive();
    std::size_t kept = 0;
    for (std::size_t bound = 0; bound < before; ++bound) {
      if (below(ranks, bound)) {
        close(bound, ranks[dims_]);
        add_children(bound, point);
      } else {
        move(bound, kept++);
      }
    }
    const auto gap = static_cast<std::ptrdiff_t>(kept * dims_),
               end = static_cast<std::ptrdiff_t>(before * dims_);
    definers_.erase(definers_.begin() + gap, definers_.begin() + end);
    uppers_.erase(uppers_.begin() + gap, uppers_.begin() + end);
  }

  void move(std::size_t from, std::size_t to) {
    if (from == to) return;
    std::copy_n(&definers_[from * dims_], dims_, &definers_[to * dims_]);
    std::copy_n(&uppers_[from * dims_], dims_, &uppers_[to * dims_]);
  }

  void add_children(std::size_t bound, int point) {
    child_.assign(&definers_[bound * dims_], &definers_[bound * dims_] + dims_);
    for (std::size_t j = 0; j < dims_; ++j) {
      int highest = 0;
      for (std::size_t k = 0; k < dims_; ++k)
        if (k != j) highest = std::max(highest, front_.ranks(child_[k])[j]);
      if (front_.ranks(point)[j] <= highest) continue;
      const int replaced = std::exchange(child_[j], point);
      add(child_);
      child_[j] = replaced;
    }
  }

  /// The box of a bound goes, in objective j, from the highest of the points that define its earlier
  /// coordinates; ties make some of them empty.
  void close(std::size_t bound, int top) {
    const int* definers = &definers_[bound * dims_];
    const std::size_t start = boxes_.upper.size();
    for (std::size_t j = 0; j < m_; ++j) {
      int lower = 0;
      for (std::size_t k = 0; k < j; ++k) lower = std::max(lower, front_.ranks(definers[k])[j]);
      boxes_.lower.push_back(front_.value(j, lower));
      boxes_.upper.push_back(front_.value(j, j < dims_ ? uppers_[bound * dims_ + j] : top));
      if (boxes_.lower.back() < boxes_.upper.back()) continue;
      boxes_.lower.resize(start);
      boxes_.upper.resize(start);
      return;
    }
  }

  const RankedFront& front_;
  std::size_t m_, dims_;
  std::vector<int> definers_;  // [alive, m − 1]
  std::vector<int> uppers_;    // [alive, m − 1] ranks
  std::vector<int> child_;     // [m − 1]
  Boxes boxes_;
};

}  // namespace

Boxes non_dominated_boxes(std::span<const double> points, std::span<const double> reference) {
  const std::size_t m = reference.size();
  PARSIMONY_EXPECTS(m >= 1 && points.size() % m == 0);
  if (m == 1) {
    double best = reference[0];
    for (const double value : points) best = value < best ? value : best;
    return {1, {-kInfinity}, {best}};
  }
  const RankedFront front(points, reference);
  return BoundSweep(front, m).run();
}

}  // namespace parsimony::pareto
