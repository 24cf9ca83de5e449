#include "parsimony/surrogate/fit.hpp"

#include <algorithm>
#include <cmath>

#include "parsimony/base/contracts.hpp"
#include "parsimony/surrogate/lbfgs.hpp"
#include "parsimony/surrogate/marginal_likelihood.hpp"

namespace parsimony::surrogate {
namespace {

constexpr std::size_t kStarts = 4;
// An evaluation takes n³ steps: on the sample 1/64 of those on 2000. By measurement: from the optimum of 300
// instead, the last iterations on 2000 took three times as long, and one fit of 500 in 24 dimensions ended in
// a lesser optimum.
constexpr std::size_t kSample = 500;

bool usable(const std::optional<Hyperparameters>& warm, int d) {
  if (!warm || static_cast<int>(warm->lengthscales.size()) != d) return false;
  bool sound = std::isfinite(warm->noise) && warm->noise > 0.0 && std::isfinite(warm->output_scale) &&
               warm->output_scale > 0.0;
  for (const double lengthscale : warm->lengthscales)
    sound &= std::isfinite(lengthscale) && lengthscale > 0.0;
  return sound;
}

/// The start of that number, nothing when it is the warm one and there is none.
std::optional<Hyperparameters> start_of(const FitTask& task, std::size_t number) {
  const int d = task.observations->d;
  if (number == 0) return usable(task.warm, d) ? task.warm : std::nullopt;
  const double root = std::sqrt(static_cast<double>(d));
  const double lengthscale[] = {0.0, root, 0.5 * root, 0.3};
  const double noise = std::exp(task.form.noise.mean - 1.0);  // about the mode of its prior
  return Hyperparameters{std::vector<double>(static_cast<std::size_t>(d), lengthscale[number]),
                         std::max(noise, 2.0 * task.form.least_noise), 1.0};
}

SmoothFunction negative(MarginalLikelihood& likelihood) {
  return [&likelihood](std::span<const double> x, std::span<double> gradient) {
    const double value = likelihood.value(x, gradient);
    for (double& component : gradient) component = -component;
    return -value;
  };
}

/// The least value wins; of equal ones the first start.
const Minimum& best_of(std::span<const Minimum> minima) {
  const Minimum* best = nullptr;
  for (const Minimum& minimum : minima)
    if (!minimum.x.empty() && std::isfinite(minimum.value) && (!best || minimum.value < best->value))
      best = &minimum;
  PARSIMONY_ENSURES(best != nullptr);
  return *best;
}

/// Rows at equal steps; nothing where they would be all.
std::optional<Observations> sample_of(const Observations& all) {
  const std::size_t n = all.values.size(), d = static_cast<std::size_t>(all.d);
  if (n <= kSample) return std::nullopt;
  Observations sample{all.d, {}, {}, all.choices, all.ratios};
  for (std::size_t k = 0; k < kSample; ++k) {
    const auto row = std::span(all.points).subspan(k * n / kSample * d, d);
    sample.points.insert(sample.points.end(), row.begin(), row.end());
    sample.values.push_back(all.values[k * n / kSample]);
  }
  return sample;
}

/// A task and what its starts are compared on.
struct Job {
  Job(const FitTask& given, const FitOptions& options)
      : task(given),
        sample(sample_of(*given.observations)),
        warm(usable(given.warm, given.observations->d)),
        warm_alone(warm && options.warm_alone) {}

  MarginalLikelihood whole() const { return MarginalLikelihood(*task.observations, task.form); }
  MarginalLikelihood shown() const {
    return MarginalLikelihood(sample ? *sample : *task.observations, task.form);
  }

  const FitTask& task;
  std::optional<Observations> sample;
  bool warm, warm_alone;
};

Minimum minimise(MarginalLikelihood& likelihood, const std::vector<double>& start, int iterations) {
  LbfgsOptions options;
  options.iterations = iterations;
  return minimise_lbfgs(negative(likelihood), start, options);
}

/// Nothing where there is no such start.
Minimum first_iterations(const Job& job, std::size_t number, const FitOptions& options) {
  const auto start = start_of(job.task, number);
  if (!start || (job.warm_alone && number > 0)) return {};
  MarginalLikelihood likelihood = job.shown();
  // Of a warm one alone there is nothing to compare.
  const bool ready = job.warm_alone && job.sample;
  return minimise(likelihood, likelihood.coordinates_of(*start), ready ? 0 : options.first_iterations);
}

/// Where the last iterations on the whole begin: the sample's optimum, or the warm start if that is better
/// there.
std::vector<double> whole_start(const Job& job, const Minimum& best, const FitOptions& options) {
  if (job.warm_alone) return best.x;
  MarginalLikelihood shown = job.shown(), whole = job.whole();
  const std::vector<double> found = minimise(shown, best.x, best.converged ? 0 : options.last_iterations).x;
  if (!job.warm) return found;
  const std::vector<double> warm = whole.coordinates_of(*job.task.warm);
  return whole.value(warm, {}) > whole.value(found, {}) ? warm : found;
}

Minimum last_iterations(const Job& job, std::span<const Minimum> minima, const FitOptions& options) {
  const Minimum& best = best_of(minima);
  MarginalLikelihood whole = job.whole();
  if (job.sample) return minimise(whole, whole_start(job, best, options), options.last_iterations);
  return minimise(whole, best.x, best.converged ? 0 : options.last_iterations);
}

}  // namespace

std::vector<Hyperparameters> fit_hyperparameters(std::span<const FitTask> tasks, ThreadPool& pool,
                                                 const FitOptions& options, std::vector<double>* values) {
  std::vector<Job> jobs;
  for (const FitTask& task : tasks) jobs.emplace_back(task, options);
  std::vector<Minimum> minima(jobs.size() * kStarts);
  pool.for_each_chunk(static_cast<std::int64_t>(minima.size()), [&](std::int64_t chunk) {
    const auto index = static_cast<std::size_t>(chunk);
    minima[index] = first_iterations(jobs[index / kStarts], index % kStarts, options);
  });

  std::vector<Hyperparameters> fitted(jobs.size());
  if (values) values->assign(jobs.size(), 0.0);
  pool.for_each_chunk(static_cast<std::int64_t>(jobs.size()), [&](std::int64_t chunk) {
    const auto index = static_cast<std::size_t>(chunk);
    const Minimum found =
        last_iterations(jobs[index], std::span(minima).subspan(index * kStarts, kStarts), options);
    fitted[index] = jobs[index].shown().hyperparameters_at(found.x);
    if (values) (*values)[index] = -found.value;
  });
  return fitted;
}

}  // namespace parsimony::surrogate
