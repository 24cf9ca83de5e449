#include "parsimony/compare/run_all.hpp"

#include <mutex>
#include <numeric>
#include <optional>

#include "parsimony/base/thread_pool.hpp"
#include "parsimony/compare/run_file.hpp"

namespace parsimony::compare {
namespace {

struct Task {
  const Arena* arena;
  const Contestant* contestant;
  std::uint64_t seed;
  std::size_t place;  ///< in the result
};

/// Seeds outermost: what is there after a kill is whole comparisons of fewer seeds.
std::vector<Task> tasks_of(const Contest& contest) {
  std::vector<Task> tasks;
  const std::size_t seeds = contest.seeds.size(), contestants = contest.contestants.size();
  for (std::size_t s = 0; s < seeds; ++s)
    for (std::size_t a = 0; a < contest.arenas.size(); ++a)
      for (std::size_t c = 0; c < contestants; ++c)
        tasks.push_back({&contest.arenas[a], &contest.contestants[c], contest.seeds[s],
                         (a * contestants + c) * seeds + s});
  return tasks;
}

Progress progress_of(const Run& run, bool stored, int done, int all) {
  return {run.problem,
          run.solver,
          run.seed,
          stored,
          run.quality.empty() ? 0.0 : run.quality.back(),
          std::accumulate(run.seconds.begin(), run.seconds.end(), 0.0),
          done,
          all};
}

}  // namespace

std::vector<Run> run_all(const Contest& contest, const std::filesystem::path& folder, int workers,
                         const std::function<void(const Progress&)>& observer) {
  const std::vector<Task> tasks = tasks_of(contest);
  const int all = static_cast<int>(tasks.size());
  std::vector<Run> runs(tasks.size());
  std::vector<Task> open;
  int done = 0;
  for (const Task& task : tasks) {
    std::optional<Run> stored = stored_run(folder, contest, *task.arena, *task.contestant, task.seed);
    if (!stored) {
      open.push_back(task);
      continue;
    }
    runs[task.place] = std::move(*stored);
    ++done;
    if (observer) observer(progress_of(runs[task.place], true, done, all));
  }
  std::mutex mutex;
  ThreadPool pool(workers);
  pool.for_each_chunk(static_cast<std::int64_t>(open.size()), [&](std::int64_t chunk) {
    const Task& task = open[static_cast<std::size_t>(chunk)];
    Run run = run_solver(contest, *task.arena, *task.contestant, task.seed);
    store_run(folder, *task.arena, *task.contestant, run);
    const std::lock_guard lock(mutex);
    runs[task.place] = std::move(run);
    ++done;
    if (observer) observer(progress_of(runs[task.place], false, done, all));
  });
  return runs;
}

}  // namespace parsimony::compare
