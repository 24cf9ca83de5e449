#pragma once

#include <cstdint>
#include <vector>

#include "parsimony/base/random.hpp"

namespace parsimony::space {

constexpr int kMostSobolDimensions = 256;

/// The first n points of a Sobol sequence in d dimensions, scrambled.
/// Direction numbers: Joe and Kuo 2008. Scrambling: Owen's nested uniform scrambling in base 2 of 32-bit
/// fractions, by the hash of Laine and Karras as mended by Burley (Journal of Computer Graphics Techniques
/// 9(4), 2020), with one key for each dimension from `stream`; so the points are a (t, m, d)-net for n = 2^m,
/// each uniform on its own.
/// @param n  at most 2^32
/// @param d  1 … 256
/// @return   [n, d] row by row, every coordinate strictly inside (0, 1)
std::vector<double> sobol_points(std::int64_t n, int d, RandomStream& stream);

}  // namespace parsimony::space
