#include "parsimony/solver/random.hpp"

#include "parsimony/base/random.hpp"
#include "parsimony/solver/candidates.hpp"

namespace parsimony::solver {

Answer RandomSolver::ask(const Problem& problem, const Question& question) const {
  PointSet known = known_points(problem, question);
  std::vector<Point> anchors;
  for (const Trial& trial : question.history) anchors.push_back(trial.point);
  Answer answer;
  for (int k = 0; k < question.count && !answer.exhausted; ++k) {
    RandomStream stream(question.seed, static_cast<std::uint64_t>(question.first_trial + k), "random");
    std::optional<Point> point = find_point(problem, known, anchors, stream);
    answer.exhausted = !point;
    if (!point) break;
    known.insert(*point);
    answer.proposals.push_back({std::move(*point), R"({"solver":"random"})"});
  }
  return answer;
}

}  // namespace parsimony::solver
