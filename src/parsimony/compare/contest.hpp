#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/problems/benchmark_problem.hpp"
#include "parsimony/solver/solver.hpp"

namespace parsimony::compare {

/// A solver under a label: the same solver may take part with several sets of options.
struct Contestant {
  std::string label;  ///< letters, digits, '.', '_' and '-'
  std::string name;
  solver::SolverOptions options;  ///< as given by the user
};

/// A problem under a label.
struct Arena {
  std::string label;
  std::string name;
  problems::ProblemOptions options;  ///< as given by the user
  problems::BenchmarkProblem benchmark;
};

/// What is compared: every contestant on every arena with every seed.
struct Contest {
  std::vector<Arena> arenas;
  std::vector<Contestant> contestants;
  std::vector<std::uint64_t> seeds;
  int trials = 100;  ///< evaluations of a run, the initial ones among them
  int initial = 10;
  int batch = 1;  ///< q of an ask
};

/// One word of --problems or --solvers: "name" or "label=name".
struct Labelled {
  std::string label, name;
};

/// "a,big=b" -> its words. @throws InputError naming `where`: an empty list, a letter that no label may have,
/// a label that stands there twice
std::vector<Labelled> parse_labels(std::string_view where, std::string_view text);

/// "label:key=value". @throws InputError naming `where` when it is not of that form
struct LabelledOption {
  std::string label, key, value;
};
LabelledOption parse_option(std::string_view where, std::string_view text);

/// "1-20", "1,3,7-9" -> the seeds, ascending, each once. @throws InputError naming `where`
std::vector<std::uint64_t> parse_seeds(std::string_view where, std::string_view text);

/// Makes the problems and tries each solver's options. An option goes to the label it names.
/// @throws InputError for a name, label or option that is unknown
std::vector<Arena> make_arenas(const std::vector<Labelled>& labels,
                               const std::vector<LabelledOption>& options);
std::vector<Contestant> make_contestants(const std::vector<Labelled>& labels,
                                         const std::vector<LabelledOption>& options);

/// The solver of a contestant, on one thread where it has an option `threads` that the user left alone: runs,
/// not asks, are spread over the processors.
solver::Solver solver_of(const Contestant& contestant);

}  // namespace parsimony::compare
