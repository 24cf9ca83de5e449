#include "parsimony/nn/train.hpp"

#include <ATen/Parallel.h>

#include <chrono>
#include <functional>
#include <numeric>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/nn/calibrate.hpp"
#include "parsimony/nn/cases.hpp"
#include "parsimony/nn/epochs.hpp"
#include "parsimony/nn/parameters.hpp"
#include "parsimony/nn/post_training.hpp"

namespace parsimony::nn {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void check(const TrainingJob& job) {
  PARSIMONY_EXPECTS(job.description && job.training && job.training->size() >= 2);
  PARSIMONY_EXPECTS(job.settings.epochs >= 1 && job.settings.batch_size >= 1 &&
                    job.settings.pruning_steps >= 1);
  const network::Shape& shape = job.description->input_shape;
  const std::int64_t elements =
      std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
  PARSIMONY_EXPECTS(elements == job.training->case_size() && shape.back() == job.training->channels);
  PARSIMONY_EXPECTS(job.description->layers.back().channels == job.training->classes());
}

Cases<float> training_cases(const TrainingJob& job) {
  data::Normalisation normalisation = data::normalisation_of(*job.training);
  const double clip = job.settings.options.input_clip;
  if (clip > 0.0) normalisation.clip = static_cast<float>(clip);
  return make_cases<float>(*job.training, normalisation);
}

/// Batch norms re-estimated, int8 graph made; a network that overflows by now has diverged.
void finish(const TrainingJob& job, const Cases<float>& cases, Parameters<float>& parameters,
            TrainedNetwork& result) {
  re_estimate_statistics(parameters, cases);
  if (job.scored)
    result.float_logits = float_logits(parameters, make_cases<float>(*job.scored, cases.normalisation));
  auto graph =
      to_int8(parameters, cases, job.training->class_names, job.keys, job.settings.options.quantisation);
  result.diverged = !graph;
  if (graph)
    result.graph = *std::move(graph);
  else
    result.reason = "training diverged: the trained network's activations are not finite";
}

}  // namespace

TrainedNetwork train(const TrainingJob& job) {
  check(job);
  at::set_num_threads(1);
  TrainedNetwork result;
  const auto start = Clock::now();
  const Cases<float> cases = training_cases(job);
  Parameters<float> parameters = make_parameters<float>(*job.description);
  initialise(parameters, job.keys);
  Epochs epochs = train_epochs(job, cases, parameters);
  result.curve = std::move(epochs.curve);
  result.diverged = epochs.diverged;
  result.stopped = epochs.stopped;
  result.reason = std::move(epochs.reason);
  result.seconds_training = seconds_since(start);
  if (result.diverged || result.stopped) return result;
  const auto trained = Clock::now();
  finish(job, cases, parameters, result);
  result.seconds_quantising = seconds_since(trained);
  return result;
}

}  // namespace parsimony::nn
