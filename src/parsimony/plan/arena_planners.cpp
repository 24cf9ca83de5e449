#include <algorithm>
#include <numeric>

#include "parsimony/base/contracts.hpp"
#include "parsimony/plan/plan.hpp"

namespace parsimony::plan {
namespace {

std::int64_t aligned(std::int64_t bytes) {
  return (bytes + kArenaAlign - 1) / kArenaAlign * kArenaAlign;
}

bool alive_together(const Lifetime& a, const Lifetime& b) {
  return a.first <= b.last && b.first <= a.last;
}

/// Places buffers in the order given, each at the lowest offset free for its whole life.
Offsets place(std::span<const Lifetime> live, std::span<const std::int32_t> order) {
  struct Placed {
    std::int64_t begin, end;
    Lifetime life;
  };
  std::vector<Placed> placed;  // by begin
  placed.reserve(live.size());
  Offsets result{std::vector<std::int64_t>(live.size(), 0), 0};
  for (const std::int32_t index : order) {
    const Lifetime& life = live[static_cast<std::size_t>(index)];
    const std::int64_t bytes = aligned(life.bytes);
    if (bytes == 0) continue;
    std::int64_t offset = 0;
    for (const Placed& other : placed) {
      if (other.begin >= offset + bytes) break;
      if (alive_together(other.life, life)) offset = std::max(offset, other.end);
    }
    const auto after =
        std::upper_bound(placed.begin(), placed.end(), offset,
                         [](std::int64_t at, const Placed& other) { return at < other.begin; });
    placed.insert(after, {offset, offset + bytes, life});
    result.offsets[static_cast<std::size_t>(index)] = offset;
    result.peak = std::max(result.peak, offset + bytes);
  }
  return result;
}

template <typename Before>
std::vector<std::int32_t> sorted(std::span<const Lifetime> live, Before before) {
  std::vector<std::int32_t> order(live.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    const int by = before(live[static_cast<std::size_t>(a)], live[static_cast<std::size_t>(b)]);
    return by != 0 ? by < 0 : a < b;
  });
  return order;
}

int compare(std::int64_t a, std::int64_t b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

}  // namespace

Offsets plan_first_fit(std::span<const Lifetime> live) {
  return place(live,
               sorted(live, [](const Lifetime& a, const Lifetime& b) { return compare(a.first, b.first); }));
}

Offsets plan_greedy_by_size(std::span<const Lifetime> live) {
  return place(live, sorted(live, [](const Lifetime& a, const Lifetime& b) {
                 const int by_size = compare(aligned(b.bytes), aligned(a.bytes));
                 return by_size != 0 ? by_size : compare(a.first, b.first);
               }));
}

std::vector<Bytes> alive_bytes(std::span<const Lifetime> live) {
  std::int32_t steps = 0;
  for (const Lifetime& life : live) {
    PARSIMONY_EXPECTS(life.bytes >= 0 && life.first >= 0 && life.first <= life.last);
    steps = std::max(steps, life.last + 1);
  }
  std::vector<Bytes> change(static_cast<std::size_t>(steps) + 1);
  for (const Lifetime& life : live) {
    change[static_cast<std::size_t>(life.first)] += Bytes(aligned(life.bytes));
    change[static_cast<std::size_t>(life.last) + 1] += Bytes(-aligned(life.bytes));
  }
  std::partial_sum(change.begin(), change.end(), change.begin());
  change.pop_back();
  return change;
}

Bytes lower_bound(std::span<const Lifetime> live) {
  const std::vector<Bytes> alive = alive_bytes(live);
  return alive.empty() ? Bytes(0) : *std::max_element(alive.begin(), alive.end());
}

}  // namespace parsimony::plan
