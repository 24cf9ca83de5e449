#include "parsimony/plan/search.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/plan/arena_planners.hpp"
#include "parsimony/plan/difference_constraints.hpp"

namespace parsimony::plan {
namespace {

/// Most plans lie on their bound or a few words above it: the peaks tried go up from there slowly.
constexpr std::int64_t kFirstStep = 16, kStepGrowth = 4;
/// Nodes of one attempt: a quarter of the limit, but what a network's plan needs when nothing is in its way.
std::int64_t nodes_of_attempt(std::int64_t limit) {
  return std::max<std::int64_t>((limit + 3) / 4, 40);
}

enum class Verdict { found, refuted, unknown };

/// An operator that may overlap several inputs: one direction must suit all.
struct Joint {
  std::vector<Overlap> overlaps;
  std::vector<std::size_t> pairs;  ///< of each overlap
};

/// Joint operators may run either way: whoever is placed last keeps clear of both.
std::vector<Pair> clear_of_joints(const Buffers& buffers, std::span<const Pair> pairs) {
  std::vector<Pair> clear(pairs.begin(), pairs.end());
  for (Pair& pair : clear) {
    if (pair.joint < 0) continue;
    const Overlap& overlap = buffers.overlaps[static_cast<std::size_t>(pair.joint)];
    pair.not_at = from_side_of(pair, overlap, apart(overlap));
  }
  return clear;
}

/// Buffers that have a place under the peak wherever those that stay lie: together they forbid fewer offsets
/// than there are. As colours of a graph: those of small degree last.
class Aside {
 public:
  Aside(const Buffers& buffers, const Distances& distances)
      : distances_(distances), free_(buffers.live.size()) {
    for (std::size_t k = 0; k < free_.size(); ++k) {
      free_[k] = kArenaAlign - buffers.live[k].bytes;
      for (const Distance& distance : distances.of(k)) free_[k] -= forbidden_by(distance);
    }
  }

  /// @return in the order in which they were put aside
  std::vector<std::int32_t> under(std::int64_t peak) const {
    const std::size_t n = free_.size();
    std::vector<std::int64_t> free = free_;
    std::vector<std::int32_t> order;
    order.reserve(n);
    for (std::size_t k = 0; k < n; ++k)
      if ((free[k] += peak) > 0) order.push_back(static_cast<std::int32_t>(k));
    for (std::size_t next = 0; next < order.size(); ++next)
      for (const Distance& distance : distances_.of(static_cast<std::size_t>(order[next]))) {
        std::int64_t& left = free[static_cast<std::size_t>(distance.other)];
        const bool before = left > 0;
        left += forbidden_by(distance);
        if (!before && left > 0) order.push_back(distance.other);
      }
    return order;
  }

 private:
  static std::int64_t forbidden_by(const Distance& distance) {
    return distance.not_at.high - distance.not_at.low - kArenaAlign;
  }

  const Distances& distances_;
  std::vector<std::int64_t> free_;  ///< offsets under peak 0, less those that the neighbours forbid [B]
};

std::vector<Pair> without(std::span<const Pair> pairs, std::span<const std::int32_t> aside, std::size_t n) {
  std::vector<bool> left(n, false);
  for (const std::int32_t k : aside) left[static_cast<std::size_t>(k)] = true;
  std::vector<Pair> rest;
  rest.reserve(pairs.size());
  for (const Pair& pair : pairs)
    if (!left[static_cast<std::size_t>(pair.a)] && !left[static_cast<std::size_t>(pair.b)])
      rest.push_back(pair);
  return rest;
}

/// The offsets found, and those put aside, last first.
Offsets complete(const Buffers& buffers, const Distances& distances, std::vector<std::int64_t> offsets,
                 std::vector<std::int32_t> aside) {
  Offsets result{std::move(offsets), 0};
  for (const std::int32_t k : aside) result.offsets[static_cast<std::size_t>(k)] = kUnplaced;
  for (std::size_t k = 0; k < buffers.live.size(); ++k)
    if (result.offsets[k] != kUnplaced)
      result.peak = std::max(result.peak, result.offsets[k] + buffers.live[k].bytes);
  std::reverse(aside.begin(), aside.end());
  place(buffers.live, distances, aside, result);
  return result;
}

/// The branch and bound under one peak.
class Attempt {
 public:
  /// @param pairs  among the buffers that take part
  Attempt(const Buffers& buffers, std::vector<Pair> pairs, std::int64_t peak, std::int64_t limit)
      : buffers_(buffers),
        pairs_(std::move(pairs)),
        decided_(pairs_.size(), 0),
        constraints_(room(buffers, peak)),
        limit_(limit) {
    find_joints();
  }

  Verdict run() {
    bool holds = tighten();
    while (true) {
      if (holds && !next_ && !(next_ = joint_without_direction())) return Verdict::found;
      if (nodes_ == limit_) return Verdict::unknown;
      if (holds) {
        choices_.push_back(*next_);
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
  /// Where the second buffer of a pair may lie; for a joint operator forward or reverse.
  enum Side : std::uint8_t { low = 1, high = 2, one = 4 };

  /// What is tried at a node: a side of a pair, or the direction of a joint operator.
  struct Choice {
    std::size_t subject = 0;
    bool joint = false;
    Side side = low;
    std::uint8_t left = 0;  ///< sides still to try after it
    std::size_t constraint_mark = 0, pair_mark = 0;
  };
  struct UndoPair {
    std::size_t pair;
    Interval not_at;
    std::uint8_t decided;
  };
  struct Slack {
    std::int64_t low, high;  ///< room that the bounds leave on each side; negative: none
    std::int64_t most() const { return std::max(low, high); }
    std::int64_t least() const { return std::min(low, high); }
  };

  static std::vector<std::int64_t> room(const Buffers& buffers, std::int64_t peak) {
    std::vector<std::int64_t> most;
    most.reserve(buffers.live.size());
    for (const Lifetime& life : buffers.live) most.push_back(peak - life.bytes);
    return most;
  }

  void find_joints() {
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      if (pairs_[k].joint < 0) continue;
      const Overlap& overlap = buffers_.overlaps[static_cast<std::size_t>(pairs_[k].joint)];
      const auto same = [&](const Joint& joint) { return joint.overlaps[0].step == overlap.step; };
      auto joint = std::find_if(joints_.begin(), joints_.end(), same);
      if (joint == joints_.end()) joint = joints_.insert(joint, Joint{});
      joint->overlaps.push_back(overlap);
      joint->pairs.push_back(k);
    }
  }

  Slack slack(const Pair& pair) const {
    return {constraints_.most(pair.a) + pair.not_at.low - constraints_.least(pair.b),
            constraints_.most(pair.b) - pair.not_at.high - constraints_.least(pair.a)};
  }

  bool violated(const Pair& pair) const {
    return pair.not_at.holds(constraints_.least(pair.b) - constraints_.least(pair.a));
  }

  bool decide(std::size_t subject, Side side) {
    const Pair& pair = pairs_[subject];
    undo_pairs_.push_back({subject, pair.not_at, decided_[subject]});
    decided_[subject] = 1;
    switch (side) {
      case low:
        return constraints_.add(pair.b, pair.a, -pair.not_at.low);
      case high:
        return constraints_.add(pair.a, pair.b, pair.not_at.high);
      case one:
        break;
    }
    return constraints_.add(pair.a, pair.b, pair.not_at.one) &&
           constraints_.add(pair.b, pair.a, -pair.not_at.one);
  }

  /// The sides that the bounds leave.
  std::uint8_t sides_left(const Pair& pair, const Slack& left) const {
    std::uint8_t sides = 0;
    if (left.low >= 0) sides |= low;
    if (left.high >= 0) sides |= high;
    const bool meets = constraints_.most(pair.a) + pair.not_at.one >= constraints_.least(pair.b) &&
                       constraints_.most(pair.b) >= constraints_.least(pair.a) + pair.not_at.one;
    if (pair.not_at.but_one && meets) sides |= one;
    return sides;
  }

  /// Decides every pair that has one side left, until none has. False: one has none. Leaves in next_ the pair
  /// with the least slack among those that the least offsets violate; with none, they are a solution.
  bool tighten() {
    for (bool changed = true; changed;) {
      changed = false;
      next_.reset();
      std::int64_t least = 0;
      for (std::size_t k = 0; k < pairs_.size(); ++k) {
        const Pair& pair = pairs_[k];
        if (decided_[k] || pair.not_at.low >= pair.not_at.high) continue;
        const Slack left = slack(pair);
        const std::uint8_t sides = sides_left(pair, left);
        if (sides == 0) return false;
        if (std::has_single_bit(sides)) {
          if (!decide(k, static_cast<Side>(sides))) return false;
          changed = true;
        } else if (violated(pair) && (!next_ || left.least() < least)) {
          least = left.least();
          next_ = choice(k, false, first_of(sides, left), sides);
        }
      }
    }
    return true;
  }

  /// In place saves most; else the side with more room.
  static Side first_of(std::uint8_t sides, const Slack& left) {
    if (sides & one) return one;
    return left.high > left.low ? high : low;
  }

  /// A joint operator that the least offsets leave without a direction.
  std::optional<Choice> joint_without_direction() const {
    for (std::size_t k = 0; k < joints_.size(); ++k) {
      const auto safe_in = [&](Direction direction) {
        return safe(joints_[k].overlaps, constraints_.solution(), direction);
      };
      if (!safe_in(Direction::forward) && !safe_in(Direction::reverse))
        return choice(k, true, low, low | high);
    }
    return std::nullopt;
  }

  Choice choice(std::size_t subject, bool joint, Side side, int sides) const {
    return {subject,           joint, side, static_cast<std::uint8_t>(sides & ~side), constraints_.mark(),
            undo_pairs_.size()};
  }

  bool take(const Choice& choice) {
    if (!choice.joint) return decide(choice.subject, choice.side);
    const Joint& joint = joints_[choice.subject];
    for (std::size_t k = 0; k < joint.pairs.size(); ++k) {
      Pair& pair = pairs_[joint.pairs[k]];
      undo_pairs_.push_back({joint.pairs[k], pair.not_at, decided_[joint.pairs[k]]});
      const Overlap& overlap = joint.overlaps[k];
      const Direction direction = choice.side == high ? Direction::reverse : Direction::forward;
      pair.not_at = from_side_of(pair, overlap, forbidden(overlap, direction));
      decided_[joint.pairs[k]] = 0;  // what was decided holds on; it may be too little now
    }
    return true;
  }

  /// Undoes choices up to the last that has another side, and turns that one. False: there is none.
  bool back_up() {
    while (!choices_.empty()) {
      Choice& last = choices_.back();
      constraints_.undo_to(last.constraint_mark);
      for (; undo_pairs_.size() > last.pair_mark; undo_pairs_.pop_back()) {
        const UndoPair& undo = undo_pairs_.back();
        pairs_[undo.pair].not_at = undo.not_at;
        decided_[undo.pair] = undo.decided;
      }
      if (last.left != 0) {
        last.side = last.left & low ? low : last.left & high ? high : one;
        last.left = static_cast<std::uint8_t>(last.left & ~last.side);
        return true;
      }
      choices_.pop_back();
    }
    return false;
  }

  const Buffers& buffers_;
  std::vector<Pair> pairs_;
  std::vector<std::uint8_t> decided_;  ///< [pairs] a constraint holds them on one side
  std::vector<Joint> joints_;
  DifferenceConstraints constraints_;
  std::vector<Choice> choices_;
  std::optional<Choice> next_;  ///< to take, as the last tightening found it
  std::vector<UndoPair> undo_pairs_;
  std::int64_t limit_ = 0;
  std::int64_t nodes_ = 0;
};

}  // namespace

SearchResult place_by_search(const Buffers& buffers, std::span<const Pair> pairs, Bytes bound,
                             std::int64_t peak, std::int64_t limit) {
  const Distances distances(buffers.live.size(), clear_of_joints(buffers, pairs));
  const Aside put_aside(buffers, distances);
  SearchResult result{{}, bound, 0};
  std::int64_t low = bound.value;  // the least peak that no attempt has failed at
  std::int64_t step = kFirstStep;  // above it, until a plan is found
  std::int64_t target = low;
  while (low < peak && result.nodes < limit) {
    const std::vector<std::int32_t> aside = put_aside.under(target);
    Attempt attempt(buffers, without(pairs, aside, buffers.live.size()), target,
                    std::min(nodes_of_attempt(limit), limit - result.nodes));
    const Verdict verdict = attempt.run();
    result.nodes += attempt.nodes();
    if (verdict == Verdict::found) {
      result.offsets = complete(buffers, distances, attempt.offsets(), aside);
      PARSIMONY_ENSURES(result.offsets.peak <= target);
      peak = result.offsets.peak;
    } else {
      low = target + kArenaAlign;
      if (verdict == Verdict::refuted) result.proven = std::max(result.proven, Bytes(low));
    }
    const std::int64_t middle = low + (peak - kArenaAlign - low) / 2 / kArenaAlign * kArenaAlign;
    target = result.offsets.offsets.empty() ? std::min(low + step, middle) : middle;
    step *= kStepGrowth;
  }
  return result;
}

}  // namespace parsimony::plan
