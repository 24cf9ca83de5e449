#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "parsimony/space/space.hpp"
#include "parsimony/study/row.hpp"

namespace parsimony::study {

/// What a worker hands to an evaluator. The outcome depends on the configuration and the keys
/// (study seed, trial, purpose) alone: never on the attempt, the worker or the clock.
struct Job {
  int trial = 0;
  std::string purpose = kTrial;
  space::Configuration configuration;
  std::vector<Artefact> artefacts;  ///< of a job after the trial itself: what the trial's evaluation stored
};

/// What came of a job. Stage, code and reason may also stand beside a complete one ("diverged").
struct Outcome {
  State state = State::complete;  ///< complete, infeasible or failed
  std::vector<double> objectives =
      {};  ///< [m] measured and computed; of a failed one empty, or NaN where unknown
  std::vector<double> constraints = {};  ///< [constraints] all of them; feasible when <= 0
  std::string stage = {}, code = {}, reason = {};
  std::string metrics = {};  ///< JSON text, free
  std::vector<Artefact> artefacts = {};
};

/// The outcome as it may stand in a row: a complete or infeasible one has `objectives` and `constraints`
/// finite values and is infeasible exactly when a constraint is over 0 (else it becomes failed, code
/// "invalid-outcome"); a failed one has NaN where it has no value. A job after the trial itself keeps no
/// values and is complete or failed.
Outcome settled(Outcome outcome, const std::string& purpose, int objectives, int constraints);

/// How an evaluation stays in touch while it works: now and then (each epoch) it asks whether to go on, and
/// may tell where it is. A default one goes on and tells nobody.
class KeepGoing {
 public:
  using Wanted = std::function<bool()>;
  using Tell = std::function<void(const std::string& stage)>;

  KeepGoing() = default;
  template <typename T>
  requires(std::is_invocable_r_v<bool, T&> && !std::same_as<std::remove_cvref_t<T>, KeepGoing>)
      KeepGoing(T wanted, Tell tell = {})
      : wanted_(std::move(wanted)), tell_(std::move(tell)) {}

  /// False when nobody wants the outcome any more, so that the evaluation may return at once with anything.
  bool operator()() const { return !wanted_ || wanted_(); }
  /// @param stage  for people to read: "epoch 45 of 160"
  void tell(const std::string& stage) const {
    if (tell_) tell_(stage);
  }

 private:
  Wanted wanted_;
  Tell tell_;
};

template <typename T>
concept EvaluatorLike = requires(T& evaluator, const Job& job, const KeepGoing& keep_going) {
  { evaluator.evaluate(job, keep_going) } -> std::same_as<Outcome>;
};

/// Any evaluator, as a value that is moved. A candidate that does not fit, diverges or crashes is an outcome;
/// InputError and EnvironmentError mean that no candidate can be evaluated, and end the worker;
/// any other exception fails the candidate.
class Evaluator {
 public:
  template <typename T>
  requires(!std::same_as<std::remove_cvref_t<T>, Evaluator> &&
           EvaluatorLike<std::remove_cvref_t<T>>) explicit Evaluator(T evaluator)
      : held_(std::make_unique<Model<T>>(std::move(evaluator))) {}

  Outcome evaluate(const Job& job, const KeepGoing& keep_going) { return held_->evaluate(job, keep_going); }

 private:
  struct Interface {
    virtual ~Interface() = default;
    virtual Outcome evaluate(const Job& job, const KeepGoing& keep_going) = 0;
  };
  template <typename T>
  struct Model final : Interface {
    explicit Model(T value) : evaluator(std::move(value)) {}
    Outcome evaluate(const Job& job, const KeepGoing& keep_going) override {
      return evaluator.evaluate(job, keep_going);
    }
    T evaluator;
  };
  std::unique_ptr<Interface> held_;
};

}  // namespace parsimony::study
