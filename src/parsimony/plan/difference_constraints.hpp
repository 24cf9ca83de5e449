#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace parsimony::plan {

/// Offsets between bounds under constraints offset(to) >= offset(from) + distance. Every call that returns
/// true leaves the bounds at the longest paths: all lower bounds together are then a solution. Constraints
/// and bounds are taken back to any earlier mark.
class DifferenceConstraints {
 public:
  /// @param most  [n] the greatest allowed value of each; the least is 0
  explicit DifferenceConstraints(std::vector<std::int64_t> most);

  /// @return whether a solution is left
  bool add(std::int32_t from, std::int32_t to, std::int64_t distance);

  std::int64_t least(std::int32_t k) const { return least_[static_cast<std::size_t>(k)]; }
  std::int64_t most(std::int32_t k) const { return most_[static_cast<std::size_t>(k)]; }
  const std::vector<std::int64_t>& solution() const { return least_; }

  std::size_t mark() const { return trail_.size(); }
  void undo_to(std::size_t mark);

 private:
  enum class Change { least, most, edge };
  struct Undo {
    Change change;
    std::int32_t k = 0;  ///< of no meaning for an edge: it is the last
    std::int64_t value = 0;
  };
  struct Edge {
    std::int32_t from, to;
    std::int64_t distance;
    std::int32_t next_after, next_before;  ///< the one added before it that has its begin, its end; −1: none
  };

  bool raise(std::int32_t k, std::int64_t value);
  bool lower(std::int32_t k, std::int64_t value);
  bool spread(bool upwards, std::int32_t start);

  std::vector<std::int64_t> least_, most_;
  std::vector<Edge> edges_;
  std::vector<std::int32_t> after_, before_;  ///< the last edge that begins, that ends there; −1: none
  std::vector<Undo> trail_;
  std::vector<std::int32_t> queue_;
  std::vector<std::int32_t> times_;  ///< that each was queued in this spread
  std::vector<bool> queued_;
};

}  // namespace parsimony::plan
