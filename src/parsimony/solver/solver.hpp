#pragma once

#include <concepts>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "parsimony/solver/problem.hpp"

namespace parsimony::solver {

/// What a solver must offer. `ask` is a pure function of problem, question and the solver's options:
/// the same in any process, after any other asks, for any number of threads (SEMANTICS section 3).
template <class T>
concept SolverLike = requires(const T& solver, const Problem& problem, const Question& question) {
  { solver.ask(problem, question) } -> std::same_as<Answer>;
  { solver.name() } -> std::convertible_to<std::string>;
};

/// A solver of any kind, as a value.
/// The initial design is not a solver's business (initial_design.hpp): the driver evaluates it first and asks
/// for the trials after it. A solver accepts any history nevertheless, an empty one too.
class Solver {
 public:
  template <class T>
  requires(!std::same_as<std::remove_cvref_t<T>, Solver> &&
           SolverLike<std::remove_cvref_t<T>>) explicit Solver(T&& solver)
      : held_(std::make_unique<Model<std::remove_cvref_t<T>>>(std::forward<T>(solver))) {}

  /// question.count proposals, each new (in neither history nor pending nor proposed before it), snapped, and
  /// within every computed limit by `exact`; fewer, and exhausted, when no such point is left.
  Answer ask(const Problem& problem, const Question& question) const { return held_->ask(problem, question); }
  std::string name() const { return held_->name(); }

 private:
  struct Interface {
    virtual ~Interface() = default;
    virtual Answer ask(const Problem& problem, const Question& question) const = 0;
    virtual std::string name() const = 0;
  };
  template <class T>
  struct Model final : Interface {
    explicit Model(T solver) : solver_(std::move(solver)) {}
    Answer ask(const Problem& problem, const Question& question) const override {
      return solver_.ask(problem, question);
    }
    std::string name() const override { return solver_.name(); }
    T solver_;
  };
  std::unique_ptr<const Interface> held_;
};

/// A solver's options as they stand in a study file: option -> scalar as written.
using SolverOptions = std::map<std::string, std::string>;

/// The names that make_solver knows.
std::vector<std::string> solver_names();

/// The options that a solver knows, in the order of its documentation.
/// @throws InputError("solver.name") for an unknown name
std::vector<std::string> solver_option_names(std::string_view name);

/// @throws InputError naming "solver.name" or "solver.<option>", the value and what is allowed
Solver make_solver(std::string_view name, const SolverOptions& options = {});

}  // namespace parsimony::solver
