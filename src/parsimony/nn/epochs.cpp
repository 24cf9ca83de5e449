#include "parsimony/nn/epochs.hpp"

#include <ATen/Functions.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>

#include "parsimony/base/random.hpp"
#include "parsimony/nn/augment.hpp"
#include "parsimony/nn/loss.hpp"
#include "parsimony/nn/module.hpp"
#include "parsimony/nn/prune.hpp"
#include "parsimony/nn/schedule.hpp"

namespace parsimony::nn {
namespace {

at::Tensor float_buffer(std::int64_t count) {
  return at::zeros({count}, at::TensorOptions().dtype(at::kFloat));
}

/// The state of one training between its steps.
class Training {
 public:
  Training(const TrainingJob& job, const Cases<float>& cases, Parameters<float>& parameters,
           Removing removing)
      : job_(job),
        cases_(cases),
        augmenter_(job.settings.options.augment, cases, job.keys),
        parameters_(parameters),
        removing_(removing),
        groups_(network::coupled_groups(parameters.description)),
        removals_(removals(job.settings, groups_, job.kept)),
        bounds_(batch_bounds(cases.count, job.settings.batch_size)),
        batch_(float_buffer(largest_batch(bounds_) * cases.padded_size())),
        target_(loss_target(job.settings.options.loss, cases.labels,
                            parameters.description.layers.back().channels)) {
    rebuild();
  }

  Epochs run();

 private:
  bool epoch(int number);
  bool batch(int epoch, double rate, std::span<const std::int64_t> indices, EpochStatistics& statistics);
  void clip_gradients();
  void step(double rate);
  void remove_due(int epoch);
  void remove(std::span<const std::int32_t> kept);
  std::vector<double> importance(std::size_t group) const;
  void begin_taylor(int epoch);
  void rebuild();
  bool weights_finite() const;
  bool stays_high(int epoch, double loss);
  bool diverge(int epoch, std::string_view what);

  const TrainingJob& job_;
  const Cases<float>& cases_;
  Augmenter augmenter_;
  Parameters<float>& parameters_;
  Removing removing_;
  std::vector<network::Group> groups_;
  std::vector<Removal> removals_;
  std::vector<std::int64_t> bounds_;
  at::Tensor batch_;
  LossTarget target_;
  double weight_ = 0.0;                      ///< of the epoch's cases so far
  int high_epochs_ = 0;                      ///< in a row
  std::vector<std::vector<double>> taylor_;  ///< [groups][channels] over the epoch; empty: not wanted
  std::optional<Module<float>> module_;
  std::vector<std::vector<std::int64_t>> masked_to_;  ///< by_mask: the channels that stay
  std::int64_t channels_ = 0, parameter_count_ = 0;
  Epochs result_;
};

Epochs Training::run() {
  for (int e = 0; e < job_.settings.epochs; ++e) {
    remove_due(e);
    if (!epoch(e)) return std::move(result_);
  }
  remove_due(job_.settings.epochs);
  return std::move(result_);
}

/// Whether training goes on.
bool Training::epoch(int number) {
  RandomStream stream(job_.keys.seed, job_.keys.trial, job_.keys.purpose + "/order of cases",
                      static_cast<std::uint64_t>(number));
  const std::vector<std::int64_t> order = stream.permutation(cases_.count);
  const double rate = learning_rate(job_.settings, number);
  EpochStatistics statistics{number, 0.0, 0.0, rate, channels_, parameter_count_};
  weight_ = 0.0;
  begin_taylor(number);
  for (std::size_t k = 0; k + 1 < bounds_.size(); ++k) {
    const std::span<const std::int64_t> indices(order.data() + bounds_[k], order.data() + bounds_[k + 1]);
    if (!batch(number, rate, indices, statistics)) return false;
  }
  if (!weights_finite()) return diverge(number, "a weight is not finite");
  statistics.loss /= weight_;
  statistics.accuracy /= static_cast<double>(cases_.count);
  result_.curve.push_back(statistics);
  if (job_.on_epoch) job_.on_epoch(statistics);
  return !stays_high(number, statistics.loss);
}

bool Training::batch(int epoch, double rate, std::span<const std::int64_t> indices,
                     EpochStatistics& statistics) {
  if (job_.stop && job_.stop()) {
    result_.stopped = true;
    return false;
  }
  float* input = batch_.data_ptr<float>();
  augmenter_.gather(epoch, indices, input);
  std::vector<std::int32_t> labels;
  for (const std::int64_t index : indices) labels.push_back(cases_.labels[static_cast<std::size_t>(index)]);
  const float* logits = module_->forward(input, static_cast<std::int64_t>(indices.size()), {});
  const int classes = parameters_.description.layers.back().channels;
  const BatchLoss loss =
      cross_entropy(logits, module_->logits_ld(), classes, labels, module_->logit_gradients(), target_);
  if (!std::isfinite(loss.total)) return diverge(epoch, "the loss is not finite");
  statistics.loss += loss.total;
  weight_ += loss.weight;
  statistics.accuracy += static_cast<double>(loss.right);
  module_->backward();
  for (std::size_t g = 0; g < taylor_.size(); ++g) add_taylor<float>(parameters_, groups_[g], taylor_[g]);
  clip_gradients();
  step(rate);
  return true;
}

/// PyTorch's clip_grad_norm_.
void Training::clip_gradients() {
  const double bound = job_.settings.options.gradient_clip;
  if (bound == 0.0) return;
  const double norm = parameters_.gradients.norm().item<double>();
  if (norm > bound) parameters_.gradients.mul_(bound / (norm + 1e-6));
}

void Training::step(double rate) {
  const network::TrainingSettings& s = job_.settings;
  float* w = parameters_.values.data_ptr<float>();
  float* v = parameters_.momentum.data_ptr<float>();
  const float* g = parameters_.gradients.data_ptr<float>();
  const std::int64_t decayed = parameters_.decayed, all = parameters_.values.numel();
  descend(decayed, {rate, s.momentum, s.weight_decay}, g, v, w);
  descend(all - decayed, {rate, s.momentum, s.decay_everything ? s.weight_decay : 0.0}, g + decayed,
          v + decayed, w + decayed);
  if (!masked_to_.empty()) mask_channels<float>(parameters_, groups_, masked_to_);
}

void Training::remove_due(int epoch) {
  while (!removals_.empty() && removals_.front().epoch == epoch) {
    remove(removals_.front().kept);
    removals_.erase(removals_.begin());
  }
}

void Training::remove(std::span<const std::int32_t> kept) {
  std::vector<std::vector<std::int64_t>> stay;
  for (std::size_t g = 0; g < groups_.size(); ++g) stay.push_back(channels_to_keep(importance(g), kept[g]));
  if (removing_ == Removing::by_mask) {
    masked_to_ = std::move(stay);
    mask_channels<float>(parameters_, groups_, masked_to_);
    return;
  }
  module_.reset();
  parameters_ = remove_channels<float>(parameters_, groups_, stay);
  groups_ = network::coupled_groups(parameters_.description);
  rebuild();
}

/// Before the first epoch nothing is known of gradients: the norm decides.
std::vector<double> Training::importance(std::size_t group) const {
  const network::Ranking ranking = job_.settings.options.ranking;
  if (ranking == network::Ranking::batch_norm) return batch_norm_importance(parameters_, groups_[group]);
  return taylor_.empty() ? norm_importance(parameters_, groups_[group]) : taylor_[group];
}

/// Sums are taken in epochs that a removal follows.
void Training::begin_taylor(int epoch) {
  taylor_.clear();
  if (job_.settings.options.ranking != network::Ranking::taylor || removals_.empty() ||
      removals_.front().epoch != epoch + 1)
    return;
  for (const network::Group& group : groups_)
    taylor_.emplace_back(static_cast<std::size_t>(group.channels), 0.0);
}

void Training::rebuild() {
  module_.emplace(parameters_, ModuleOptions{largest_batch(bounds_), true});
  channels_ = std::accumulate(groups_.begin(), groups_.end(), std::int64_t{0},
                              [](std::int64_t sum, const auto& group) { return sum + group.channels; });
  parameter_count_ = network::parameter_count(parameters_.description);
}

bool Training::weights_finite() const {
  const float* w = parameters_.values.data_ptr<float>();
  return std::all_of(w, w + parameters_.values.numel(), [](float x) { return std::isfinite(x); });
}

bool Training::stays_high(int epoch, double loss) {
  const network::DivergenceStop& stop = job_.settings.options.stop;
  const double guess = std::log(static_cast<double>(parameters_.description.layers.back().channels));
  const bool high = stop.factor > 0.0 && epoch >= job_.settings.options.warmup && loss > stop.factor * guess;
  high_epochs_ = high ? high_epochs_ + 1 : 0;
  if (!high || high_epochs_ < stop.epochs) return false;
  return !diverge(epoch, fmt::format("for {} epochs the loss was over {} times that of a guess, {:.3g}",
                                     stop.epochs, stop.factor, guess));
}

bool Training::diverge(int epoch, std::string_view what) {
  result_.diverged = true;
  result_.reason = fmt::format("training diverged in epoch {}: {}", epoch, what);
  return false;
}

}  // namespace

Epochs train_epochs(const TrainingJob& job, const Cases<float>& cases, Parameters<float>& parameters,
                    Removing removing) {
  return Training(job, cases, parameters, removing).run();
}

}  // namespace parsimony::nn
