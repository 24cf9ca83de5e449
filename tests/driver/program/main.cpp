// toy_program worker DIR BEHAVIOUR --worker N          behaves as parsimony-worker does
// toy_program mortal-worker DIR BEHAVIOUR --worker N   knows no signals: SIGTERM kills it
// toy_program search DIR TRIALS WORKERS BEHAVIOUR     prints the digest

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "parsimony/driver/stop_signals.hpp"
#include "parsimony/driver/worker_process.hpp"
#include "parsimony/study/digest.hpp"
#include "toy.hpp"

namespace parsimony::toy {
namespace {

int work(const char* folder, const char* behaviour, const driver::WorkerOptions& options) {
  study::Store store = study::open_study(folder);
  study::Evaluator evaluator{ToyEvaluator(Behaviour::parse(behaviour))};
  driver::work(store, evaluator, options);
  return 0;
}

int polite_work(const char* folder, const char* behaviour) {
  const driver::WorkerProcess process;
  const int code = work(folder, behaviour, process.options());
  process.end_as_told();
  return code;
}

int mortal_work(const char* folder, const char* behaviour) {
  driver::WorkerOptions options;
  options.name = driver::worker_name(::getpid());
  return work(folder, behaviour, options);
}

int search(const char* folder, const char* trials, const char* workers, const char* behaviour) {
  const driver::StopSignals signals;
  study::Store store = make_study(folder);
  driver::DriverTask settings =
      task(folder, std::atoi(trials), std::atoi(workers), Behaviour::parse(behaviour), "/proc/self/exe");
  settings.stop = &signals.count();
  const driver::Summary summary = driver::run(store, problem(), solver::Solver(ToySolver{}), settings, {});
  const driver::TimeAccount& time = summary.time;
  fmt::print(
      stderr,
      "wall {:.3f} s; worker time: evaluating {:.3f}, suggesting {:.3f}, overhead {:.3f}, waiting {:.3f}\n",
      time.wall, time.evaluating, time.suggesting, time.overhead, time.waiting);
  fmt::print("{}\n", study::digest(store.rows()));
  return 0;
}

}  // namespace
}  // namespace parsimony::toy

int main(int count, char** arguments) {
  try {
    if (count >= 4 && std::strcmp(arguments[1], "worker") == 0)
      return parsimony::toy::polite_work(arguments[2], arguments[3]);
    if (count >= 4 && std::strcmp(arguments[1], "mortal-worker") == 0)
      return parsimony::toy::mortal_work(arguments[2], arguments[3]);
    if (count == 6 && std::strcmp(arguments[1], "search") == 0)
      return parsimony::toy::search(arguments[2], arguments[3], arguments[4], arguments[5]);
    fmt::print(stderr, "usage: see main.cpp\n");
    return 2;
  } catch (const parsimony::InputError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 3;
  }
}
