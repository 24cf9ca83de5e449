#include "parsimony/solver/lhs.hpp"

#include <fmt/format.h>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/solver/candidates.hpp"
#include "parsimony/solver/option_reader.hpp"
#include "parsimony/space/latin_hypercube.hpp"

namespace parsimony::solver {
namespace {

constexpr int kRedraws = 100;
constexpr int kMostRows = 100000;

/// Where a trial stands.
struct Place {
  std::int64_t block = 0, row = 0;  // from 0
};

Place place_of(int trial, int block) {
  return {(trial - 1) / block, (trial - 1) % block};
}

/// A point of the trial's stratum that is new and within the limits, by the first draw or up to 100 more.
std::optional<Point> draw_in_stratum(const Problem& problem, const PointSet& known, int block,
                                     const Place& place, std::uint64_t seed, RandomStream& stream) {
  RandomStream strata(seed, static_cast<std::uint64_t>(place.block), "lhs-strata");
  const space::LatinHypercube hypercube = space::latin_hypercube(block, problem.space.dimension(), strata);
  for (int draw = 0; draw <= kRedraws; ++draw) {
    Point point = problem.space.snap(hypercube.draw(place.row, stream));
    if (!known.contains(point) && within_limits(problem, point)) return point;
  }
  return std::nullopt;
}

}  // namespace

void LhsOptions::validate() const {
  if (block < 1 || block > kMostRows)
    throw InputError("solver.block", fmt::format("is {}", block), fmt::format("1 to {}", kMostRows));
}

LhsOptions parse_lhs_options(const SolverOptions& options) {
  LhsOptions result;
  OptionReader(options, lhs_option_names()).read("block", result.block);
  result.validate();
  return result;
}

std::vector<std::string> lhs_option_names() {
  return {"block"};
}

LhsSolver::LhsSolver(const LhsOptions& options) : options_(options) {
  options_.validate();
}

Answer LhsSolver::ask(const Problem& problem, const Question& question) const {
  PARSIMONY_EXPECTS(question.first_trial >= 1);
  PointSet known = known_points(problem, question);
  std::vector<Point> anchors;
  for (const Trial& trial : question.history) anchors.push_back(trial.point);
  Answer answer;
  for (int k = 0; k < question.count; ++k) {
    const int trial = question.first_trial + k;
    const Place place = place_of(trial, options_.block);
    RandomStream stream(question.seed, static_cast<std::uint64_t>(trial), "lhs");
    std::optional<Point> point =
        draw_in_stratum(problem, known, options_.block, place, question.seed, stream);
    const char* origin = point ? "row" : "random";
    if (!point) point = find_point(problem, known, anchors, stream);
    answer.exhausted = !point;
    if (!point) break;
    known.insert(*point);
    answer.proposals.push_back(
        {std::move(*point), fmt::format(R"({{"solver":"lhs","origin":"{}","block":{},"row":{}}})", origin,
                                        place.block, place.row)});
  }
  return answer;
}

}  // namespace parsimony::solver
