#include <algorithm>
#include <numeric>
#include <tuple>

#include "parsimony/plan/buffers.hpp"

namespace parsimony::plan {
namespace {

std::size_t index(std::int32_t buffer) {
  return static_cast<std::size_t>(buffer);
}

Interval mirrored(const Interval& interval) {
  return {-interval.high, -interval.low, interval.but_one, -interval.one};
}

/// The interval of what lies `by` further on.
Interval shifted(const Interval& interval, std::int64_t by) {
  return {interval.low + by, interval.high + by, interval.but_one, interval.one + by};
}

/// From tensors to the buffers in which they lie.
Interval of_buffers(const Overlap& overlap, const Interval& of_tensors) {
  return shifted(of_tensors, overlap.input_at - overlap.output_at);
}

/// The overlaps by their step.
class OverlapIndex {
 public:
  explicit OverlapIndex(const Buffers& buffers) : buffers_(buffers) {
    const std::int32_t last = buffers.overlaps.empty() ? -1 : buffers.overlaps.back().step;
    first_.assign(static_cast<std::size_t>(last + 1), buffers.overlaps.size());
    for (std::size_t k = buffers.overlaps.size(); k-- > 0;) first_[index(buffers.overlaps[k].step)] = k;
  }

  /// That of an operator that reads the first piece for the last time and makes the second, −1: none.
  std::int32_t find(std::size_t input, std::size_t output) const {
    const std::int32_t step = buffers_.piece_live[output].first;
    if (buffers_.piece_live[input].last != step || index(step) >= first_.size()) return -1;
    const std::vector<Overlap>& overlaps = buffers_.overlaps;
    for (std::size_t k = first_[index(step)]; k < overlaps.size() && overlaps[k].step == step; ++k)
      if (holds(input, overlaps[k].input, overlaps[k].input_at, overlaps[k].input_bytes) &&
          holds(output, overlaps[k].output, overlaps[k].output_at, overlaps[k].output_bytes))
        return static_cast<std::int32_t>(k);
    return -1;
  }

 private:
  bool holds(std::size_t piece, std::int32_t buffer, std::int64_t at, std::int64_t bytes) const {
    const Piece& is = buffers_.pieces[piece];
    return is.buffer == buffer && is.at >= at && is.at < at + bytes;
  }

  const Buffers& buffers_;
  std::vector<std::size_t> first_;
};

/// Pairs between the same buffers whose intervals meet become one.
void merge(std::vector<Pair>& pairs) {
  const auto plain = [](const Pair& pair) { return pair.joint < 0 && !pair.not_at.but_one; };
  for (Pair& pair : pairs)
    if (pair.b < pair.a) pair = {pair.b, pair.a, mirrored(pair.not_at), pair.joint};
  std::stable_sort(pairs.begin(), pairs.end(), [&](const Pair& x, const Pair& y) {
    return std::tuple(x.a, x.b, !plain(x), x.not_at.low) < std::tuple(y.a, y.b, !plain(y), y.not_at.low);
  });
  std::vector<Pair> merged;
  for (const Pair& pair : pairs) {
    const bool meets = !merged.empty() && plain(pair) && plain(merged.back()) && pair.a == merged.back().a &&
                       pair.b == merged.back().b && pair.not_at.low < merged.back().not_at.high;
    if (meets)
      merged.back().not_at.high = std::max(merged.back().not_at.high, pair.not_at.high);
    else
      merged.push_back(pair);
  }
  pairs = std::move(merged);
}

/// What two pieces alive together forbid.
class PairFinder {
 public:
  explicit PairFinder(const Buffers& buffers)
      : buffers_(buffers), overlaps_(buffers), found_(buffers.overlaps.size(), false) {}

  void add(std::size_t a, std::size_t b, std::vector<Pair>& pairs) {
    const Piece &first = buffers_.pieces[a], &second = buffers_.pieces[b];
    if (first.buffer == second.buffer) return;
    std::int32_t at = overlaps_.find(a, b);
    const bool b_is_output = at >= 0;
    if (!b_is_output) at = overlaps_.find(b, a);
    Pair pair{first.buffer, second.buffer, {}, -1};
    if (at < 0) {
      const Interval not_at{-buffers_.piece_live[b].bytes, buffers_.piece_live[a].bytes};
      pair.not_at = shifted(not_at, first.at - second.at);
    } else {
      if (found_[index(at)]) return;
      found_[index(at)] = true;
      const Overlap& overlap = buffers_.overlaps[index(at)];
      pair.not_at = b_is_output ? forbidden(overlap) : mirrored(forbidden(overlap));
      pair.joint = overlap.alone ? -1 : at;
    }
    if (pair.joint >= 0 || pair.not_at.low < pair.not_at.high) pairs.push_back(pair);
  }

 private:
  const Buffers& buffers_;
  OverlapIndex overlaps_;
  std::vector<bool> found_;  ///< [overlaps]
};

}  // namespace

Interval forbidden(const Overlap& overlap, Direction direction) {
  return of_buffers(overlap, direction == Direction::forward
                                 ? Interval{-overlap.below, overlap.input_bytes, overlap.in_place}
                                 : Interval{-overlap.output_bytes, overlap.above});
}

Interval forbidden(const Overlap& overlap) {
  return of_buffers(overlap, {-overlap.below, overlap.above, overlap.in_place});
}

Interval apart(const Overlap& overlap) {
  return of_buffers(overlap, {-overlap.output_bytes, overlap.input_bytes});
}

bool safe(std::span<const Overlap> of_operator, std::span<const std::int64_t> offsets, Direction direction) {
  return std::all_of(of_operator.begin(), of_operator.end(), [&](const Overlap& overlap) {
    const std::int64_t difference = offsets[index(overlap.output)] - offsets[index(overlap.input)];
    return !forbidden(overlap, direction).holds(difference);
  });
}

/// A sweep over the steps.
std::vector<Pair> pairs_of(const Buffers& buffers) {
  const std::vector<Lifetime>& live = buffers.piece_live;
  PairFinder finder(buffers);
  std::vector<Pair> pairs;
  pairs.reserve(8 * live.size());
  std::vector<std::int32_t> alive;
  for (const std::int32_t b : order_of_execution(live)) {
    if (live[index(b)].bytes == 0) continue;
    std::erase_if(alive, [&](std::int32_t a) { return live[index(a)].last < live[index(b)].first; });
    for (const std::int32_t a : alive) finder.add(index(a), index(b), pairs);
    alive.push_back(b);
  }
  if (live.size() > buffers.live.size()) merge(pairs);
  return pairs;
}

std::vector<Pair> directed(const Buffers& buffers, std::vector<Pair> pairs, Direction direction) {
  for (Pair& pair : pairs) {
    if (pair.joint < 0) continue;
    const Overlap& overlap = buffers.overlaps[index(pair.joint)];
    pair.not_at = from_side_of(pair, overlap, forbidden(overlap, direction));
  }
  return pairs;
}

Interval from_side_of(const Pair& pair, const Overlap& overlap, const Interval& interval) {
  return pair.b == overlap.output ? interval : mirrored(interval);
}

Distances::Distances(std::size_t buffers, std::span<const Pair> pairs) : begin_(buffers + 1, 0) {
  for (const Pair& pair : pairs) {
    ++begin_[index(pair.a) + 1];
    ++begin_[index(pair.b) + 1];
  }
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  distances_.resize(2 * pairs.size());
  std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
  for (const Pair& pair : pairs) {
    distances_[next[index(pair.b)]++] = {pair.a, pair.not_at};
    distances_[next[index(pair.a)]++] = {pair.b, mirrored(pair.not_at)};
  }
}

}  // namespace parsimony::plan
