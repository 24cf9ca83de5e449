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
      after_(least_.size()),
      before_(least_.size()),
      times_(least_.size(), 0),
      queued_(least_.size(), false) {}

bool DifferenceConstraints::add(std::int32_t from, std::int32_t to, std::int64_t distance) {
  after_[index(from)].push_back({to, distance});
  before_[index(to)].push_back({from, distance});
  trail_.push_back({Change::edge, from, to});
  return raise(to, least(from) + distance) && spread(true, to) && lower(from, most(to) - distance) &&
         spread(false, from);
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
        after_[index(undo.k)].pop_back();
        before_[index(static_cast<std::int32_t>(undo.value))].pop_back();
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
  const std::vector<std::vector<Edge>>& edges = upwards ? after_ : before_;
  for (std::size_t next = 0; next < queue_.size(); ++next) {
    const std::int32_t k = queue_[next];
    queued_[index(k)] = false;
    for (const Edge& edge : edges[index(k)]) {
      const std::size_t trail = trail_.size();
      if (!(upwards ? raise(edge.other, least(k) + edge.distance)
                    : lower(edge.other, most(k) - edge.distance)))
        return false;
      if (trail_.size() == trail || queued_[index(edge.other)]) continue;
      if (++times_[index(edge.other)] > static_cast<std::int32_t>(least_.size())) return false;
      queued_[index(edge.other)] = true;
      queue_.push_back(edge.other);
    }
  }
  return true;
}

}  // namespace parsimony::plan
