#include "parsimony/solver/ehvi.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "parsimony/solver/ask_basis.hpp"
#include "parsimony/solver/belief_options.hpp"
#include "parsimony/solver/doubt.hpp"
#include "parsimony/solver/improvement_acquisition.hpp"
#include "parsimony/solver/option_reader.hpp"

namespace parsimony::solver {
namespace {

struct Ask : AskBasis {
  const EhviOptions& options;
  Belief doubting;  // where constraints are doubted; empty unless a proposal of this ask does
};

std::optional<Candidate> best_by_improvement(const Ask& ask, std::uint64_t seed, int trial) {
  if (!ask.can_model()) return std::nullopt;
  const Belief& held =
      doubts(ask.problem, ask.evidence, ask.options.doubt_every, trial) ? ask.doubting : ask.belief;
  const Belief believing = ask.pending.empty() ? Belief{} : held.believing(ask.pending);
  const Belief& belief = ask.pending.empty() ? held : believing;
  const ImprovementAcquisition acquisition(
      ask.problem, belief, believed_front(ask.problem, ask.evidence, ask.belief, ask.pending));
  acquisition::MaximiserOptions maximiser;
  maximiser.raw = ask.options.raw_samples;
  maximiser.starts = ask.options.climbs(belief.objectives.size());
  RandomStream stream(seed, static_cast<std::uint64_t>(trial), "ehvi-maximiser");
  return maximiser_of(ask, acquisition, maximiser, stream, "improvement");
}

std::string record_of(const Ask& ask, const Candidate& candidate) {
  nlohmann::json record = {{"solver", "ehvi"}, {"origin", candidate.origin}};
  if (candidate.value == candidate.value) record["value"] = candidate.value;
  if (ask.evidence.rows() > 0) record["fit"] = nlohmann::json::parse(belief_as_json(ask.problem, ask.belief));
  return record.dump();
}

std::optional<Proposal> propose(const Ask& ask, std::uint64_t seed, int trial) {
  std::optional<Candidate> candidate = best_by_improvement(ask, seed, trial);
  if (!candidate)
    candidate = random_candidate(ask, RandomStream(seed, static_cast<std::uint64_t>(trial), "ehvi-random"));
  if (!candidate) return std::nullopt;
  return Proposal{candidate->point, record_of(ask, *candidate)};
}

}  // namespace

int EhviOptions::climbs(std::size_t modelled_objectives) const {
  return restarts > 0 ? restarts : std::max(10, 5 * static_cast<int>(modelled_objectives));
}

void EhviOptions::validate() const {
  expect_within("doubt_every", doubt_every, 0, 1000000);
  expect_within("raw_samples", raw_samples, 1, 1000000);
  expect_within("restarts", restarts, 0, 10000);
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
  Ask ask{{problem, question, Evidence(problem, question.history), options_.belief, pool}, options_, {}};
  ask.doubting =
      fit_doubting_belief(problem, ask.evidence, question, {options_.belief, options_.doubt_every}, pool);
  return propose_in_turn(ask, question, [&](int trial) { return propose(ask, question.seed, trial); });
}

}  // namespace parsimony::solver
