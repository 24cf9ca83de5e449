#pragma once

#include <optional>
#include <vector>

#include "parsimony/acquisition/maximise.hpp"
#include "parsimony/solver/candidates.hpp"
#include "parsimony/solver/evidence.hpp"
#include "parsimony/solver/improvement_acquisition.hpp"

namespace parsimony::solver {

struct Candidate {
  Point point;
  double value = 0.0;  ///< of the acquisition; NaN where it had no say
  const char* origin = "";
};

/// Points near which good ones are expected: the front's, or before there is one the five that break the
/// constraints least.
/// @return  [n, d] row by row
std::vector<double> promising_points(const Evidence& evidence);

/// Of the maximiser's best that are new and within the limits, the best by exact costs: up to 64 are looked
/// at.
std::optional<Candidate> best_candidate(const Problem& problem, const PointSet& known,
                                        const ImprovementAcquisition& acquisition,
                                        const acquisition::RankedPoints& ranked, const char* origin);

}  // namespace parsimony::solver
