#pragma once

#include <cstdint>
#include <vector>

#include "parsimony/driver/observer.hpp"
#include "parsimony/solver/problem.hpp"
#include "parsimony/study/store.hpp"

namespace parsimony::driver {

/// The driver's copy of the rows, kept up to date by reading only what changed.
class Ledger {
 public:
  Ledger(const study::Store& store, const solver::Problem& problem)
      : store_(store.another()), problem_(problem) {}

  /// What a look at the store found new.
  struct News {
    bool any = false;
    std::vector<int> ended;  ///< numbers of the rows that ended since the last look
  };
  News refresh();

  int size() const { return static_cast<int>(rows_.size()); }
  const study::Row& row(int number) const { return rows_.at(static_cast<std::size_t>(number) - 1); }
  const std::vector<bool>& ended() const { return ended_; }
  /// Ended row as solvers see it. Precondition: it has ended.
  const solver::Trial& trial(int number) const { return trials_.at(static_cast<std::size_t>(number) - 1); }

  int count(study::State state) const;
  int count_ended() const;
  /// Least value of each objective over the complete rows; NaN while there is none.
  std::vector<double> best() const;

 private:
  study::Store store_;  ///< a connection of its own: the driver's own changes show in its change_count
  const solver::Problem& problem_;
  std::int64_t seen_change_ = -1;
  std::int64_t revision_ = 0;
  std::vector<study::Row> rows_;
  std::vector<bool> ended_;
  std::vector<solver::Trial> trials_;
};

}  // namespace parsimony::driver
