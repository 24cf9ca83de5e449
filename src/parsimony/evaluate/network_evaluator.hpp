#pragma once

#include <string>
#include <vector>

#include "parsimony/data/dataset.hpp"
#include "parsimony/evaluate/score.hpp"
#include "parsimony/nn/train.hpp"
#include "parsimony/search/network_search.hpp"
#include "parsimony/study/evaluator.hpp"

namespace parsimony::evaluate {

/// Purpose of a job that trains what is deployed without scoring the test split (export of a trial off the
/// front).
inline constexpr const char* kDeploy = "deploy";
/// The int8 network's text form, an artefact of the job that trained what is deployed.
inline constexpr const char* kModel = "model.graph";

/// Trains, prunes, quantises and scores the candidates of one network search (SEMANTICS 1, 2 and 6).
/// Job "trial": error of the int8 network on the validation part, on three folds, or (protocol paper) on the
/// test split, beside the exact costs. Jobs "final" and "deploy": the network that is deployed; "final"
/// scores it on the test split, once. Jobs "repeat/K": the trial and what would be deployed of it trained
/// again by keys of their own, scored on the validation part and on the test split; nothing of them is
/// deployed.
class NetworkEvaluator {
 public:
  explicit NetworkEvaluator(search::NetworkSearch search);

  study::Outcome evaluate(const study::Job& job, const study::KeepGoing& keep_going);

 private:
  /// One training and the cases that score it.
  struct Part {
    std::string purpose;  ///< keys its random numbers, with the trial
    data::Dataset training, scored;
  };

  /// What the trainings of a trial gave: one for each part.
  struct Trained {
    std::vector<nn::TrainedNetwork> networks;
    Score pooled;          ///< over all parts
    std::string diverged;  ///< why the last that did has; empty: none
    bool stopped = false;  ///< the job was taken away
  };

  /// @param prefix  of the parts' purposes, which key the trainings
  Trained train_parts(const study::Job& job, const std::string& prefix,
                      const study::KeepGoing& keep_going) const;
  study::Outcome evaluate_trial(const study::Job& job, const study::KeepGoing& keep_going) const;
  study::Outcome repeat(const study::Job& job, const study::KeepGoing& keep_going) const;
  study::Outcome deploy(const study::Job& job, const study::KeepGoing& keep_going) const;

  search::NetworkSearch search_;
  std::vector<Part> parts_;
};

}  // namespace parsimony::evaluate
