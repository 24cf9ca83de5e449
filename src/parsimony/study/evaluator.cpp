#include "parsimony/study/evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace parsimony::study {
namespace {

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

/// What is wrong with the values of an outcome that claims to have been evaluated; "" when nothing is.
std::string objection(const Outcome& outcome, std::size_t objectives, std::size_t constraints) {
  if (!ended(outcome.state)) return fmt::format("the evaluation ended {}", state_name(outcome.state));
  if (outcome.state == State::failed) return {};
  if (outcome.objectives.size() != objectives)
    return fmt::format("{} objectives instead of {}", outcome.objectives.size(), objectives);
  if (outcome.constraints.size() != constraints)
    return fmt::format("{} constraints instead of {}", outcome.constraints.size(), constraints);
  if (!all_finite(outcome.objectives)) return "an objective is not a finite number";
  if (!all_finite(outcome.constraints)) return "a constraint is not a finite number";
  return {};
}

/// [count] finite values and NaN; all NaN where the count is another.
void keep_finite(std::vector<double>& values, std::size_t count) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  if (values.size() != count) values.assign(count, kUnknown);
  for (double& value : values)
    if (!std::isfinite(value)) value = kUnknown;
}

bool breaks_a_constraint(const Outcome& outcome) {
  return std::any_of(outcome.constraints.begin(), outcome.constraints.end(),
                     [](double value) { return value > 0; });
}

}  // namespace

Outcome settled(Outcome outcome, const std::string& purpose, int objectives, int constraints) {
  if (purpose != kTrial) {
    outcome.objectives.clear();
    outcome.constraints.clear();
    if (outcome.state != State::complete) outcome.state = State::failed;
    return outcome;
  }
  const auto m = static_cast<std::size_t>(objectives), c = static_cast<std::size_t>(constraints);
  const std::string problem = objection(outcome, m, c);
  if (!problem.empty()) {
    outcome.state = State::failed;
    outcome.code = kInvalid;
    outcome.reason = problem;
  }
  if (outcome.state == State::failed) {
    keep_finite(outcome.objectives, m);
    keep_finite(outcome.constraints, c);
  } else {
    outcome.state = breaks_a_constraint(outcome) ? State::infeasible : State::complete;
  }
  return outcome;
}

}  // namespace parsimony::study
