#include "parsimony/solver/morbo_region.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

#include "parsimony/pareto/boxes.hpp"
#include "parsimony/pareto/contributions.hpp"
#include "parsimony/pareto/dominance.hpp"

namespace parsimony::solver {
namespace {

constexpr double kLeastGain = 1e-3;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> references_of(const Problem& problem) {
  std::vector<double> references;
  for (const Objective& objective : problem.objectives) references.push_back(objective.reference);
  return references;
}

/// How far the study has come, row by row.
class Progress {
 public:
  explicit Progress(const Problem& problem)
      : references_(references_of(problem)), boxes_(pareto::non_dominated_boxes({}, references_)) {}

  /// @return whether the row is a success
  bool take_feasible(const std::vector<double>& objectives) {
    const bool first = excess_ == kInfinity;
    double excess = -kInfinity;
    for (std::size_t j = 0; j < references_.size(); ++j)
      excess = std::max(excess, objectives[j] - references_[j]);
    const bool nearer = excess < excess_ - kLeastGain * std::max(0.0, first ? 0.0 : excess_);
    excess_ = std::min(excess_, excess);
    const double gain = pareto::hypervolume_improvement(boxes_, objectives);
    const bool success = volume_ > 0.0 ? gain > kLeastGain * volume_ : nearer;
    if (gain > 0.0) {
      volume_ += gain;
      front_.insert(front_.end(), objectives.begin(), objectives.end());
      boxes_ = pareto::non_dominated_boxes(front_, references_);
    }
    return success;
  }

  bool take_infeasible(double violation) {
    const bool first = violation_ == kInfinity;
    const bool success = excess_ == kInfinity && (first || violation < (1.0 - kLeastGain) * violation_);
    violation_ = std::min(violation_, violation);
    return success;
  }

 private:
  std::vector<double> references_, front_;
  pareto::Boxes boxes_;
  double volume_ = 0.0, excess_ = kInfinity, violation_ = kInfinity;
};

/// Members, the likeliest centres first.
std::vector<std::size_t> by_preference(const Problem& problem, std::span<const Trial> rows,
                                       const Evidence& evidence, const std::vector<std::size_t>& members) {
  std::vector<std::size_t> feasible, others;
  std::vector<double> flat;
  for (const std::size_t row : members) {
    const bool complete = rows[row].state == State::complete;
    (complete ? feasible : others).push_back(row);
    if (complete) flat.insert(flat.end(), evidence.objectives[row].begin(), evidence.objectives[row].end());
  }
  const std::vector<double> contribution = pareto::hypervolume_contributions(flat, references_of(problem));
  const std::vector<int> rank =
      pareto::non_dominated_ranks(flat, static_cast<int>(problem.objectives.size()));
  std::vector<std::size_t> order(feasible.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return contribution[a] != contribution[b] ? contribution[a] > contribution[b] : rank[a] < rank[b];
  });
  std::vector<std::size_t> sorted;
  for (const std::size_t k : order) sorted.push_back(feasible[k]);
  const auto violation = [&](std::size_t row) {
    return rows[row].state == State::failed ? kInfinity
                                            : measured_violation(problem, evidence.constraints[row]);
  };
  std::stable_sort(others.begin(), others.end(),
                   [&](std::size_t a, std::size_t b) { return violation(a) < violation(b); });
  sorted.insert(sorted.end(), others.begin(), others.end());
  return sorted;
}

}  // namespace

RegionRules morbo_rules(int d) {
  return {0.8, 0.01, 1.6, 3, std::max(d / 3, 10)};
}

std::vector<MorboRegion> replay_morbo(const Problem& problem, std::span<const Trial> rows,
                                      const Evidence& evidence, int count) {
  const RegionRules rules = morbo_rules(problem.space.dimension());
  const auto fresh = [&](int life) { return MorboRegion{life, {rules.first, 0, 0}, {}}; };
  std::vector<MorboRegion> regions(static_cast<std::size_t>(count), fresh(0));
  Progress progress(problem);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    bool success = false;
    if (rows[k].state == State::complete) success = progress.take_feasible(evidence.objectives[k]);
    if (rows[k].state == State::infeasible)
      success = progress.take_infeasible(measured_violation(problem, evidence.constraints[k]));
    const std::optional<RegionTag> tag = region_of(rows[k], "morbo");
    if (!tag || tag->region >= count) continue;
    MorboRegion& region = regions[static_cast<std::size_t>(tag->region)];
    if (tag->life > region.life) region = fresh(tag->life);
    if (tag->life < region.life) continue;
    const bool restart = region.life > 0 && region.members.empty();
    region.members.push_back(k);
    if (!restart && !region.pace.tell(success, rules)) region = fresh(region.life + 1);
  }
  for (MorboRegion& region : regions) {
    if (region.life > 0) continue;
    region.members.resize(rows.size());
    std::iota(region.members.begin(), region.members.end(), std::size_t{0});
  }
  return regions;
}

std::vector<std::optional<std::size_t>> morbo_centres(const Problem& problem, std::span<const Trial> rows,
                                                      const Evidence& evidence,
                                                      std::span<const MorboRegion> regions) {
  std::vector<std::optional<std::size_t>> centres;
  std::set<std::size_t> taken;
  for (const MorboRegion& region : regions) {
    centres.emplace_back();
    if (region.members.empty()) continue;
    const std::vector<std::size_t> sorted = by_preference(problem, rows, evidence, region.members);
    const auto free =
        std::find_if(sorted.begin(), sorted.end(), [&](std::size_t row) { return !taken.contains(row); });
    centres.back() = free == sorted.end() ? sorted.front() : *free;
    taken.insert(*centres.back());
  }
  return centres;
}

}  // namespace parsimony::solver
