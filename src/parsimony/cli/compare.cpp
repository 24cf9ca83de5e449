#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <thread>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/cli/commands.hpp"
#include "parsimony/compare/analysis.hpp"
#include "parsimony/compare/line_protocol.hpp"
#include "parsimony/compare/run_all.hpp"
#include "parsimony/compare/run_file.hpp"

namespace parsimony::cli {
namespace {

struct CompareArguments {
  std::string problems, solvers, seeds = "1-5", out = "comparisons/compare";
  std::vector<std::string> options, problem_options, include;
  std::vector<int> at;
  int trials = 100, initial = 10, batch = 1, workers = 0;
  bool json = false, quiet = false, starts_only = false, evaluate = false, list = false;
};

std::vector<compare::LabelledOption> options_of(const char* where, const std::vector<std::string>& texts) {
  std::vector<compare::LabelledOption> options;
  for (const std::string& text : texts) options.push_back(compare::parse_option(where, text));
  return options;
}

/// @param solvers  whether any are needed
compare::Contest contest_of(const CompareArguments& arguments, bool solvers) {
  if (arguments.problems.empty())
    throw InputError("--problems", "is missing", "see parsimony compare --list");
  compare::Contest contest;
  contest.arenas = compare::make_arenas(compare::parse_labels("--problems", arguments.problems),
                                        options_of("--problem-options", arguments.problem_options));
  if (!arguments.solvers.empty())
    contest.contestants = compare::make_contestants(compare::parse_labels("--solvers", arguments.solvers),
                                                    options_of("--options", arguments.options));
  else if (solvers)
    throw InputError("--solvers", "is missing", "see parsimony compare --list");
  contest.seeds = compare::parse_seeds("--seeds", arguments.seeds);
  contest.trials = arguments.trials;
  contest.initial = arguments.initial;
  contest.batch = arguments.batch;
  return contest;
}

int print_list() {
  fmt::print("problems\n");
  for (const std::string& name : problems::problem_names())
    fmt::print("  {:<26}{}\n", name, fmt::join(problems::problem_option_names(name), ", "));
  fmt::print("solvers\n");
  for (const std::string& name : solver::solver_names())
    fmt::print("  {:<26}{}\n", name, fmt::join(solver::solver_option_names(name), ", "));
  return 0;
}

int serve(const CompareArguments& arguments) {
  const compare::Contest contest = contest_of(arguments, false);
  if (contest.arenas.size() != 1)
    throw InputError("--problems", "names more than one", "one problem beside --evaluate");
  compare::serve_evaluations(contest.arenas[0], std::cin, std::cout);
  return 0;
}

int write_starts(const CompareArguments& arguments) {
  const auto file = std::filesystem::path(arguments.out) / "starts.json";
  write_file(file, compare::starts_json(contest_of(arguments, false)));
  if (!arguments.quiet) fmt::print("{}\n", file.string());
  return 0;
}

void print_progress(const compare::Progress& progress) {
  if (progress.stored) return;
  fmt::print(stderr, "{}/{} {} on {}, seed {}: {:.6g}, {:.1f} s of asks\n", progress.done, progress.all,
             progress.solver, progress.problem, progress.seed, progress.quality, progress.seconds);
}

int run_compare(const CompareArguments& arguments) {
  if (arguments.list) return print_list();
  if (arguments.evaluate) return serve(arguments);
  if (arguments.starts_only) return write_starts(arguments);
  const compare::Contest contest = contest_of(arguments, arguments.include.empty());
  const std::vector<int> budgets = compare::budgets_of(contest, arguments.at);  // before hours of runs
  std::vector<compare::Run> included;
  for (const std::string& file : arguments.include)
    for (compare::Run& run : compare::included_runs(file, contest)) included.push_back(std::move(run));
  const int workers = arguments.workers > 0
                          ? arguments.workers
                          : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const std::filesystem::path folder = arguments.out;
  std::vector<compare::Run> runs =
      compare::run_all(contest, folder, workers, arguments.quiet ? nullptr : std::function(print_progress));
  for (compare::Run& run : included) runs.push_back(std::move(run));

  const auto figures = compare::analyse(contest, runs, budgets);
  const std::string json = compare::to_json(figures);
  write_file(folder / "compare.json", json);
  write_file(folder / "compare.html", compare::to_html(figures));
  if (arguments.json) {
    fmt::print("{}", json);
  } else {
    fmt::print("{}page: {}\n", compare::terminal_tables(figures), (folder / "compare.html").string());
  }
  return 0;
}

void add_options(CLI::App& command, CompareArguments& arguments) {
  command.add_option("--problems", arguments.problems, "names or label=name, separated by commas");
  command.add_option("--solvers", arguments.solvers, "likewise");
  command.add_option("--options", arguments.options, "label:key=value, an option of a solver");
  command.add_option("--problem-options", arguments.problem_options,
                     "label:key=value, an option of a problem");
  command.add_option("--seeds", arguments.seeds, "as in 1-20 or 1,3,7-9")->capture_default_str();
  command.add_option("--trials", arguments.trials, "evaluations of a run, the initial ones among them")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command.add_option("--initial", arguments.initial, "the same starting points for every solver")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  command.add_option("--batch", arguments.batch, "points of an ask")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command.add_option("--workers", arguments.workers, "runs at a time (default: as many as processors)")
      ->check(CLI::Range(1, 256));
  command.add_option("--at", arguments.at, "compare after so many evaluations too")->delimiter(',');
  command.add_option("--out", arguments.out, "folder of runs, page and JSON; what it holds is not run again")
      ->capture_default_str();
  command.add_option("--include", arguments.include, "runs of other programs: a file or a folder of them");
  command.add_flag("--json", arguments.json, "print an object for each problem");
  command.add_flag("--quiet", arguments.quiet, "no progress");
  command.add_flag("--starts-only", arguments.starts_only, "only write DIR/starts.json, for other programs");
  command.add_flag("--evaluate", arguments.evaluate,
                   "evaluate points that come as JSON lines on standard input");
  command.add_flag("--list", arguments.list, "problems and solvers with their options");
}

}  // namespace

void add_compare(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("compare", "Solvers side by side on problems whose answers are known");
  auto arguments = std::make_shared<CompareArguments>();
  add_options(*command, *arguments);
  command->footer(
      "Example:\n  parsimony compare --problems dtlz2,pruning-toy --solvers random,ars --seeds 1-5 --trials "
      "60");
  command->callback([&action, arguments] { action = [arguments] { return run_compare(*arguments); }; });
}

}  // namespace parsimony::cli
