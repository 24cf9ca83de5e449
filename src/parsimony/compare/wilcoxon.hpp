#pragma once

#include <span>

namespace parsimony::compare {

/// The signed-rank test of Wilcoxon (1945) that paired differences lie symmetrically about 0.
struct SignedRank {
  int n = 0;              ///< differences that are not 0
  double positive = 0.0;  ///< W₊: the ranks of the positive ones, equal sizes sharing their mean rank
  double p = 1.0;         ///< two-sided; 1 when n is 0
  bool exact = true;      ///< whether p counts sign patterns, or is the normal approximation
};

constexpr int kMostExact = 50;  ///< differences up to which p is exact: all sums stay whole in a double

/// Zeros are dropped, as Wilcoxon does. Up to kMostExact differences p is exact given the ranks, ties
/// included: of all 2ⁿ patterns of signs the share whose W₊ is as far from the middle. Above it is the normal
/// approximation with corrections for ties and continuity.
SignedRank signed_rank(std::span<const double> differences);

}  // namespace parsimony::compare
