#include "parsimony/plan/arena_planners.hpp"

#include <algorithm>
#include <numeric>

#include "parsimony/base/contracts.hpp"

namespace parsimony::plan {
namespace {

constexpr std::int64_t kUnplaced = -1;

template <typename Before>
std::vector<std::int32_t> sorted(std::span<const Lifetime> live, Before before) {
  std::vector<std::int32_t> order(live.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return before(live[static_cast<std::size_t>(a)], live[static_cast<std::size_t>(b)]);
  });
  return order;
}

/// The lowest offset outside all intervals; sorts them by their low ends.
std::int64_t lowest_outside(std::vector<Interval>& intervals) {
  std::sort(intervals.begin(), intervals.end(),
            [](const Interval& a, const Interval& b) { return a.low < b.low; });
  std::int64_t offset = 0;
  for (const Interval& interval : intervals) {
    if (offset <= interval.low) break;
    offset = std::max(offset, interval.high);
  }
  return offset;
}

Offsets plan_disjoint(std::span<const Lifetime> live, std::span<const std::int32_t> order) {
  std::vector<Lifetime> words(live.begin(), live.end());
  for (Lifetime& life : words) life.bytes = aligned(life.bytes);
  return place(words, Distances(words, {}, Direction::forward), order);
}

}  // namespace

std::vector<std::int32_t> order_of_execution(std::span<const Lifetime> live) {
  return sorted(live, [](const Lifetime& a, const Lifetime& b) { return a.first < b.first; });
}

std::vector<std::int32_t> order_of_size(std::span<const Lifetime> live) {
  return sorted(live, [](const Lifetime& a, const Lifetime& b) {
    return aligned(a.bytes) != aligned(b.bytes) ? aligned(a.bytes) > aligned(b.bytes) : a.first < b.first;
  });
}

Offsets place(std::span<const Lifetime> live, const Distances& distances,
              std::span<const std::int32_t> order) {
  Offsets result{std::vector<std::int64_t>(live.size(), kUnplaced), 0};
  std::vector<Interval> intervals;
  for (const std::int32_t buffer : order) {
    const auto index = static_cast<std::size_t>(buffer);
    intervals.clear();
    for (const Distance& distance : distances.of(index)) {
      const std::int64_t other = result.offsets[static_cast<std::size_t>(distance.other)];
      if (other != kUnplaced) intervals.push_back({other + distance.low, other + distance.high});
    }
    result.offsets[index] = lowest_outside(intervals);
    result.peak = std::max(result.peak, result.offsets[index] + live[index].bytes);
  }
  return result;
}

Offsets plan_first_fit(std::span<const Lifetime> live) {
  return plan_disjoint(live, order_of_execution(live));
}

Offsets plan_greedy_by_size(std::span<const Lifetime> live) {
  return plan_disjoint(live, order_of_size(live));
}

}  // namespace parsimony::plan
