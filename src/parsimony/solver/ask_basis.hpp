#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "parsimony/acquisition/maximise.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/base/thread_pool.hpp"
#include "parsimony/solver/belief.hpp"
#include "parsimony/solver/evidence.hpp"
#include "parsimony/solver/ranked_candidate.hpp"
#include "parsimony/solver/solver.hpp"

namespace parsimony::solver {

/// What all proposals of one ask of a solver with models share.
struct AskBasis {
  /// Fits the belief, where any row says something.
  AskBasis(const Problem& asked, const Question& question, Evidence given, const BeliefOptions& options,
           ThreadPool& threads);

  /// A row says something, or nothing has to be modelled.
  bool can_model() const;

  /// From now on the point is known and pending.
  void take(const Point& point);

  const Problem& problem;
  ThreadPool& pool;
  Evidence evidence;
  Belief belief;  ///< without the pending points
  PointSet known;
  std::vector<Point> pending;
};

/// Where the acquisition is greatest, new, and within the limits.
std::optional<Candidate> maximiser_of(const AskBasis& ask, const ImprovementAcquisition& acquisition,
                                      const acquisition::MaximiserOptions& options, RandomStream& stream,
                                      const char* origin);

/// Nothing where the space is used up.
std::optional<Candidate> random_candidate(const AskBasis& ask, RandomStream stream);

/// One proposal after another, each taken before the next; exhausted where `propose`, given the number of the
/// trial, has none.
Answer propose_in_turn(AskBasis& ask, const Question& question,
                       const std::function<std::optional<Proposal>(int trial)>& propose);

}  // namespace parsimony::solver
