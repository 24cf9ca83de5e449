#pragma once

#include <cstdint>
#include <vector>

#include "parsimony/base/random.hpp"

namespace parsimony::space {

/// Strata of a Latin hypercube (McKay, Beckman, Conover 1979): in every dimension each of the n points owns
/// another of the n intervals [k/n, (k+1)/n).
struct LatinHypercube {
  std::int64_t n = 0;
  int d = 0;
  std::vector<std::int64_t> strata;  ///< [n, d] k of each point and dimension, row by row

  /// A uniform point of the row's stratum: [d].
  std::vector<double> draw(std::int64_t row, RandomStream& stream) const;
};

/// @param n  at least 1; @param d  at least 1
LatinHypercube latin_hypercube(std::int64_t n, int d, RandomStream& stream);

}  // namespace parsimony::space
