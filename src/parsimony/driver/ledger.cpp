#include "parsimony/driver/ledger.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "parsimony/base/contracts.hpp"
#include "parsimony/study/history.hpp"

namespace parsimony::driver {

Ledger::News Ledger::refresh() {
  News news;
  const std::int64_t change = store_.change_count();
  if (change == seen_change_) return news;
  seen_change_ = change;
  for (study::Row& row : store_.rows(revision_)) {
    news.any = true;
    revision_ = std::max(revision_, row.execution.revision);
    const auto index = static_cast<std::size_t>(row.number) - 1;
    if (index == rows_.size()) {
      rows_.emplace_back();
      ended_.push_back(false);
      trials_.emplace_back();
    }
    PARSIMONY_EXPECTS(index < rows_.size());  // rows are numbered without gaps
    if (study::ended(row.state()) && !ended_[index]) {
      ended_[index] = true;
      trials_[index] = study::to_trial(row, problem_);
      news.ended.push_back(row.number);
    }
    rows_[index] = std::move(row);
  }
  return news;
}

int Ledger::count(study::State state) const {
  return static_cast<int>(
      std::count_if(rows_.begin(), rows_.end(), [&](const study::Row& row) { return row.state() == state; }));
}

int Ledger::count_ended() const {
  return static_cast<int>(std::count(ended_.begin(), ended_.end(), true));
}

std::vector<double> Ledger::best() const {
  std::vector<double> best(problem_.objectives.size(), std::numeric_limits<double>::quiet_NaN());
  for (const study::Row& row : rows_) {
    if (row.state() != study::State::complete) continue;
    for (std::size_t j = 0; j < best.size(); ++j) best[j] = std::fmin(best[j], row.objectives[j]);
  }
  return best;
}

}  // namespace parsimony::driver
