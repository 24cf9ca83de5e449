#include "parsimony/evaluate/network_evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/data/split.hpp"
#include "parsimony/evaluate/metrics.hpp"
#include "parsimony/evaluate/score.hpp"
#include "parsimony/ir/text.hpp"
#include "parsimony/nn/train.hpp"

namespace parsimony::evaluate {
namespace {

using study::Outcome;

/// The values of an outcome in the problem's order: the measured error, and the exact costs of the point.
void fill_values(const solver::Problem& problem, const space::Configuration& configuration, double error,
                 Outcome& outcome) {
  const solver::Costs costs = problem.costs.exact(problem.space.encode(configuration));
  std::size_t computed = 0;
  for (const solver::Objective& objective : problem.objectives)
    outcome.objectives.push_back(objective.source == solver::Source::measured ? error
                                                                              : costs.objectives[computed++]);
  outcome.constraints = costs.constraints;
}

/// @param place  which of several trainings it is, before the epoch that it tells
nn::TrainingJob training_job(const search::NetworkSearch& search, const study::Job& job,
                             const std::string& purpose, const data::Dataset& training,
                             const study::KeepGoing& keep_going, const std::string& place = {}) {
  nn::TrainingJob training_job;
  training_job.description = &search.costs->description();
  training_job.kept = search::kept_of(search.searched, job.configuration);
  training_job.settings = search::settings_of(search.searched, job.configuration);
  training_job.settings.options = search.settings.training;
  training_job.training = &training;
  training_job.keys = {search.settings.seed, static_cast<std::uint64_t>(job.trial), purpose};
  training_job.stop = [&keep_going] { return !keep_going(); };
  training_job.on_epoch = [&keep_going, place, epochs = training_job.settings.epochs](const auto& epoch) {
    keep_going.tell(fmt::format("{}epoch {} of {}, loss {:.3g}", place, epoch.epoch + 1, epochs, epoch.loss));
  };
  return training_job;
}

void note_divergence(Outcome& outcome, const std::string& reason) {
  outcome.stage = "train";
  outcome.code = "diverged";
  outcome.reason = reason;
}

/// An outcome for nobody: the job was taken away while it ran.
Outcome abandoned() {
  Outcome outcome;
  outcome.state = study::State::failed;
  outcome.stage = "train";
  outcome.code = "abandoned";
  return outcome;
}

}  // namespace

NetworkEvaluator::NetworkEvaluator(search::NetworkSearch search) : search_(std::move(search)) {
  const data::Dataset& train = search_.data.train;
  if (search_.settings.protocol == data::Protocol::kPaper) {
    parts_.push_back({study::kFinal, train, search_.data.test});
    return;
  }
  const auto splits = data::honest_splits(train, search_.settings.seed);
  for (std::size_t i = 0; i < splits.size(); ++i)
    parts_.push_back({splits.size() == 1 ? std::string(study::kFinal) : "fold" + std::to_string(i),
                      data::subset(train, splits[i].train), data::subset(train, splits[i].validation)});
}

Outcome NetworkEvaluator::evaluate(const study::Job& job, const study::KeepGoing& keep_going) {
  if (job.purpose == study::kTrial) return evaluate_trial(job, keep_going);
  return job.purpose.starts_with(study::kRepeat) ? repeat(job, keep_going) : deploy(job, keep_going);
}

NetworkEvaluator::Trained NetworkEvaluator::train_parts(const study::Job& job, const std::string& prefix,
                                                        const study::KeepGoing& keep_going) const {
  Trained trained;
  for (const Part& part : parts_) {
    const std::string place =
        parts_.size() == 1 ? "" : fmt::format("fold {} of {}, ", trained.networks.size() + 1, parts_.size());
    nn::TrainingJob training =
        training_job(search_, job, prefix + part.purpose, part.training, keep_going, place);
    training.scored = &part.scored;
    trained.networks.push_back(nn::train(training));
    const nn::TrainedNetwork& network = trained.networks.back();
    if (network.stopped) {
      trained.stopped = true;
      return trained;
    }
    if (network.diverged) {
      trained.pooled += all_wrong(part.scored);
      trained.diverged = network.reason;
      continue;
    }
    Score score = score_graph(network.graph, part.scored);
    add_float_logits(score, network.float_logits, part.scored);
    trained.pooled += score;
  }
  return trained;
}

Outcome NetworkEvaluator::evaluate_trial(const study::Job& job, const study::KeepGoing& keep_going) const {
  const auto [networks, pooled, reason, stopped] = train_parts(job, "", keep_going);
  if (stopped) return abandoned();
  const bool diverged = !reason.empty();
  Outcome outcome;
  if (diverged) note_divergence(outcome, reason);
  // The only network is the one that is deployed; folds deploy a further one, trained on all cases.
  if (parts_.size() == 1 && !diverged)
    outcome.artefacts.push_back({kModel, ir::to_text(networks.front().graph)});
  const auto kept = search::kept_of(search_.searched, job.configuration);
  fill_values(search_.problem, job.configuration, diverged ? 1.0 : 1.0 - pooled.accuracy(), outcome);
  outcome.metrics =
      trial_metrics(search_.searched, kept, search_.costs->exact(kept), pooled, search_.data.train, networks);
  return outcome;
}

Outcome NetworkEvaluator::repeat(const study::Job& job, const study::KeepGoing& keep_going) const {
  Trained trained = train_parts(job, job.purpose + "/", keep_going);
  if (trained.stopped) return abandoned();
  nn::TrainedNetwork deployed;
  if (parts_.size() == 1)
    deployed = std::move(trained.networks.front());
  else
    deployed = nn::train(
        training_job(search_, job, job.purpose + "/" + study::kFinal, search_.data.train, keep_going));
  if (deployed.stopped) return abandoned();
  if (deployed.diverged) trained.diverged = deployed.reason;
  Outcome outcome;
  if (!trained.diverged.empty()) note_divergence(outcome, trained.diverged);
  const data::Dataset& test = search_.data.test;
  outcome.metrics =
      repeat_metrics(trained.pooled, deployed.diverged ? all_wrong(test) : score_graph(deployed.graph, test),
                     trained.diverged);
  return outcome;
}

Outcome NetworkEvaluator::deploy(const study::Job& job, const study::KeepGoing& keep_going) const {
  Outcome outcome;
  ir::Graph graph;
  const auto stored = std::find_if(job.artefacts.begin(), job.artefacts.end(),
                                   [](const study::Artefact& artefact) { return artefact.name == kModel; });
  if (stored != job.artefacts.end()) {
    graph = ir::from_text(stored->bytes, kModel);
  } else {
    nn::TrainedNetwork network =
        nn::train(training_job(search_, job, study::kFinal, search_.data.train, keep_going));
    if (network.stopped) return abandoned();
    if (network.diverged) {
      outcome.state = study::State::failed;
      note_divergence(outcome, network.reason);
      return outcome;
    }
    graph = std::move(network.graph);
    outcome.artefacts.push_back({kModel, ir::to_text(graph)});
  }
  outcome.metrics =
      job.purpose == study::kFinal ? final_metrics(score_graph(graph, search_.data.test)) : "{}";
  return outcome;
}

}  // namespace parsimony::evaluate
