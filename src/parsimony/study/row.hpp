#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "parsimony/solver/problem.hpp"
#include "parsimony/space/space.hpp"

namespace parsimony::study {

using solver::State;

/// Purposes of jobs: every trial has one of the first kind, and further ones on demand.
inline constexpr const char* kTrial = "trial";  ///< the evaluation that fills the row
inline constexpr const char* kFinal = "final";  ///< what is deployed from a complete row
inline constexpr const char* kRepeat =
    "repeat/";  ///< and a number: a complete row's trial again, by other keys

/// Reason codes that the study itself gives; an evaluator adds its own ("diverged", "timeout", ...).
inline constexpr const char* kWorkerDied =
    "worker-died";                                      ///< three workers died on it before a living driver
inline constexpr const char* kException = "exception";  ///< the evaluator threw
inline constexpr const char* kInvalid = "invalid-outcome";  ///< not a number, or the wrong count of values

/// "queued", "running", "complete", "infeasible", "failed" or "stale".
const char* state_name(State state);
/// The state of that name. Precondition: there is one.
State state_of(const std::string& name);
/// Complete, infeasible or failed: it counts among the trials and never changes again.
bool ended(State state);

/// A file of bytes that a job leaves behind, stored under (trial, purpose, name): "model.graph".
struct Artefact {
  std::string name;
  std::string bytes;
};

/// One evaluation of one trial for one purpose: how it stands.
struct Execution {
  int trial = 0;
  std::string purpose = kTrial;
  State state = State::queued;  ///< a final job is never infeasible
  std::string stage = {};    ///< where it ended: "train", "quantise", ...; running: where it is, for people
  std::string code = {};     ///< reason code; empty when there is nothing to tell
  std::string reason = {};   ///< the same for people
  std::string metrics = {};  ///< JSON text of the evaluator's; empty when it left none
  std::string owner = {};    ///< the worker that has or had it
  double expires = 0.0;      ///< end of its lease [s since 1970]
  int attempts = 0;          ///< times claimed
  int deaths = 0;            ///< workers that a living driver saw die on it
  double queued = 0.0, started = 0.0, finished = 0.0;  ///< [s since 1970]; 0 when not yet
  double seconds = 0.0;       ///< spent in the evaluator by the attempt that was taken [s]
  std::int64_t revision = 0;  ///< grows with every change of any execution
};

/// A trial: what was proposed, and what came of it.
struct Row {
  int number = 0;  ///< from 1
  space::Configuration configuration;
  std::string record;               ///< the solver's note, JSON text or empty
  std::vector<int> seen;            ///< numbers of the trials that the proposal had seen, ascending
  int workers = 0;                  ///< workers of the run that proposed it
  std::vector<double> objectives;   ///< [m]; NaN where not known
  std::vector<double> constraints;  ///< [constraints]; NaN where not known
  Execution execution;              ///< of purpose "trial"

  State state() const { return execution.state; }
};

/// What the driver puts in a new row.
struct NewTrial {
  int number = 0;
  space::Configuration configuration;
  std::string record;
  std::vector<int> seen;
  int workers = 0;
};

}  // namespace parsimony::study
