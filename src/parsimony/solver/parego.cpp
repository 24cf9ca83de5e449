#include "parsimony/solver/parego.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "parsimony/solver/ask_basis.hpp"
#include "parsimony/solver/belief_options.hpp"
#include "parsimony/solver/chebyshev_acquisition.hpp"
#include "parsimony/solver/improvement_acquisition.hpp"
#include "parsimony/solver/option_reader.hpp"
#include "parsimony/solver/scalarisation.hpp"

namespace parsimony::solver {
namespace {

struct Ask : AskBasis {
  const ParegoOptions& options;
};

/// Empty before anything is feasible, and where no row says anything about a measured constraint.
std::optional<Promise> promise_of(const Ask& ask, const Scalarisation& scalarisation, std::uint64_t seed,
                                  std::uint64_t trial) {
  const std::size_t m = ask.problem.objectives.size();
  const std::vector<double> front = believed_front(ask.problem, ask.evidence, ask.belief, ask.pending);
  if (ask.evidence.feasible.empty()) {
    if (ask.belief.constraints.empty()) return std::nullopt;
    return no_promise();
  }
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t row = 0; row * m < front.size(); ++row)
    best = std::min(best, scalarisation(std::span(front).subspan(row * m, m)));
  RandomStream stream(seed, trial, "parego-samples");
  return chebyshev_promise(ChebyshevImprovement(
      scalarisation, best, chebyshev_samples(ask.problem, ask.options.base_samples, stream)));
}

std::optional<Candidate> best_by_promise(const Ask& ask, const Scalarisation& scalarisation,
                                         std::uint64_t seed, std::uint64_t trial) {
  if (ask.evidence.rows() == 0) return std::nullopt;
  const std::optional<Promise> promise = promise_of(ask, scalarisation, seed, trial);
  if (!promise) return std::nullopt;
  const Belief believing = ask.pending.empty() ? Belief{} : ask.belief.believing(ask.pending);
  const ImprovementAcquisition acquisition(ask.problem, ask.pending.empty() ? ask.belief : believing,
                                           *promise);
  acquisition::MaximiserOptions maximiser;
  maximiser.raw = ask.options.raw_samples;
  maximiser.starts = ask.options.restarts;
  RandomStream stream(seed, trial, "parego-maximiser");
  return maximiser_of(ask, acquisition, maximiser, stream,
                      ask.evidence.feasible.empty() ? "feasibility" : "improvement");
}

std::optional<Proposal> propose(const Ask& ask, std::uint64_t seed, std::uint64_t trial) {
  RandomStream weights(seed, trial, "parego-weights");
  const Scalarisation scalarisation = scalarisation_of_rows(
      ask.evidence, draw_weights(static_cast<int>(ask.problem.objectives.size()), weights), ask.options.rho);
  std::optional<Candidate> candidate = best_by_promise(ask, scalarisation, seed, trial);
  if (!candidate) candidate = random_candidate(ask, RandomStream(seed, trial, "parego-random"));
  if (!candidate) return std::nullopt;
  nlohmann::json record = {
      {"solver", "parego"}, {"origin", candidate->origin}, {"weights", scalarisation.weights}};
  if (candidate->value == candidate->value) record["value"] = candidate->value;
  if (ask.evidence.rows() > 0) record["fit"] = nlohmann::json::parse(belief_as_json(ask.problem, ask.belief));
  return Proposal{std::move(candidate->point), record.dump()};
}

}  // namespace

void ParegoOptions::validate() const {
  expect_within("rho", rho, 0.0, 1.0);
  expect_within("base_samples", base_samples, 1, 65536);
  expect_within("raw_samples", raw_samples, 1, 1000000);
  expect_within("restarts", restarts, 1, 10000);
  expect_within("threads", threads, 0, 1024);
}

std::vector<std::string> parego_option_names() {
  return {"kernel",       "warp",        "lengthscales", "noise",  "rho",
          "base_samples", "raw_samples", "restarts",     "threads"};
}

ParegoOptions parse_parego_options(const SolverOptions& options) {
  const OptionReader reader(options, parego_option_names());
  ParegoOptions result;
  read_belief_options(reader, result.belief);
  reader.read("rho", result.rho);
  reader.read("base_samples", result.base_samples);
  reader.read("raw_samples", result.raw_samples);
  reader.read("restarts", result.restarts);
  reader.read("threads", result.threads);
  result.validate();
  return result;
}

ParegoSolver::ParegoSolver(const ParegoOptions& options) : options_(options) {
  options_.validate();
}

Answer ParegoSolver::ask(const Problem& problem, const Question& question) const {
  ThreadPool pool(thread_count(options_.threads));
  Ask ask{{problem, question, Evidence(problem, question.history), options_.belief, pool}, options_};
  return propose_in_turn(ask, question, [&](int trial) {
    return propose(ask, question.seed, static_cast<std::uint64_t>(trial));
  });
}

}  // namespace parsimony::solver
