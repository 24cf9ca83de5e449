#include "parsimony/plan/arena_planners.hpp"

#include <algorithm>
#include <numeric>

#include "parsimony/base/contracts.hpp"

namespace parsimony::plan {
namespace {

/// What a buffer already placed forbids to another.
struct Forbidden {
  std::int64_t offset = 0;  ///< of the buffer that is placed
  Interval not_at;          ///< of differences from it

  std::int64_t low() const { return offset + not_at.low; }
  std::int64_t high() const { return offset + not_at.high; }
};

/// The lowest offset that nothing forbids; sorts them by their low ends.
std::int64_t lowest_allowed(std::vector<Forbidden>& all) {
  std::sort(all.begin(), all.end(), [](const Forbidden& a, const Forbidden& b) { return a.low() < b.low(); });
  std::int64_t lowest = 0;
  for (const Forbidden& forbidden : all) {
    if (lowest <= forbidden.low()) break;
    lowest = std::max(lowest, forbidden.high());
  }
  for (const Forbidden& place : all) {  // in place of another
    const std::int64_t offset = place.offset + place.not_at.one;
    if (!place.not_at.but_one || offset < 0 || offset >= lowest) continue;
    const bool allowed = std::none_of(all.begin(), all.end(), [&](const Forbidden& other) {
      return other.not_at.holds(offset - other.offset);
    });
    if (allowed) lowest = offset;
  }
  return lowest;
}

Offsets plan_disjoint(std::span<const Lifetime> live,
                      std::vector<std::int32_t> (*order)(std::span<const Lifetime>)) {
  Buffers buffers;
  for (const Lifetime& life : live) {
    buffers.pieces.push_back({static_cast<std::int32_t>(buffers.live.size()), 0});
    buffers.live.push_back({aligned(life.bytes), life.first, life.last});
  }
  buffers.piece_live = buffers.live;
  return place_all(buffers.live, Distances(live.size(), pairs_of(buffers)), order(buffers.live));
}

}  // namespace

std::vector<std::int32_t> order_of_size(std::span<const Lifetime> live) {
  struct Key {
    std::int64_t bytes;
    std::int32_t first, index;
  };
  std::vector<Key> keys;
  keys.reserve(live.size());
  for (const Lifetime& life : live)
    keys.push_back({life.bytes, life.first, static_cast<std::int32_t>(keys.size())});
  std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
    return a.bytes != b.bytes   ? a.bytes > b.bytes
           : a.first != b.first ? a.first < b.first
                                : a.index < b.index;
  });
  std::vector<std::int32_t> order;
  order.reserve(keys.size());
  for (const Key& key : keys) order.push_back(key.index);
  return order;
}

void place(std::span<const Lifetime> live, const Distances& distances, std::span<const std::int32_t> order,
           Offsets& result) {
  std::vector<Forbidden> forbidden;
  for (const std::int32_t buffer : order) {
    const auto index = static_cast<std::size_t>(buffer);
    forbidden.clear();
    for (const Distance& distance : distances.of(index)) {
      const std::int64_t other = result.offsets[static_cast<std::size_t>(distance.other)];
      if (other != kUnplaced) forbidden.push_back({other, distance.not_at});
    }
    result.offsets[index] = lowest_allowed(forbidden);
    result.peak = std::max(result.peak, result.offsets[index] + live[index].bytes);
  }
}

Offsets place_all(std::span<const Lifetime> live, const Distances& distances,
                  std::span<const std::int32_t> order) {
  Offsets result{std::vector<std::int64_t>(live.size(), kUnplaced), 0};
  place(live, distances, order, result);
  return result;
}

Offsets plan_first_fit(std::span<const Lifetime> live) {
  return plan_disjoint(live, order_of_execution);
}

Offsets plan_greedy_by_size(std::span<const Lifetime> live) {
  return plan_disjoint(live, order_of_size);
}

}  // namespace parsimony::plan
