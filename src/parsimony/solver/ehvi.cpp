#include "parsimony/solver/ehvi.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

#include "parsimony/base/errors.hpp"
#include "parsimony/solver/candidates.hpp"
#include "parsimony/solver/improvement_acquisition.hpp"
#include "parsimony/solver/option_reader.hpp"

namespace parsimony::solver {
namespace {

constexpr std::size_t kChecked = 64;  // candidates whose exact costs are looked at
constexpr std::size_t kLeastBroken = 5;

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

struct Candidate {
  Point point;
  double value = 0.0;
  const char* origin = "";
};

/// The front's points, or before there is one those that break the constraints least.
std::vector<double> promising_points(const Ask& ask) {
  std::vector<std::size_t> rows = ask.evidence.front;
  if (rows.empty()) {
    const auto excess = [&](std::size_t row) {
      double sum = 0.0;
      for (const double value : ask.evidence.constraints[row]) sum += std::max(0.0, value);
      return sum;
    };
    rows = ask.evidence.infeasible;
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::size_t a, std::size_t b) { return excess(a) < excess(b); });
    rows.resize(std::min(rows.size(), kLeastBroken));
  }
  std::vector<double> points;
  for (const std::size_t row : rows)
    points.insert(points.end(), ask.evidence.points[row].begin(), ask.evidence.points[row].end());
  return points;
}

/// Of the maximiser's best that are new and within the limits, the best by exact costs.
std::optional<Candidate> best_candidate(const Ask& ask, const ImprovementAcquisition& acquisition,
                                        const acquisition::RankedPoints& ranked) {
  std::optional<Candidate> best;
  std::size_t checked = 0;
  const bool exact = static_cast<bool>(ask.problem.costs.exact);
  for (std::size_t k = 0; k < ranked.size() && checked < kChecked; ++k) {
    const auto found = ranked.point(k);
    const Point point(found.begin(), found.end());
    if (ask.known.contains(point) || !std::isfinite(ranked.values[k])) continue;
    const double value = exact ? acquisition.exact_value(point) : ranked.values[k];
    if (!std::isfinite(value)) continue;
    ++checked;
    if (!best || value > best->value) best = Candidate{point, value, "improvement"};
    if (!exact || (k + 1 < ranked.size() && best->value >= ranked.values[k + 1] && checked > 8)) break;
  }
  return best;
}

/// Whether the proposal of that number doubts the measured constraints.
bool doubts(const Problem& problem, const EhviOptions& options, const Evidence& evidence, int trial) {
  return options.doubt_every > 0 && trial % options.doubt_every == 0 && !evidence.front.empty() &&
         !Quantities(problem).measured_constraints.empty();
}

std::optional<Candidate> choose(const Ask& ask, std::uint64_t seed, int number) {
  const auto trial = static_cast<std::uint64_t>(number);
  const Belief& held = doubts(ask.problem, ask.options, ask.evidence, number) ? ask.doubting : ask.belief;
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
    const acquisition::RankedPoints ranked = acquisition::maximise(
        acquisition.functions(), ask.problem.space, promising_points(ask), maximiser, stream, ask.pool);
    if (auto candidate = best_candidate(ask, acquisition, ranked)) return candidate;
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

int thread_count(int wanted) {
  return wanted > 0 ? wanted : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

}  // namespace

void EhviOptions::validate() const {
  const auto within = [](const char* field, int value, int low, int high) {
    if (value < low || value > high)
      throw InputError(fmt::format("solver.{}", field), fmt::format("is {}", value),
                       fmt::format("{} to {}", low, high));
  };
  within("doubt_every", doubt_every, 0, 1000000);
  within("raw_samples", raw_samples, 1, 1000000);
  within("restarts", restarts, 1, 10000);
  within("threads", threads, 0, 1024);
}

std::vector<std::string> ehvi_option_names() {
  return {"kernel", "warp", "noise", "doubt_every", "raw_samples", "restarts", "threads"};
}

EhviOptions parse_ehvi_options(const SolverOptions& options) {
  const OptionReader reader(options, ehvi_option_names());
  EhviOptions result;
  const std::string kernel = reader.choice("kernel", {"auto", "matern52", "rbf"}, "auto");
  if (kernel == "matern52") result.belief.kernel = BeliefOptions::KernelChoice::matern52;
  if (kernel == "rbf") result.belief.kernel = BeliefOptions::KernelChoice::rbf;
  result.belief.warp = reader.choice("warp", {"auto", "none"}, "auto") == "auto";
  if (reader.choice("noise", {"auto", "botorch"}, "auto") == "botorch")
    result.belief.noise = BeliefOptions::Noise::botorch;
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
  Ask ask{problem, options_, Evidence(problem, question.history), {}, {}, known_points(problem, question),
          {},      pool};
  for (const Pending& pending : question.pending) ask.pending.push_back(problem.space.snap(pending.point));
  if (ask.evidence.rows() > 0)
    ask.belief = fit_belief(problem, ask.evidence, question.history, options_.belief, pool);
  bool doubting = false;
  for (int k = 0; k < question.count; ++k)
    doubting |= doubts(problem, options_, ask.evidence, question.first_trial + k);
  if (doubting) {
    BeliefOptions halved = options_.belief;
    halved.constraint_lengthscales = 0.5;
    ask.doubting = fit_belief(problem, ask.evidence, question.history, halved, pool);
  }

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
