#include "parsimony/plan/search.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "parsimony/plan/difference_constraints.hpp"

namespace parsimony::plan {
namespace {

enum class Verdict { found, refuted, unknown };

/// Two buffers alive together.
struct Pair {
  std::int32_t a = 0, b = 0;
  Interval not_at;       ///< offset(b) − offset(a)
  bool decided = false;  ///< a constraint holds them on one side
};

/// An operator that may overlap several inputs: one direction must suit all.
struct Joint {
  std::span<const Overlap> overlaps;
  std::vector<std::size_t> pairs;  ///< of each overlap
};

std::optional<std::size_t> find_pair(std::span<const Pair> pairs, std::int32_t a, std::int32_t b) {
  const auto pair =
      std::find_if(pairs.begin(), pairs.end(), [&](const Pair& p) { return p.a == a && p.b == b; });
  if (pair == pairs.end()) return std::nullopt;
  return static_cast<std::size_t>(pair - pairs.begin());
}

std::vector<Pair> all_pairs(const Buffers& buffers) {
  // Joint operators start with the intervals of both directions, which Distances gives for single ones.
  std::vector<Overlap> overlaps = buffers.overlaps;
  for (Overlap& overlap : overlaps) overlap.alone = true;
  const Distances distances(buffers.live, overlaps, Direction::forward);
  std::vector<Pair> pairs;
  for (std::size_t b = 0; b < buffers.live.size(); ++b)
    for (const Distance& distance : distances.of(b))
      if (static_cast<std::size_t>(distance.other) < b)
        pairs.push_back({distance.other, static_cast<std::int32_t>(b), {distance.low, distance.high}});
  for (const Overlap& overlap : buffers.overlaps) {  // free in both directions together, not in each
    const auto [a, b] = std::minmax(overlap.input, overlap.output);
    if (!overlap.alone && !find_pair(pairs, a, b)) pairs.push_back({a, b, {}});
  }
  return pairs;
}

/// The branch and bound under one peak.
class Attempt {
 public:
  Attempt(const Buffers& buffers, std::span<const Pair> pairs, std::int64_t peak, std::int64_t limit)
      : buffers_(buffers),
        pairs_(pairs.begin(), pairs.end()),
        constraints_(room(buffers, peak)),
        limit_(limit) {
    for (const std::span<const Overlap> overlaps : by_step(buffers.overlaps))
      if (overlaps.size() > 1) joints_.push_back({overlaps, pairs_of(overlaps)});
  }

  Verdict run() {
    bool holds = tighten();
    while (true) {
      const std::optional<Choice> next = holds ? choose() : std::nullopt;
      if (holds && !next) return Verdict::found;
      if (nodes_ == limit_) return Verdict::unknown;
      if (next) {
        choices_.push_back(*next);
      } else if (!back_up()) {
        return Verdict::refuted;
      }
      ++nodes_;
      holds = take(choices_.back()) && tighten();
    }
  }

  const std::vector<std::int64_t>& offsets() const { return constraints_.solution(); }
  std::int64_t nodes() const { return nodes_; }

 private:
  /// What is tried at a node: a side of a pair, or the direction of a joint operator.
  struct Choice {
    std::size_t subject = 0;
    bool joint = false;
    bool high = false;    ///< the pair's side, or reverse
    bool second = false;  ///< nothing is left to try after it
    std::size_t constraint_mark = 0, pair_mark = 0;
  };
  struct Slack {
    std::int64_t low, high;  ///< room that the bounds leave on each side; negative: none
    std::int64_t most() const { return std::max(low, high); }
    std::int64_t least() const { return std::min(low, high); }
  };

  static std::vector<std::int64_t> room(const Buffers& buffers, std::int64_t peak) {
    std::vector<std::int64_t> most;
    for (const Lifetime& life : buffers.live) most.push_back(peak - life.bytes);
    return most;
  }

  std::vector<std::size_t> pairs_of(std::span<const Overlap> overlaps) const {
    std::vector<std::size_t> found;
    for (const Overlap& overlap : overlaps) {
      const auto [a, b] = std::minmax(overlap.input, overlap.output);
      found.push_back(find_pair(pairs_, a, b).value());
    }
    return found;
  }

  Slack slack(const Pair& pair) const {
    return {constraints_.most(pair.a) + pair.not_at.low - constraints_.least(pair.b),
            constraints_.most(pair.b) - pair.not_at.high - constraints_.least(pair.a)};
  }

  bool violated(const Pair& pair) const {
    const std::int64_t difference = constraints_.least(pair.b) - constraints_.least(pair.a);
    return difference > pair.not_at.low && difference < pair.not_at.high;
  }

  bool decide(std::size_t subject, bool high) {
    Pair& pair = pairs_[subject];
    undo_pairs_.push_back({subject, pair});
    pair.decided = true;
    return high ? constraints_.add(pair.a, pair.b, pair.not_at.high)
                : constraints_.add(pair.b, pair.a, -pair.not_at.low);
  }

  /// Decides every pair that has one side left, until none has. False: one has none.
  bool tighten() {
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t k = 0; k < pairs_.size(); ++k) {
        if (pairs_[k].decided || pairs_[k].not_at.low >= pairs_[k].not_at.high) continue;
        const Slack left = slack(pairs_[k]);
        if (left.most() < 0) return false;
        if (left.least() >= 0) continue;
        if (!decide(k, left.high >= 0)) return false;
        changed = true;
      }
    }
    return true;
  }

  /// The pair with the least slack among those that the least offsets violate; when there are none, a joint
  /// operator that they leave without a direction; when there are none either, they are a solution.
  std::optional<Choice> choose() const {
    std::optional<Choice> choice;
    std::int64_t least = 0;
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      if (pairs_[k].decided || !violated(pairs_[k])) continue;
      const Slack left = slack(pairs_[k]);
      if (choice && left.least() >= least) continue;
      least = left.least();
      choice = Choice{k, false, left.high > left.low, false, constraints_.mark(), undo_pairs_.size()};
    }
    if (choice) return choice;
    for (std::size_t k = 0; k < joints_.size(); ++k) {
      const auto safe_in = [&](Direction direction) {
        return safe(buffers_.live, joints_[k].overlaps, constraints_.solution(), direction);
      };
      if (!safe_in(Direction::forward) && !safe_in(Direction::reverse))
        return Choice{k, true, false, false, constraints_.mark(), undo_pairs_.size()};
    }
    return std::nullopt;
  }

  bool take(const Choice& choice) {
    if (!choice.joint) return decide(choice.subject, choice.high);
    const Joint& joint = joints_[choice.subject];
    for (std::size_t k = 0; k < joint.pairs.size(); ++k) {
      Pair& pair = pairs_[joint.pairs[k]];
      undo_pairs_.push_back({joint.pairs[k], pair});
      const Overlap& overlap = joint.overlaps[k];
      const Interval at =
          forbidden(buffers_.live, overlap, choice.high ? Direction::reverse : Direction::forward);
      pair.not_at = pair.b == overlap.output ? at : Interval{-at.high, -at.low};
      pair.decided = false;  // what was decided holds on; it may be too little now
    }
    return true;
  }

  /// Undoes choices up to the last that has another side, and turns that one. False: there is none.
  bool back_up() {
    while (!choices_.empty()) {
      Choice& last = choices_.back();
      constraints_.undo_to(last.constraint_mark);
      for (; undo_pairs_.size() > last.pair_mark; undo_pairs_.pop_back())
        pairs_[undo_pairs_.back().first] = undo_pairs_.back().second;
      if (!last.second) {
        last.second = true;
        last.high = !last.high;
        return true;
      }
      choices_.pop_back();
    }
    return false;
  }

  const Buffers& buffers_;
  std::vector<Pair> pairs_;
  std::vector<Joint> joints_;
  DifferenceConstraints constraints_;
  std::vector<Choice> choices_;
  std::vector<std::pair<std::size_t, Pair>> undo_pairs_;
  std::int64_t limit_ = 0;
  std::int64_t nodes_ = 0;
};

}  // namespace

SearchResult place_by_search(const Buffers& buffers, Bytes bound, std::int64_t peak, std::int64_t limit) {
  const std::vector<Pair> pairs = all_pairs(buffers);
  SearchResult result{{}, bound, 0};
  std::int64_t low = bound.value;  // the least peak that no attempt has failed at
  std::int64_t target = low;
  while (low < peak && result.nodes < limit) {
    Attempt attempt(buffers, pairs, target, (limit - result.nodes + 1) / 2);
    const Verdict verdict = attempt.run();
    result.nodes += attempt.nodes();
    if (verdict == Verdict::found) {
      result.offsets = {attempt.offsets(), 0};
      for (std::size_t k = 0; k < buffers.live.size(); ++k)
        result.offsets.peak =
            std::max(result.offsets.peak, result.offsets.offsets[k] + buffers.live[k].bytes);
      peak = result.offsets.peak;
    } else {
      low = target + kArenaAlign;
      if (verdict == Verdict::refuted) result.proven = std::max(result.proven, Bytes(low));
    }
    target = low + (peak - kArenaAlign - low) / 2 / kArenaAlign * kArenaAlign;
  }
  return result;
}

}  // namespace parsimony::plan
