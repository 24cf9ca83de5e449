#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parsimony/driver/driver.hpp"
#include "parsimony/driver/ledger.hpp"
#include "parsimony/study/folder.hpp"

namespace parsimony::driver {

/// Puts trials into the study, in order of number: the initial design, then what the solver answers.
class Proposer {
 public:
  Proposer(study::Store& store, const solver::Problem& problem, const solver::Solver& solver,
           const DriverTask& task, const study::Clock& clock);

  /// Proposes the next trial if it may be proposed now. Afterwards the ledger needs a refresh.
  bool propose_next(const Ledger& ledger);
  /// No trial will ever be proposed any more.
  bool done(const Ledger& ledger) const { return exhausted_ || ledger.size() >= task_.trials; }
  bool exhausted() const { return exhausted_; }

  /// When trial `number` was asked for and answered; nullopt when a former run proposed it.
  struct Asked {
    double from = 0.0, to = 0.0;  ///< [s since 1970]
    bool from_solver = false;     ///< else of the initial design
  };
  std::optional<Asked> asked(int number) const;
  double asking_seconds() const;

 private:
  std::optional<solver::Proposal> design_point(int number);
  std::optional<solver::Proposal> ask(int number, const View& view, const Ledger& ledger);
  void insert(int number, const solver::Proposal& proposal, std::vector<int> seen);

  study::Store& store_;
  const solver::Problem& problem_;
  const solver::Solver& solver_;
  const DriverTask& task_;
  study::Clock clock_;
  std::optional<std::vector<std::vector<double>>> design_;
  bool exhausted_ = false;
  int first_asked_ = 0;  ///< number of the first trial in asked_
  std::vector<Asked> asked_;
};

}  // namespace parsimony::driver
