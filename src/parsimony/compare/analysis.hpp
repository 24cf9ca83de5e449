#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "parsimony/compare/bootstrap.hpp"
#include "parsimony/compare/run.hpp"

namespace parsimony::compare {

/// Quartiles over seeds after each evaluation.
struct Band {
  std::vector<double> lower, middle, upper;
};

/// A figure of one solver on one problem over its seeds.
struct Finals {
  std::vector<double> values;  ///< by seed
  double middle = 0.0;         ///< their median
  Interval interval;           ///< 95 %, of the median (median_interval)
};

/// What a solver did on a problem. Curves are hypervolumes, or least values with one objective.
struct SolverFigures {
  std::string solver;                       ///< label
  std::string program;                      ///< who ran it
  std::vector<std::uint64_t> seeds;         ///< ascending
  std::vector<std::vector<double>> curves;  ///< [seeds][budget], shorter where a run is
  Band band;                                ///< to the end of the shortest curve
  std::vector<Finals> at;                   ///< [budgets], no values where a run is shorter
  double seconds_per_ask = 0.0;             ///< mean over all asks of all seeds; 0 where none was timed
  double median_seconds = 0.0, largest_seconds = 0.0;  ///< of an ask
  int exhausted = 0;  ///< runs that used up the space; their last value holds
};

/// a − b over the seeds that both have.
struct PairedFigures {
  std::string a, b;
  int seeds = 0;
  double median_difference = 0.0;
  Interval interval;  ///< 95 %, of the median difference
  double p = 1.0;     ///< Wilcoxon's signed rank, two-sided
  bool exact = true;
};

struct ProblemFigures {
  std::string problem, source;
  bool least_value = false;  ///< one objective: less is better; else hypervolume
  std::vector<double> reference;
  std::optional<double> best;
  int budget = 0, initial = 0;
  std::vector<std::uint64_t> seeds;
  std::vector<int> budgets;                        ///< ascending, the last is `budget`
  std::vector<SolverFigures> solvers;              ///< in the contest's order, then included ones
  std::vector<std::vector<PairedFigures>> paired;  ///< [budgets], each solver with each after it
};

/// The evaluations at which solvers are compared: those asked for and the contest's trials, ascending.
/// @throws InputError("--at") for one outside 1 … trials
std::vector<int> budgets_of(const Contest& contest, std::vector<int> asked);

/// @param runs     any order; a run longer than the contest's trials has been cut
/// @param budgets  evaluations at which finals and pairs are wanted beside the contest's trials
/// @throws InputError as budgets_of(), and for two runs of one solver, problem and seed
std::vector<ProblemFigures> analyse(const Contest& contest, const std::vector<Run>& runs,
                                    std::vector<int> budgets);

/// `compare --json`: one object a problem, one line each.
std::string to_json(const std::vector<ProblemFigures>& problems);

/// Tables for a terminal.
std::string terminal_tables(const std::vector<ProblemFigures>& problems);

/// The self-contained page.
std::string to_html(const std::vector<ProblemFigures>& problems);

}  // namespace parsimony::compare
