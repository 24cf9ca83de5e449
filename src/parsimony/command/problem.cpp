#include "parsimony/command/settings.hpp"

namespace parsimony::command {

solver::Problem problem_of(const Settings& settings) {
  solver::Problem problem;
  problem.space = space::Space(settings.parameters);
  for (const Objective& objective : settings.objectives) {
    const double reference = objective.reference.value_or(1.0);
    problem.objectives.push_back({objective.name, solver::Source::measured,
                                  objective.maximise && objective.reference ? 0.0 - reference : reference});
  }
  for (const std::string& name : settings.constraints)
    problem.constraints.push_back({name, solver::Source::measured});
  return problem;
}

}  // namespace parsimony::command
