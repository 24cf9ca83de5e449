#include "parsimony/study/history.hpp"

#include <cmath>
#include <limits>

#include "parsimony/base/contracts.hpp"

namespace parsimony::study {
namespace {

/// The entries of one source in order, taken from the exact costs where the row lacks them; those measured
/// become NaN.
template <typename Entry>
void fill_failed(std::vector<double>& values, const std::vector<Entry>& entries,
                 const std::vector<double>& exact) {
  std::size_t computed = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].source == solver::Source::computed)
      values[i] = exact.at(computed++);
    else
      values[i] = std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace

solver::Trial to_trial(const Row& row, const solver::Problem& problem) {
  PARSIMONY_EXPECTS(ended(row.state()));
  solver::Trial trial{row.number,      problem.space.encode(row.configuration),
                      row.state(),     row.objectives,
                      row.constraints, row.record,
                      row.seen};
  if (trial.state == State::failed) {
    const solver::Costs exact = problem.costs.exact ? problem.costs.exact(trial.point) : solver::Costs{};
    fill_failed(trial.objectives, problem.objectives, exact.objectives);
    fill_failed(trial.constraints, problem.constraints, exact.constraints);
  }
  return trial;
}

solver::Pending to_pending(const Row& row, const solver::Problem& problem) {
  return {row.number, problem.space.encode(row.configuration)};
}

}  // namespace parsimony::study
