#include "parsimony/search/problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"

namespace parsimony::search {
namespace {

constexpr std::size_t kCosts = 4, kInstructions = 3;
using CostValues = std::array<double, kCosts>;
constexpr std::array<const char*, kCosts> kCostNames{"rom", "ram", "flops", "instructions"};

CostValues values_of(const network::Cost& cost) {
  return {static_cast<double>(cost.rom.value), static_cast<double>(cost.ram.value),
          static_cast<double>(cost.flops.value), static_cast<double>(cost.instructions)};
}

/// Where a group's kept channels come from: a coordinate of the unit cube, or a constant.
struct KeptChannels {
  int coordinate = -1;  ///< −1: always `low`
  double low = 1.0, high = 1.0;

  double at(const double* point) const {
    if (coordinate < 0) return low;
    const double count = high - low + 1.0;
    return std::clamp(low + point[coordinate] * count - 0.5, low, high);
  }
};

KeptChannels kept_channels_of(const SearchSpace& searched, const network::Group& group) {
  const std::string name = keep_name(group);
  const int index = searched.space.index_of(name);
  if (index >= 0) {
    const auto& range =
        std::get<space::IntegerParameter>(searched.space.parameters()[static_cast<std::size_t>(index)]);
    return {index, static_cast<double>(range.low), static_cast<double>(range.high)};
  }
  const auto fixed = std::find_if(searched.fixed.begin(), searched.fixed.end(),
                                  [&](const Fixed& held) { return held.name == name; });
  PARSIMONY_EXPECTS(fixed != searched.fixed.end());
  const auto value = static_cast<double>(std::get<std::int64_t>(fixed->value));
  return {-1, value, value};
}

/// A coordinate within rounding of a cell's middle means its whole count, so that estimates at snapped points
/// are those of whole channels and never exceed the exact cost by an ulp.
double whole_if_near(double kept) {
  const double whole = std::round(kept);
  return std::abs(kept - whole) < 1e-9 * whole ? whole : kept;
}

/// From unit points to costs in the problem's order and scale.
class NetworkCosts {
 public:
  NetworkCosts(const SearchSpace& searched, std::shared_ptr<const network::CostModel> costs,
               const ProblemOptions& options)
      : dimension_(searched.space.dimension()), costs_(std::move(costs)) {
    for (const network::Group& group : searched.groups) kept_.push_back(kept_channels_of(searched, group));
    for (const std::string& objective : options.objectives) {
      const auto found = std::find(kCostNames.begin(), kCostNames.end(), objective);
      if (found != kCostNames.end())
        objectives_.push_back(static_cast<std::size_t>(found - kCostNames.begin()));
    }
    scale_ = values_of(costs_->unpruned());
    set_limit(0, options.limits.rom ? &options.limits.rom->value : nullptr);
    set_limit(1, options.limits.ram ? &options.limits.ram->value : nullptr);
    set_limit(2, options.limits.flops ? &options.limits.flops->value : nullptr);
    set_limit(kInstructions, options.limits.instructions ? &*options.limits.instructions : nullptr);
    counts_instructions_ =
        std::ranges::find(objectives_, kInstructions) != objectives_.end() || options.limits.instructions;
  }

  const std::vector<std::size_t>& limited() const { return limited_; }
  bool counts_instructions() const { return counts_instructions_; }
  bool meets_limits(const CostValues& cost) const {
    return std::all_of(limited_.begin(), limited_.end(), [&](std::size_t i) { return cost[i] <= scale_[i]; });
  }

  void estimate(std::span<const double> points, std::int64_t n, solver::Costs& out) const {
    PARSIMONY_EXPECTS(static_cast<std::int64_t>(points.size()) == n * dimension_);
    std::vector<double> kept;
    kept.reserve(static_cast<std::size_t>(n) * kept_.size());
    for (std::int64_t i = 0; i < n; ++i) {
      const double* point = points.data() + i * dimension_;
      for (const KeptChannels& group : kept_) kept.push_back(whole_if_near(group.at(point)));
    }
    network::Estimates estimates;
    costs_->estimate(kept, n, estimates);
    std::vector<double> instructions(static_cast<std::size_t>(n), 0.0);
    if (counts_instructions_) costs_->estimate_instructions(kept, n, instructions);
    out.objectives.clear();
    out.constraints.clear();
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
      append({estimates.rom[i], estimates.ram[i], estimates.flops[i], instructions[i]}, out);
    }
  }

  solver::Costs exact(std::span<const double> point) const {
    PARSIMONY_EXPECTS(static_cast<std::int64_t>(point.size()) == dimension_);
    std::vector<std::int32_t> kept;
    for (const KeptChannels& group : kept_) {
      kept.push_back(static_cast<std::int32_t>(std::round(group.at(point.data()))));
    }
    solver::Costs out;
    append(values_of(costs_->exact(kept)), out);
    return out;
  }

 private:
  void set_limit(std::size_t cost, const std::int64_t* limit) {
    if (limit == nullptr) return;
    scale_[cost] = static_cast<double>(*limit);
    limited_.push_back(cost);
  }

  void append(const CostValues& cost, solver::Costs& out) const {
    for (std::size_t i : objectives_) out.objectives.push_back(cost[i] / scale_[i]);
    for (std::size_t i : limited_) out.constraints.push_back(cost[i] / scale_[i] - 1.0);
  }

  std::int64_t dimension_;
  std::shared_ptr<const network::CostModel> costs_;
  std::vector<KeptChannels> kept_;       ///< [groups]
  std::vector<std::size_t> objectives_;  ///< indices into CostValues, in the problem's order
  std::vector<std::size_t> limited_;     ///< likewise
  bool counts_instructions_ = false;     ///< whether the problem asks for them
  CostValues scale_{};                   ///< limit, or the unpruned network's cost
};

void validate_objectives(const ProblemOptions& options) {
  std::set<std::string> seen;
  for (const std::string& name : options.objectives) {
    const std::vector<std::string>& known = known_objectives();
    const std::string allowed = fmt::format("{}", fmt::join(known, ", "));
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw InputError(options.where + ": objectives", fmt::format("has '{}'", name), allowed);
    }
    if (!seen.insert(name).second) {
      throw InputError(options.where + ": objectives", fmt::format("has '{}' twice", name), allowed);
    }
  }
  if (!seen.contains("error"))
    throw InputError(options.where + ": objectives", "lacks 'error'", "a list with error");
}

std::vector<double> smallest_point_of(const SearchSpace& searched) {
  std::vector<double> point(static_cast<std::size_t>(searched.space.dimension()), 0.5);
  for (const network::Group& group : searched.groups) {
    const int index = searched.space.index_of(keep_name(group));
    if (index >= 0) point[static_cast<std::size_t>(index)] = 0.0;
  }
  return searched.space.snap(point);
}

std::string limit_text(const Limits& limits) {
  std::vector<std::string> parts;
  if (limits.rom) parts.push_back(fmt::format("ROM {} B", limits.rom->value));
  if (limits.ram) parts.push_back(fmt::format("RAM {} B", limits.ram->value));
  if (limits.flops) parts.push_back(fmt::format("FLOPs {}", limits.flops->value));
  if (limits.instructions) parts.push_back(fmt::format("instructions {}", *limits.instructions));
  return fmt::format("{}", fmt::join(parts, ", "));
}

void require_reachable(const NetworkCosts& costs, const network::Cost& smallest,
                       const ProblemOptions& options) {
  if (costs.meets_limits(values_of(smallest))) return;
  throw InputError(
      options.where + ": limits",
      fmt::format("no network of the search space fits {}", limit_text(options.limits)),
      fmt::format("at least what the smallest one needs: ROM {} B, RAM {} B, FLOPs {}, instructions {}",
                  smallest.rom.value, smallest.ram.value, smallest.flops.value, smallest.instructions));
}

}  // namespace

const std::vector<std::string>& known_objectives() {
  static const std::vector<std::string> names{"error", "rom", "ram", "flops", "instructions"};
  return names;
}

network::Cost smallest_cost(const SearchSpace& searched, const network::CostModel& costs) {
  std::vector<std::int32_t> kept;
  for (const network::Group& group : searched.groups) {
    kept.push_back(static_cast<std::int32_t>(kept_channels_of(searched, group).low));
  }
  return costs.exact(kept);
}

solver::Problem network_problem(const SearchSpace& searched, std::shared_ptr<const network::CostModel> costs,
                                const ProblemOptions& options) {
  validate_objectives(options);
  PARSIMONY_EXPECTS(costs != nullptr && costs->groups().size() == searched.groups.size());
  const auto model = std::make_shared<const NetworkCosts>(searched, costs, options);
  if (model->counts_instructions() && costs->unpruned().instructions == 0)
    throw InputError(options.where + ": instructions", "are not predicted for this target's kernels",
                     "a target with rows in emit/instruction_rows.hpp");
  require_reachable(*model, smallest_cost(searched, *costs), options);

  solver::Problem problem;
  problem.space = searched.space;
  for (const std::string& name : options.objectives) {
    problem.objectives.push_back(
        {name, name == "error" ? solver::Source::measured : solver::Source::computed, 1.0});
  }
  for (std::size_t i : model->limited())
    problem.constraints.push_back({kCostNames[i], solver::Source::computed});
  problem.costs.estimate = [model](std::span<const double> points, std::int64_t n, solver::Costs& out) {
    model->estimate(points, n, out);
  };
  problem.costs.exact = [model](std::span<const double> point) { return model->exact(point); };
  problem.smallest_point = smallest_point_of(searched);
  return problem;
}

}  // namespace parsimony::search
