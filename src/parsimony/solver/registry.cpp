#include <fmt/format.h>

#include "parsimony/base/errors.hpp"
#include "parsimony/solver/ars.hpp"
#include "parsimony/solver/ehvi.hpp"
#include "parsimony/solver/lhs.hpp"
#include "parsimony/solver/modelled.hpp"
#include "parsimony/solver/morbo.hpp"
#include "parsimony/solver/nsga2.hpp"
#include "parsimony/solver/option_reader.hpp"
#include "parsimony/solver/parego.hpp"
#include "parsimony/solver/random.hpp"
#include "parsimony/solver/sobol_solver.hpp"
#include "parsimony/solver/solver.hpp"
#include "parsimony/solver/turbo.hpp"

namespace parsimony::solver {
namespace {

struct Entry {
  const char* name;
  std::vector<std::string> (*option_names)();
  Solver (*make)(const SolverOptions& options);
};

Solver make_ars(const SolverOptions& options) {
  return Solver(ArsSolver(parse_ars_options(options)));
}

Solver make_ars_batch(const SolverOptions& options) {
  ArsOptions parsed = parse_ars_options(options);
  parsed.batch = true;
  return Solver(ArsSolver(parsed));
}

Solver make_ehvi(const SolverOptions& options) {
  return Solver(EhviSolver(parse_ehvi_options(options)));
}

Solver make_lhs(const SolverOptions& options) {
  return Solver(LhsSolver(parse_lhs_options(options)));
}

Solver make_morbo(const SolverOptions& options) {
  return Solver(MorboSolver(parse_morbo_options(options)));
}

Solver make_nsga2(const SolverOptions& options) {
  return Solver(Nsga2Solver(parse_nsga2_options(options)));
}

Solver make_parego(const SolverOptions& options) {
  return Solver(ParegoSolver(parse_parego_options(options)));
}

std::vector<std::string> no_options() {
  return {};
}

Solver make_random(const SolverOptions& options) {
  const OptionReader none(options, {});
  return Solver(RandomSolver());
}

Solver make_sobol(const SolverOptions& options) {
  const OptionReader none(options, {});
  return Solver(SobolSolver());
}

Solver make_turbo(const SolverOptions& options) {
  return Solver(TurboSolver(parse_turbo_options(options)));
}

constexpr Entry kSolvers[] = {
    {"ars", ars_option_names, make_ars},              // the paper's: best state of all agents
    {"ars-batch", ars_option_names, make_ars_batch},  // the paper's variant: best state of each agent
    {"ehvi", ehvi_option_names, make_ehvi},           // log expected hypervolume improvement
    {"lhs", lhs_option_names, make_lhs},              // Latin hypercubes, block after block
    {"morbo", morbo_option_names, make_morbo},        // trust regions along the front
    {"nsga2", nsga2_option_names, make_nsga2},        // the genetic algorithm of most comparisons
    {"parego", parego_option_names, make_parego},     // expected improvement of a random scalarisation
    {"random", no_options, make_random},
    {"sobol", no_options, make_sobol},
    {"turbo", turbo_option_names, make_turbo},  // one trust region, Thompson sampling
};

const Entry& find_entry(std::string_view name) {
  for (const Entry& entry : kSolvers)
    if (entry.name == name) return entry;
  const std::vector<std::string> names = solver_names();
  const std::string nearest = nearest_name(name, names);
  throw InputError("solver.name",
                   nearest.empty() ? fmt::format("is '{}'", name)
                                   : fmt::format("is '{}' (did you mean {}?)", name, nearest),
                   fmt::format("{}", fmt::join(names, ", ")));
}

/// Solvers that draw points without a model of the outcomes; the others take `model: exact` or `model: all`.
bool models_outcomes(std::string_view name) {
  for (const std::string_view without : {"lhs", "nsga2", "random", "sobol"})
    if (name == without) return false;
  return true;
}

}  // namespace

std::vector<std::string> solver_names() {
  std::vector<std::string> names;
  for (const Entry& entry : kSolvers) names.emplace_back(entry.name);
  return names;
}

std::vector<std::string> solver_option_names(std::string_view name) {
  std::vector<std::string> names = find_entry(name).option_names();
  if (models_outcomes(name)) names.emplace_back("model");
  return names;
}

Solver make_solver(std::string_view name, const SolverOptions& options) {
  const Entry& entry = find_entry(name);
  if (!models_outcomes(name)) return entry.make(options);
  const OptionReader reader(options, solver_option_names(name));
  const bool all = reader.choice("model", {"exact", "all"}, "exact") == "all";
  SolverOptions rest = options;
  rest.erase("model");
  return all ? Solver(AllModelled(entry.make(rest))) : entry.make(rest);
}

}  // namespace parsimony::solver
