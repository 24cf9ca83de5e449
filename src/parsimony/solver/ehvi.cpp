#include "parsimony/solver/ehvi.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "parsimony/solver/belief_options.hpp"
#include "parsimony/solver/candidates.hpp"
#include "parsimony/solver/doubt.hpp"
#include "parsimony/solver/improvement_acquisition.hpp"
#include "parsimony/solver/option_reader.hpp"
#include "parsimony/solver/ranked_candidate.hpp"

namespace parsimony::solver {
namespace {

/// What all proposals of one ask share.
struct Ask {
  const Problem& problem;
  const EhviOptions& options;
  Evidence evidence;
  Belief belief;    // without the pending points
  Belief doubting;  // the same where constraints are doubted; empty unless a proposal of this ask does
  PointSet known;
  std::vector<Point> pending;
  ThreadPool& pool;
};

std::optional<Candidate> choose(const Ask& ask, std::uint64_t seed, int number) {
  const auto trial = static_cast<std::uint64_t>(number);
  const Belief& held =
      doubts(ask.problem, ask.evidence, ask.options.doubt_every, number) ? ask.doubting : ask.belief;
  if (ask.evidence.rows() > 0 || (ask.belief.objectives.empty() && ask.belief.constraints.empty() &&
                                  Quantities(ask.problem).measured_objectives.empty() &&
                                  Quantities(ask.problem).measured_constraints.empty())) {
    const Belief believing = ask.pending.empty() ? Belief{} : held.believing(ask.pending);
    const Belief& belief = ask.pending.empty() ? held : believing;
    const std::vector<double> front = believed_front(ask.problem, ask.evidence, ask.belief, ask.pending);
    const ImprovementAcquisition acquisition(ask.problem, belief, front);
    acquisition::MaximiserOptions maximiser;
    maximiser.raw = ask.options.raw_samples;
    maximiser.starts = ask.options.restarts;
    RandomStream stream(seed, trial, "ehvi-maximiser");
    const acquisition::RankedPoints ranked =
        acquisition::maximise(acquisition.functions(), ask.problem.space, promising_points(ask.evidence),
                              maximiser, stream, ask.pool);
    if (auto candidate = best_candidate(ask.problem, ask.known, acquisition, ranked, "improvement"))
      return candidate;
  }
  RandomStream stream(seed, trial, "ehvi-random");
  std::optional<Point> point = find_point(ask.problem, ask.known, ask.evidence.points, stream);
  if (!point) return std::nullopt;
  return Candidate{std::move(*point), std::numeric_limits<double>::quiet_NaN(), "random"};
}

std::string record_of(const Ask& ask, const Candidate& candidate) {
  nlohmann::json record = {{"solver", "ehvi"}, {"origin", candidate.origin}};
  if (candidate.value == candidate.value) record["value"] = candidate.value;
  if (ask.evidence.rows() > 0) record["fit"] = nlohmann::json::parse(belief_as_json(ask.problem, ask.belief));
  return record.dump();
}

}  // namespace

void EhviOptions::validate() const {
  expect_within("doubt_every", doubt_every, 0, 1000000);
  expect_within("raw_samples", raw_samples, 1, 1000000);
  expect_within("restarts", restarts, 1, 10000);
  expect_within("threads", threads, 0, 1024);
}

std::vector<std::string> ehvi_option_names() {
  return {"kernel", "warp", "lengthscales", "noise", "doubt_every", "raw_samples", "restarts", "threads"};
}

EhviOptions parse_ehvi_options(const SolverOptions& options) {
  const OptionReader reader(options, ehvi_option_names());
  EhviOptions result;
  read_belief_options(reader, result.belief);
  reader.read("doubt_every", result.doubt_every);
  reader.read("raw_samples", result.raw_samples);
  reader.read("restarts", result.restarts);
  reader.read("threads", result.threads);
  result.validate();
  return result;
}

EhviSolver::EhviSolver(const EhviOptions& options) : options_(options) {
  options_.validate();
}

Answer EhviSolver::ask(const Problem& problem, const Question& question) const {
  ThreadPool pool(thread_count(options_.threads));
  Ask ask{problem,
          options_,
          Evidence(problem, question.history),
          {},
          {},
          known_points(problem, question),
          pending_points(problem, question),
          pool};
  if (ask.evidence.rows() > 0)
    ask.belief = fit_belief(problem, ask.evidence, question.history, options_.belief, pool);
  ask.doubting =
      fit_doubting_belief(problem, ask.evidence, question, {options_.belief, options_.doubt_every}, pool);

  Answer answer;
  for (int k = 0; k < question.count && !answer.exhausted; ++k) {
    const auto candidate = choose(ask, question.seed, question.first_trial + k);
    answer.exhausted = !candidate;
    if (!candidate) break;
    ask.known.insert(candidate->point);
    ask.pending.push_back(candidate->point);
    answer.proposals.push_back({candidate->point, record_of(ask, *candidate)});
  }
  return answer;
}

}  // namespace parsimony::solver
