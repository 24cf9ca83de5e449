#include "parsimony/solver/nsga2.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "parsimony/base/random.hpp"
#include "parsimony/solver/candidates.hpp"
#include "parsimony/solver/evidence.hpp"
#include "parsimony/solver/nsga2_population.hpp"
#include "parsimony/solver/nsga2_variation.hpp"

namespace parsimony::solver {
namespace {

constexpr int kAttempts = 300;  // children made until one is new and within the limits

/// The better of two members drawn at random, `except` left out; of equal ones the first drawn.
std::size_t tournament(const Population& population, std::size_t except, RandomStream& stream) {
  const std::size_t size = population.rows.size();
  const std::size_t count = except < size ? size - 1 : size;
  const auto draw = [&] {
    const std::size_t member = stream.below(count);
    return member >= except ? member + 1 : member;
  };
  const std::size_t first = draw(), second = draw();
  return population.better(second, first) ? second : first;
}

/// A child that is new and within the limits.
std::optional<Proposal> propose_child(const Problem& problem, const Evidence& evidence,
                                      std::span<const Trial> rows, const Population& population,
                                      const PointSet& known, const Nsga2Options& options,
                                      RandomStream& stream) {
  const std::size_t size = population.rows.size();
  for (int attempt = 0; attempt < kAttempts && size > 0; ++attempt) {
    const std::size_t first = tournament(population, size, stream);
    const std::size_t second = size > 1 ? tournament(population, first, stream) : first;
    const std::size_t a = population.rows[first], b = population.rows[second];
    Point child = child_of(problem.space, evidence.points[a], evidence.points[b], options, stream);
    if (known.contains(child) || !within_limits(problem, child)) continue;
    return Proposal{std::move(child),
                    fmt::format(R"({{"solver":"nsga2","origin":"child","parents":[{},{}]}})", rows[a].number,
                                rows[b].number)};
  }
  return std::nullopt;
}

}  // namespace

Nsga2Solver::Nsga2Solver(const Nsga2Options& options) : options_(options) {
  options_.validate();
}

Answer Nsga2Solver::ask(const Problem& problem, const Question& question) const {
  const std::vector<Trial> rows = finished_rows(question.history);
  const Evidence evidence(problem, rows);
  const Population population = population_of(evidence, options_.population);
  const std::size_t learned = evidence.feasible.size() + evidence.infeasible.size();
  PointSet known = known_points(problem, question);
  Answer answer;
  for (int k = 0; k < question.count; ++k) {
    RandomStream stream(question.seed, static_cast<std::uint64_t>(question.first_trial + k), "nsga2");
    std::optional<Proposal> proposal;
    if (learned >= static_cast<std::size_t>(options_.population))
      proposal = propose_child(problem, evidence, rows, population, known, options_, stream);
    if (!proposal) {
      if (auto point = find_point(problem, known, evidence.points, stream))
        proposal = Proposal{std::move(*point), R"({"solver":"nsga2","origin":"random"})"};
    }
    answer.exhausted = !proposal;
    if (!proposal) break;
    known.insert(proposal->point);
    answer.proposals.push_back(std::move(*proposal));
  }
  return answer;
}

}  // namespace parsimony::solver
