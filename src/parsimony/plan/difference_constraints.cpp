#include "parsimony/plan/difference_constraints.hpp"

#include <algorithm>
#include <utility>

namespace parsimony::plan {
namespace {

std::size_t index(std::int32_t k) {
  return static_cast<std::size_t>(k);
}

}  // namespace

DifferenceConstraints::DifferenceConstraints(std::vector<std::int64_t> most)
    : least_(most.size(), 0),
      most_(std::move(most)),
      after_(least_.size(), -1),
      before_(least_.size(), -1),
      times_(least_.size(), 0),
      queued_(least_.size(), false) {
  constexpr std::size_t kOfEach = 4;  // more are rare
  edges_.reserve(kOfEach * least_.size());
  trail_.reserve(2 * kOfEach * least_.size());
  queue_.reserve(least_.size());
}

bool DifferenceConstraints::add(std::int32_t from, std::int32_t to, std::int64_t distance) {
  const auto edge = static_cast<std::int32_t>(edges_.size());
  edges_.push_back({from, to, distance, std::exchange(after_[index(from)], edge),
                    std::exchange(before_[index(to)], edge)});
  trail_.push_back({Change::edge});
  const std::int64_t to_least = least(from) + distance, from_most = most(to) - distance;
  // Bounds that stay leave all others where they are.
  if (to_least > least(to) && !(raise(to, to_least) && spread(true, to))) return false;
  return from_most >= most(from) || (lower(from, from_most) && spread(false, from));
}

void DifferenceConstraints::undo_to(std::size_t mark) {
  for (; trail_.size() > mark; trail_.pop_back()) {
    const Undo& undo = trail_.back();
    switch (undo.change) {
      case Change::least:
        least_[index(undo.k)] = undo.value;
        break;
      case Change::most:
        most_[index(undo.k)] = undo.value;
        break;
      case Change::edge:
        after_[index(edges_.back().from)] = edges_.back().next_after;
        before_[index(edges_.back().to)] = edges_.back().next_before;
        edges_.pop_back();
        break;
    }
  }
}

bool DifferenceConstraints::raise(std::int32_t k, std::int64_t value) {
  if (value <= least(k)) return true;
  trail_.push_back({Change::least, k, least(k)});
  least_[index(k)] = value;
  return value <= most(k);
}

bool DifferenceConstraints::lower(std::int32_t k, std::int64_t value) {
  if (value >= most(k)) return true;
  trail_.push_back({Change::most, k, most(k)});
  most_[index(k)] = value;
  return value >= least(k);
}

/// Longest paths from `start` on (Bellman and Ford, first in first out): who is queued more often than there
/// are offsets lies on a cycle that grows for ever.
bool DifferenceConstraints::spread(bool upwards, std::int32_t start) {
  queue_.assign(1, start);
  std::fill(times_.begin(), times_.end(), 0);
  std::fill(queued_.begin(), queued_.end(), false);
  const std::vector<std::int32_t>& last_edge = upwards ? after_ : before_;
  for (std::size_t next = 0; next < queue_.size(); ++next) {
    const std::int32_t k = queue_[next];
    queued_[index(k)] = false;
    for (std::int32_t at = last_edge[index(k)]; at >= 0;) {
      const Edge& edge = edges_[index(at)];
      at = upwards ? edge.next_after : edge.next_before;
      const std::int32_t other = upwards ? edge.to : edge.from;
      const std::size_t trail = trail_.size();
      if (!(upwards ? raise(other, least(k) + edge.distance) : lower(other, most(k) - edge.distance)))
        return false;
      if (trail_.size() == trail || queued_[index(other)]) continue;
      if (++times_[index(other)] > static_cast<std::int32_t>(least_.size())) return false;
      queued_[index(other)] = true;
      queue_.push_back(other);
    }
  }
  return true;
}

}  // namespace parsimony::plan
