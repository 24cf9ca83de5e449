#pragma once

#include <optional>
#include <span>
#include <vector>

#include "parsimony/base/thread_pool.hpp"
#include "parsimony/surrogate/model_form.hpp"
#include "parsimony/surrogate/observations.hpp"

namespace parsimony::surrogate {

struct FitOptions {
  int first_iterations = 15;  ///< of each start; enough to tell good from bad ones
  int last_iterations = 50;   ///< of the best start, further on
  bool warm_alone = false;    ///< no other starts where the warm one can be used
};

/// One quantity to be modelled, and what an earlier fit of it had found.
struct FitTask {
  const Observations* observations = nullptr;
  std::optional<Hyperparameters> warm;  ///< ignored when its dimension is another
  ModelForm form = {};
};

/// Hyperparameters of greatest posterior density (marginal_likelihood.hpp), by L-BFGS from several starts,
/// because one alone gets stuck explaining the data as noise with very long lengthscales (facts/optimiser.md
/// section 1): all lengthscales √d, ½√d and 0.3, and the warm one. The best after a few iterations is taken
/// to the end. Of more than 500 observations the first of these run on 500 at equal steps, up to their
/// optimum, and the last on all of them from there. The starts of all tasks share the pool; the result does
/// not depend on its threads.
/// @param values  null, or where the log posterior density of each goes: [tasks]
/// @return  one for each task
std::vector<Hyperparameters> fit_hyperparameters(std::span<const FitTask> tasks, ThreadPool& pool,
                                                 const FitOptions& options = {},
                                                 std::vector<double>* values = nullptr);

}  // namespace parsimony::surrogate
