#include "parsimony/pareto/dominance.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "parsimony/base/contracts.hpp"
#include "parsimony/pareto/row_order.hpp"

namespace parsimony::pareto {
namespace {

// Members of one front, asked in lexicographic order whether they cover (weakly dominate) a later point: so
// objective 0 need not be looked at.

/// Two objectives: the least of the second decides, and the latest member has it.
class FrontOfTwo {
 public:
  explicit FrontOfTwo(std::size_t) {}
  bool covers(const double* point) const { return !empty_ && least_ <= point[1]; }
  void add(const double* point) {
    least_ = point[1];
    empty_ = false;
  }

 private:
  bool empty_ = true;
  double least_ = 0.0;
};

/// Three objectives: the members' staircase in the last two, from left to right and downwards.
class FrontOfThree {
 public:
  explicit FrontOfThree(std::size_t) {}

  bool covers(const double* point) const {
    const auto after = std::ranges::upper_bound(corners_, point[1], {}, &Corner::y);
    return after != corners_.begin() && (after - 1)->z <= point[2];
  }

  void add(const double* point) {
    const auto begin = std::ranges::lower_bound(corners_, point[1], {}, &Corner::y);
    const auto end =
        std::find_if(begin, corners_.end(), [&](const Corner& corner) { return corner.z < point[2]; });
    if (begin == end) {
      corners_.insert(begin, {point[1], point[2]});
    } else {
      *begin = {point[1], point[2]};
      corners_.erase(begin + 1, end);
    }
  }

 private:
  struct Corner {
    double y, z;
  };
  std::vector<Corner> corners_;
};

/// Any number of objectives: all members, column by column in blocks.
class FrontOfMany {
 public:
  explicit FrontOfMany(std::size_t m) : columns_(m - 1) {}

  /// The latest members are the likeliest to cover, so they are asked first.
  bool covers(const double* point) const {
    for (std::size_t end = (size_ + kBlock - 1) / kBlock * kBlock; end > 0; end -= kBlock)
      if (block_covers(end - kBlock, point)) return true;
    return false;
  }

  void add(const double* point) {
    for (std::size_t j = 0; j < columns_; ++j) {
      if (size_ % kBlock == 0) values_.insert(values_.end(), kBlock, 0.0);
      values_[place(size_, j)] = point[j + 1];
    }
    ++size_;
  }

 private:
  static constexpr std::size_t kBlock = 32;

  std::size_t place(std::size_t member, std::size_t column) const {
    return (member / kBlock * columns_ + column) * kBlock + member % kBlock;
  }

  /// No branch, and the same work in each lane: for the compiler to vectorise.
  bool block_covers(std::size_t begin, const double* point) const {
    std::array<std::int64_t, kBlock> covered;
    for (std::size_t i = 0; i < kBlock; ++i) covered[i] = begin + i < size_;
    for (std::size_t j = 0; j < columns_; ++j) {
      const double* values = &values_[place(begin, j)];
      for (std::size_t i = 0; i < kBlock; ++i) covered[i] = values[i] <= point[j + 1] ? covered[i] : 0;
    }
    std::int64_t some = 0;
    for (const std::int64_t one : covered) some |= one;
    return some != 0;
  }

  std::size_t columns_, size_ = 0;
  std::vector<double> values_;  // [blocks, columns, kBlock]
};

const double* row_of(std::span<const double> points, std::size_t m, int row) {
  return points.data() + static_cast<std::size_t>(row) * m;
}

template <class Front>
std::vector<int> ranks_by(std::span<const double> points, std::size_t m) {
  std::vector<int> ranks(points.size() / m);
  std::vector<Front> fronts;
  int last = -1;
  for (const int row : row_order(points, static_cast<int>(m), 0)) {
    const double* point = row_of(points, m, row);
    int& rank = ranks[static_cast<std::size_t>(row)];
    if (last >= 0 && std::equal(point, point + m, row_of(points, m, last))) {
      rank = ranks[static_cast<std::size_t>(last)];  // covered by its equal, but not dominated
      continue;
    }
    // What one front covers is covered by all before it: so search by halves.
    const auto front =
        std::ranges::partition_point(fronts, [&](const Front& members) { return members.covers(point); });
    rank = static_cast<int>(front - fronts.begin());
    (front == fronts.end() ? fronts.emplace_back(m) : *front).add(point);
    last = row;
  }
  return ranks;
}

template <class Front>
std::vector<int> front_by(std::span<const double> points, std::size_t m) {
  std::vector<int> rows;
  Front front(m);
  for (const int row : row_order(points, static_cast<int>(m), 0)) {
    const double* point = row_of(points, m, row);
    if (front.covers(point)) continue;
    front.add(point);
    rows.push_back(row);
  }
  std::ranges::sort(rows);
  return rows;
}

}  // namespace

bool dominates(std::span<const double> a, std::span<const double> b) {
  bool below = false;
  for (std::size_t j = 0; j < a.size(); ++j) {
    if (a[j] > b[j]) return false;
    below |= a[j] < b[j];
  }
  return below;
}

std::vector<int> non_dominated_ranks(std::span<const double> points, int m) {
  const auto width = static_cast<std::size_t>(m);
  PARSIMONY_EXPECTS(m >= 1 && points.size() % width == 0);
  if (m == 2) return ranks_by<FrontOfTwo>(points, width);
  if (m == 3) return ranks_by<FrontOfThree>(points, width);
  return ranks_by<FrontOfMany>(points, width);
}

std::vector<int> front_indices(std::span<const double> points, int m) {
  const auto width = static_cast<std::size_t>(m);
  PARSIMONY_EXPECTS(m >= 1 && points.size() % width == 0);
  if (m == 2) return front_by<FrontOfTwo>(points, width);
  if (m == 3) return front_by<FrontOfThree>(points, width);
  return front_by<FrontOfMany>(points, width);
}

}  // namespace parsimony::pareto
