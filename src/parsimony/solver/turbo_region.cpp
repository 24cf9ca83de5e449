#include "parsimony/solver/turbo_region.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace parsimony::solver {
namespace {

constexpr double kLeastGain = 1e-3;
constexpr double kLeastValue = 0.1;  // of a scaled value, which is 0 where the start was best

/// How good a row is for a region: feasible ones first, then by value or by violation.
struct Merit {
  bool feasible = false;
  double value = std::numeric_limits<double>::infinity();

  bool better_than(const Merit& other, double share) const {
    if (feasible != other.feasible) return feasible;
    if (!std::isfinite(other.value)) return value < other.value;
    const double size = feasible ? std::max(std::abs(other.value), kLeastValue) : other.value;
    return value < other.value - share * size;
  }
};

class Replay {
 public:
  Replay(const Problem& problem, std::span<const Trial> rows, const Evidence& evidence, std::uint64_t seed,
         double rho)
      : problem_(problem), rows_(rows), evidence_(evidence), seed_(seed), rho_(rho) {
    begin(0);
  }

  TurboRegion run() {
    for (std::size_t k = 0; k < rows_.size(); ++k) {
      const std::optional<RegionTag> tag = region_of(rows_[k], "turbo");
      if (!tag) {
        if (region_.number == 0) waiting_.push_back(k);
        continue;
      }
      if (tag->region > region_.number) begin(tag->region);
      if (tag->region == region_.number && !take_own(k)) begin(region_.number + 1);
    }
    settle(rows_.size());
    return region_;
  }

 private:
  void begin(int number) {
    region_ = {};
    region_.number = number;
    region_.pace.length = turbo_rules(problem_.space.dimension()).first;
    best_ = {};
    waiting_.clear();
    scaled_ = false;
  }

  /// Fixes the scale by the rows before `first`, if it is not fixed, and takes the rows that wait for it.
  void settle(std::size_t first) {
    if (!scaled_) {
      RandomStream stream(seed_, static_cast<std::uint64_t>(region_.number), "turbo-weights");
      std::vector<double> weights = draw_weights(static_cast<int>(problem_.objectives.size()), stream);
      const Evidence before(problem_, rows_.first(first));
      region_.scalarisation =
          scalarisation_of_rows(before.feasible.empty() ? evidence_ : before, std::move(weights), rho_);
      scaled_ = true;
    }
    for (const std::size_t row : waiting_) take(row);
    waiting_.clear();
  }

  /// @return whether the row is a success
  bool take(std::size_t row) {
    const Merit merit = merit_of(row);
    const bool success = merit.better_than(best_, kLeastGain);
    if (!region_.best || merit.better_than(best_, 0.0)) {
      best_ = merit;
      region_.best = row;
    }
    return success;
  }

  /// @return false when the region has ended
  bool take_own(std::size_t row) {
    settle(row);
    const bool success = take(row);
    ++region_.rows;
    const int d = problem_.space.dimension();
    if (region_.number > 0 && region_.rows <= turbo_starts(d)) return true;
    return region_.pace.tell(success, turbo_rules(d));
  }

  Merit merit_of(std::size_t row) const {
    if (rows_[row].state == State::failed) return {};
    if (rows_[row].state == State::complete) return {true, region_.scalarisation(evidence_.objectives[row])};
    return {false, measured_violation(problem_, evidence_.constraints[row])};
  }

  const Problem& problem_;
  std::span<const Trial> rows_;
  const Evidence& evidence_;
  std::uint64_t seed_;
  double rho_;
  TurboRegion region_;
  Merit best_;
  std::vector<std::size_t> waiting_;  // rows of no region that the first has not taken yet
  bool scaled_ = false;
};

}  // namespace

RegionRules turbo_rules(int d) {
  return {0.8, 0x1p-7, 1.6, 3, std::max(4, d)};
}

int turbo_starts(int d) {
  return std::min(2 * d, 10);
}

TurboRegion replay_turbo(const Problem& problem, std::span<const Trial> rows, const Evidence& evidence,
                         std::uint64_t seed, double rho) {
  return Replay(problem, rows, evidence, seed, rho).run();
}

}  // namespace parsimony::solver
