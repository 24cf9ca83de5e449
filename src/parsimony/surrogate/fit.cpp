#include "parsimony/surrogate/fit.hpp"

#include <algorithm>
#include <cmath>

#include "parsimony/base/contracts.hpp"
#include "parsimony/surrogate/lbfgs.hpp"
#include "parsimony/surrogate/marginal_likelihood.hpp"

namespace parsimony::surrogate {
namespace {

constexpr std::size_t kStarts = 4;

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

}  // namespace

std::vector<Hyperparameters> fit_hyperparameters(std::span<const FitTask> tasks, ThreadPool& pool,
                                                 const FitOptions& options, std::vector<double>* values) {
  std::vector<Minimum> minima(tasks.size() * kStarts);
  pool.for_each_chunk(static_cast<std::int64_t>(minima.size()), [&](std::int64_t chunk) {
    const auto index = static_cast<std::size_t>(chunk), task = index / kStarts;
    const auto start = start_of(tasks[task], index % kStarts);
    if (!start) return;
    if (options.warm_alone && index % kStarts > 0 && usable(tasks[task].warm, tasks[task].observations->d))
      return;
    MarginalLikelihood likelihood(*tasks[task].observations, tasks[task].form);
    LbfgsOptions first;
    first.iterations = options.first_iterations;
    minima[index] = minimise_lbfgs(negative(likelihood), likelihood.coordinates_of(*start), first);
  });

  std::vector<Hyperparameters> fitted(tasks.size());
  if (values) values->assign(tasks.size(), 0.0);
  pool.for_each_chunk(static_cast<std::int64_t>(tasks.size()), [&](std::int64_t chunk) {
    const auto task = static_cast<std::size_t>(chunk);
    MarginalLikelihood likelihood(*tasks[task].observations, tasks[task].form);
    const Minimum& best = best_of(std::span(minima).subspan(task * kStarts, kStarts));
    LbfgsOptions last;
    last.iterations = best.converged ? 0 : options.last_iterations;
    const Minimum found = minimise_lbfgs(negative(likelihood), best.x, last);
    fitted[task] = likelihood.hyperparameters_at(found.x);
    if (values) (*values)[task] = -found.value;
  });
  return fitted;
}

}  // namespace parsimony::surrogate
