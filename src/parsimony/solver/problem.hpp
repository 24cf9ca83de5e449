#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "parsimony/space/space.hpp"

namespace parsimony::solver {

/// Whether a value is known only by evaluating, or is an exact function of the point.
enum class Source { measured, computed };

/// Minimised. The reference is the hypervolume's, in the units of the values.
struct Objective {
  std::string name;
  Source source = Source::measured;
  double reference = 1.0;
};

/// Feasible when <= 0. For a computed cost with a limit the value is cost/limit − 1: its relative excess.
struct Constraint {
  std::string name;
  Source source = Source::measured;
};

/// The computed objectives and constraints of one or more points, in the problem's order (measured ones left
/// out).
struct Costs {
  std::vector<double> objectives;   ///< [n, computed objectives], row by row
  std::vector<double> constraints;  ///< [n, computed constraints], row by row
};

/// How computed values are had (SEMANTICS: ROM, RAM, FLOPs). Both must be safe to call from several threads.
struct CostModel {
  /// Cheap, batched, at any point of the unit cube, not only snapped ones: unit points [n, d] row by row.
  /// Never exceeds `exact`.
  std::function<void(std::span<const double> points, std::int64_t n, Costs& costs)> estimate;
  /// One snapped point [d].
  std::function<Costs(std::span<const double> point)> exact;
};

/// What a solver is told: numbers, never networks.
struct Problem {
  space::Space space;
  std::vector<Objective> objectives;
  std::vector<Constraint> constraints;
  CostModel costs;  ///< empty functions when nothing is computed
  std::vector<double>
      smallest_point;  ///< [d] or empty: a point of least cost, with which infeasible limits are detected
};

enum class State { queued, running, complete, infeasible, failed, stale };

/// One row of the history. Points are snapped: encoded from the decoded configuration.
struct Trial {
  int number = 0;                 ///< from 1
  std::vector<double> point;      ///< [d] in the unit cube
  State state = State::complete;  ///< complete, infeasible or failed
  std::vector<double>
      objectives;  ///< [m], all of them; of a failed row the computed ones are exact, the measured NaN
  std::vector<double> constraints;  ///< [constraints], all of them; NaN where not measured
  std::string record;               ///< what the solver noted when it proposed this point (JSON text)
  std::vector<int> seen;            ///< numbers of the trials that the proposal had seen
};

struct Pending {
  int number = 0;
  std::vector<double> point;
};

struct Proposal {
  std::vector<double> point;  ///< [d], snapped
  std::string record;         ///< JSON text, stored in the trial's row
};

struct Answer {
  std::vector<Proposal> proposals;  ///< q, or fewer when the space is used up
  bool exhausted = false;
};

/// What ask is given. A solver is a pure function of this.
struct Question {
  std::span<const Trial> history;    ///< by trial number
  std::span<const Pending> pending;  ///< by trial number
  int count = 1;                     ///< q
  int first_trial = 1;               ///< number of the first trial proposed
  std::uint64_t seed = 1;
};

}  // namespace parsimony::solver
