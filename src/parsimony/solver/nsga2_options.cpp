#include "parsimony/solver/nsga2_options.hpp"

#include "parsimony/solver/option_reader.hpp"

namespace parsimony::solver {

void Nsga2Options::validate() const {
  expect_within("population", population, 2, 10000);
  expect_within("crossover", crossover, 0.0, 1.0);
  expect_within("crossover_eta", crossover_eta, 0.0, 1000.0);
  expect_within("mutation", mutation, 0.0, 1.0);
  expect_within("mutation_eta", mutation_eta, 0.0, 1000.0);
}

std::vector<std::string> nsga2_option_names() {
  return {"population", "crossover", "crossover_eta", "mutation", "mutation_eta"};
}

Nsga2Options parse_nsga2_options(const SolverOptions& options) {
  const OptionReader reader(options, nsga2_option_names());
  Nsga2Options result;
  reader.read("population", result.population);
  reader.read("crossover", result.crossover);
  reader.read("crossover_eta", result.crossover_eta);
  reader.read("mutation", result.mutation);
  reader.read("mutation_eta", result.mutation_eta);
  result.validate();
  return result;
}

}  // namespace parsimony::solver
