#pragma once

#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/base/sha256.hpp"
#include "parsimony/driver/driver.hpp"
#include "parsimony/study/folder.hpp"

/// A small search on which the driver's promises are tested: a closed-form problem, an evaluator that can be
/// told to misbehave, and a solver whose proposals depend on every bit that it is shown.
namespace parsimony::toy {

inline solver::Problem problem() {
  solver::Problem problem;
  problem.space =
      space::Space({space::FloatParameter{"x", 0.0, 1.0, false}, space::IntegerParameter{"n", 1, 8, false},
                    space::CategoricalParameter{"kind", {"a", "b"}}});
  problem.objectives = {{"f1", solver::Source::measured, 2.0}, {"f2", solver::Source::measured, 2.0}};
  problem.constraints = {{"c1", solver::Source::measured}};
  return problem;
}

inline study::Description description() {
  study::Description description;
  description.configuration = R"({"toy": 1, "seed": 1})";
  description.parameters = {"x", "n", "kind"};
  description.objectives = {"f1", "f2"};
  description.constraints = {"c1"};
  return description;
}

inline study::Store make_study(const std::filesystem::path& folder) {
  return study::make_or_resume_study(folder, description(), {"trials"});
}

/// What goes wrong, and how long an evaluation takes. A trial number of 0 is none.
struct Behaviour {
  int milliseconds = 0;     ///< of each evaluation
  int crashes_on = 0;       ///< the worker dies on this trial, always
  int crashes_once_on = 0;  ///< …the first time
  int throws_on = 0;
  int is_no_number_on = 0;
  int machine_fails_on = 0;          ///< EnvironmentError
  int input_fails_on = 0;            ///< InputError
  std::filesystem::path marks = {};  ///< a folder in which "the first time" is remembered

  std::string text() const {
    std::ostringstream text;
    text << milliseconds << ' ' << crashes_on << ' ' << crashes_once_on << ' ' << throws_on << ' '
         << is_no_number_on << ' ' << machine_fails_on << ' ' << input_fails_on << ' ' << marks.string();
    return text.str();
  }
  static Behaviour parse(const std::string& text) {
    Behaviour b;
    std::string marks;
    std::istringstream stream(text);
    stream >> b.milliseconds >> b.crashes_on >> b.crashes_once_on >> b.throws_on >> b.is_no_number_on >>
        b.machine_fails_on >> b.input_fails_on >> marks;
    b.marks = marks;
    return b;
  }
};

class ToyEvaluator {
 public:
  explicit ToyEvaluator(Behaviour behaviour) : behaviour_(std::move(behaviour)) {}

  study::Outcome evaluate(const study::Job& job, const study::KeepGoing& keep_going) {
    misbehave(job.trial);
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(behaviour_.milliseconds);
    while (std::chrono::steady_clock::now() < end && keep_going())
      std::this_thread::sleep_until(
          std::min(end, std::chrono::steady_clock::now() + std::chrono::milliseconds(5)));
    const double x = std::get<double>(job.configuration.at(0));
    const auto n = static_cast<double>(std::get<std::int64_t>(job.configuration.at(1)));
    const bool a = std::get<std::string>(job.configuration.at(2)) == "a";
    study::Outcome outcome;
    outcome.objectives = {std::sin(x) + n / 10, std::cos(3 * x) / n + (a ? 0.1 : 0.2)};
    outcome.constraints = {x - 0.9};
    if (job.trial == behaviour_.is_no_number_on)
      outcome.objectives[0] = std::numeric_limits<double>::quiet_NaN();
    outcome.artefacts = {{"result", job.purpose + " " + std::to_string(job.trial)}};
    outcome.metrics = R"({"purpose": ")" + job.purpose + "\"}";
    return outcome;
  }

 private:
  void misbehave(int trial) const {
    if (trial == behaviour_.crashes_on) ::_exit(77);
    if (trial == behaviour_.crashes_once_on && first_time(trial)) ::_exit(77);
    if (trial == behaviour_.throws_on) throw std::runtime_error("a broken candidate");
    if (trial == behaviour_.machine_fails_on) throw EnvironmentError("the disk is full");
    if (trial == behaviour_.input_fails_on) throw InputError("data", "are gone");
  }
  bool first_time(int trial) const {
    const std::filesystem::path mark = behaviour_.marks / std::to_string(trial);
    if (std::filesystem::exists(mark)) return false;
    write_file(mark, "");
    return true;
  }

  Behaviour behaviour_;
};

/// Proposes a point that depends on every bit of its question, and notes what it was shown:
/// "seen 1 2 3 pending 4 5". Up to `points` of them.
struct ToySolver {
  int points = std::numeric_limits<int>::max();
  int milliseconds = 0;

  std::string name() const { return "toy"; }
  solver::Answer ask(const solver::Problem& problem, const solver::Question& question) const {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    if (question.first_trial > points) return {{}, true};
    std::ostringstream note, bits;
    note << "seen";
    for (const solver::Trial& trial : question.history) {
      note << ' ' << trial.number;
      bits << trial.number << static_cast<int>(trial.state) << trial.record;
      for (const double value : trial.point) bits << ' ' << std::hexfloat << value;
      for (const double value : trial.objectives) bits << ' ' << std::hexfloat << value;
    }
    note << " pending";
    for (const solver::Pending& pending : question.pending) {
      note << ' ' << pending.number;
      for (const double value : pending.point) bits << " p" << std::hexfloat << value;
    }
    const std::uint64_t key = std::stoull(sha256(bits.str()).substr(0, 15), nullptr, 16);
    RandomStream random(question.seed, static_cast<std::uint64_t>(question.first_trial), "toy", key);
    std::vector<double> point(static_cast<std::size_t>(problem.space.dimension()));
    for (double& coordinate : point) coordinate = random.uniform();
    return {{{problem.space.snap(point), note.str()}}, false};
  }
};

/// The process that evaluates a row, or did.
inline pid_t worker_of(const study::Row& row) {
  return std::stoi(row.execution.owner.substr(row.execution.owner.rfind(':') + 1));
}

/// In-process workers unless `program` is given, which then is started with "worker DIR BEHAVIOUR".
inline driver::DriverTask task(const std::filesystem::path& folder, int trials, int workers,
                               const Behaviour& behaviour = {}, const std::filesystem::path& program = {}) {
  driver::DriverTask task;
  task.folder = folder;
  task.trials = trials;
  task.initial = 5;
  task.workers.count = workers;
  if (program.empty())
    task.workers.in_process = [behaviour] { return study::Evaluator(ToyEvaluator(behaviour)); };
  else
    task.workers.command = {program.string(), "worker", folder.string(), behaviour.text()};
  return task;
}

}  // namespace parsimony::toy
