#include "parsimony/problems/pruning_toy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/problems/closed_form.hpp"
#include "parsimony/problems/option_values.hpp"

namespace parsimony::problems {
namespace {

constexpr int kBlocks = 10, kSqueezes = 5, kGroups = 1 + kBlocks + kSqueezes;
constexpr int kWidth = 64,
              kInner = 16;  // channels of the whole network: of a convolution, of a squeeze layer
constexpr double kInputs = 6.0, kClasses = 4.0, kLength = 50.0;
constexpr double kBiasBytes = 4.0;

using Channels = std::array<double, kGroups>;  ///< stem, ten blocks, five squeeze layers
using Triple = std::array<double, 3>;          ///< ROM [B], RAM [B], FLOPs

int widest(int group) {
  return group <= kBlocks ? kWidth : kInner;
}

/// What a layer adds: its weights and biases, its multiply-accumulates, and what is alive while it runs.
void add_layer(Triple& costs, double weights, double outputs, double macs, double alive) {
  costs[0] += weights + kBiasBytes * outputs;
  costs[1] = std::max(costs[1], alive);
  costs[2] += 2.0 * macs;
}

Triple costs_of(const Channels& kept) {
  Triple costs{};
  double before = kept[0];
  add_layer(costs, 3.0 * kInputs * before, before, 3.0 * kInputs * before * kLength,
            (2.0 * kInputs + before) * kLength);
  for (int block = 1; block <= kBlocks; ++block) {
    const double after = kept[static_cast<std::size_t>(block)];
    add_layer(costs, 3.0 * before, before, 3.0 * before * kLength, 2.0 * before * kLength);
    add_layer(costs, before * after, after, before * after * kLength, (before + after) * kLength);
    if (block % 2 == 0) {
      const double inner = kept[static_cast<std::size_t>(kBlocks + block / 2)];
      add_layer(costs, 2.0 * after * inner, after + inner, 2.0 * after * inner,
                2.0 * after * kLength + inner);
    }
    before = after;
  }
  add_layer(costs, before * kClasses, kClasses, before * kClasses, before * kLength + before);
  return costs;
}

Triple limits_of_the_whole() {
  Channels whole{};
  for (int group = 0; group < kGroups; ++group) whole[static_cast<std::size_t>(group)] = widest(group);
  const Triple costs = costs_of(whole);
  return {0.25 * costs[0], 0.5 * costs[1], 0.25 * costs[2]};
}

/// Channels at any point: whole at snapped ones, and between two of them where the coordinate is.
Channels channels_at(std::span<const double> point) {
  Channels kept{};
  for (std::size_t group = 0; group < kGroups; ++group) {
    const double count = widest(static_cast<int>(group));
    const double channels = std::clamp(0.5 + count * point[group], 1.0, count);
    const double whole = std::round(channels);
    kept[group] = std::abs(channels - whole) < 1e-9 * whole ? whole : channels;  // no ulp above `exact`
  }
  return kept;
}

Channels whole_channels_at(std::span<const double> point) {
  Channels kept = channels_at(point);
  for (double& channels : kept) channels = std::round(channels);
  return kept;
}

void append_costs(const Channels& kept, const Triple& limits, bool limited, solver::Costs& all) {
  const Triple costs = costs_of(kept);
  for (std::size_t j = 0; j < 3; ++j) {
    all.objectives.push_back(costs[j] / limits[j]);
    if (limited) all.constraints.push_back(costs[j] / limits[j] - 1.0);
  }
}

/// 0 at the best training parameters, which depend on the batch: about 0.01 a tenth of the range away.
double cost_of_training(std::span<const double> training) {
  constexpr std::array<double, 3> kOfOptimiser = {0.03, 0.01, 0.0}, kOfSchedule = {0.02, 0.0, 0.008};
  const auto choice = [](double coordinate) {
    return static_cast<std::size_t>(std::min(2.0, std::floor(3.0 * coordinate)));
  };
  const double batch = training[3];
  const double rate = training[0] - 0.45 - 0.2 * batch;  // larger batches want larger rates
  const double decay = training[1] - 0.6, dropout = training[2] - 0.2;
  return rate * rate + 0.2 * decay * decay + 0.15 * dropout * dropout + 0.05 * (batch - 0.3) * (batch - 0.3) +
         kOfOptimiser[choice(training[4])] + kOfSchedule[choice(training[5])];
}

/// Falls with every group's channels, steeply where few are left; late blocks matter most, the narrowest
/// convolution holds the rest back.
double error_at(std::span<const double> point) {
  const Channels kept = whole_channels_at(point);
  double lost = 0.0, weights = 0.0, narrowest = 1.0;
  for (int group = 0; group < kGroups; ++group) {
    const double share = kept[static_cast<std::size_t>(group)] / widest(group);
    const double weight = group <= kBlocks ? 1.0 + 0.1 * group : 0.3;
    lost += weight * std::exp(-6.0 * share);
    weights += weight;
    if (group <= kBlocks) narrowest = std::min(narrowest, share);
  }
  const double error = 0.03 + 0.45 * lost / weights + 0.3 * std::exp(-25.0 * narrowest) +
                       cost_of_training(point.subspan(kGroups));
  return std::min(1.0, error);
}

std::vector<space::Parameter> parameters() {
  std::vector<space::Parameter> all;
  for (int group = 0; group < kGroups; ++group)
    all.push_back(space::IntegerParameter{fmt::format("keep_{}", group), 1, widest(group), false});
  all.push_back(space::FloatParameter{"rate", 1e-4, 1e-1, true});
  all.push_back(space::FloatParameter{"decay", 1e-6, 1e-2, true});
  all.push_back(space::FloatParameter{"dropout", 0.0, 0.6, false});
  all.push_back(space::IntegerParameter{"batch", 8, 128, true});
  all.push_back(space::CategoricalParameter{"optimiser", {"sgd", "momentum", "adam"}});
  all.push_back(space::CategoricalParameter{"schedule", {"constant", "cosine", "steps"}});
  return all;
}

solver::CostModel cost_model(const Triple& limits, bool limited) {
  solver::CostModel model;
  model.exact = [limits, limited](std::span<const double> point) {
    solver::Costs costs;
    append_costs(whole_channels_at(point), limits, limited, costs);
    return costs;
  };
  model.estimate = [limits, limited](std::span<const double> points, std::int64_t n, solver::Costs& costs) {
    constexpr std::size_t kDimension = kGroups + 6;
    PARSIMONY_EXPECTS(points.size() == static_cast<std::size_t>(n) * kDimension);
    costs = {};
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i)
      append_costs(channels_at(points.subspan(i * kDimension, kDimension)), limits, limited, costs);
  };
  return model;
}

bool yes_or_no(const ProblemOptions& options, std::string_view option, std::string_view otherwise) {
  const std::string text = text_option(options, option, otherwise);
  if (text != "yes" && text != "no")
    throw InputError(fmt::format("problem.{}", option), fmt::format("is '{}'", text), "yes or no");
  return text == "yes";
}

}  // namespace

BenchmarkProblem make_pruning_toy(const ProblemOptions& options) {
  expect_known(options, {"limits", "computed"});
  const std::string computed = text_option(options, "computed", "rom,ram,flops");
  if (computed != "rom,ram,flops" && computed != "none")
    throw InputError("problem.computed", fmt::format("is '{}'", computed), "rom,ram,flops or none");
  const bool exact = computed != "none", limited = yes_or_no(options, "limits", exact ? "yes" : "no");
  const solver::Source source = exact ? solver::Source::computed : solver::Source::measured;
  const Triple limits = limits_of_the_whole();

  BenchmarkProblem made;
  made.name = "pruning-toy";
  made.problem.space = space::Space(parameters());
  made.problem.objectives = {{"error", solver::Source::measured, 1.0}};
  for (const char* cost : {"rom", "ram", "flops"}) {
    made.problem.objectives.push_back({cost, source, 1.0});
    if (limited) made.problem.constraints.push_back({cost, source});
  }
  const solver::CostModel costs = cost_model(limits, limited);
  if (exact) made.problem.costs = costs;
  made.problem.smallest_point.assign(static_cast<std::size_t>(made.problem.space.dimension()), 0.0);
  made.evaluate = [costs](std::span<const double> point) {
    const solver::Costs held = costs.exact(point);
    Outcome outcome{{error_at(point)}, held.constraints};
    outcome.objectives.insert(outcome.objectives.end(), held.objectives.begin(), held.objectives.end());
    return outcome;
  };
  made.source = fmt::format("a pruned network in closed form, d {}, m 4", made.problem.space.dimension());
  return made;
}

}  // namespace parsimony::problems
