#include "parsimony/space/sobol.hpp"

#include <array>
#include <bit>

#include "parsimony/base/contracts.hpp"

namespace parsimony::space {
namespace {

struct Generator {
  std::uint32_t polynomial;
  std::array<std::uint32_t, 16> first;  // m_1, m_2, ... up to the polynomial's degree
};

constexpr Generator kGenerators[] = {
#include "parsimony/space/sobol_table.inc"
};
static_assert(std::size(kGenerators) == kMostSobolDimensions - 1);

using Directions = std::array<std::uint32_t, 32>;  // v_1 … v_32, the leading bit first

Directions first_dimension() {  // van der Corput
  Directions directions;
  for (int i = 0; i < 32; ++i) directions[static_cast<std::size_t>(i)] = 0x80000000u >> i;
  return directions;
}

/// m_i = 2 a_1 m_(i-1) ^ 4 a_2 m_(i-2) ^ … ^ 2^s m_(i-s) ^ m_(i-s), v_i = m_i 2^(32-i) (Bratley and Fox
/// 1988).
Directions directions_of(const Generator& generator) {
  const auto degree = static_cast<std::size_t>(std::bit_width(generator.polynomial) - 1);
  Directions v;
  for (std::size_t i = 0; i < 32; ++i) {
    if (i < degree) {
      v[i] = generator.first[i] << (31 - i);
      continue;
    }
    v[i] = v[i - degree] ^ (v[i - degree] >> degree);
    for (std::size_t k = 1; k < degree; ++k)
      if ((generator.polynomial >> (degree - k)) & 1u) v[i] ^= v[i - k];
  }
  return v;
}

std::uint32_t reversed_bits(std::uint32_t x) {
  x = ((x >> 1) & 0x55555555u) | ((x & 0x55555555u) << 1);
  x = ((x >> 2) & 0x33333333u) | ((x & 0x33333333u) << 2);
  x = ((x >> 4) & 0x0f0f0f0fu) | ((x & 0x0f0f0f0fu) << 4);
  return __builtin_bswap32(x);
}

/// Each bit is flipped by a hash of the bits above it alone: that is what makes the scrambling nested.
std::uint32_t owen_scrambled(std::uint32_t x, std::uint32_t key) {
  x = reversed_bits(x);
  x ^= x * 0x3d20adeau;
  x += key;
  x *= (key >> 16) | 1u;
  x ^= x * 0x05526c56u;
  x ^= x * 0x53a22864u;
  return reversed_bits(x);
}

}  // namespace

std::vector<double> sobol_points(std::int64_t n, int d, RandomStream& stream) {
  PARSIMONY_EXPECTS(n >= 0 && n <= (std::int64_t{1} << 32));
  PARSIMONY_EXPECTS(d >= 1 && d <= kMostSobolDimensions);
  std::vector<double> points(static_cast<std::size_t>(n * d));
  for (int column = 0; column < d; ++column) {
    const Directions v = column == 0 ? first_dimension() : directions_of(kGenerators[column - 1]);
    const auto key = static_cast<std::uint32_t>(stream.bits() >> 32);
    std::uint32_t fraction = 0;
    for (std::int64_t row = 0; row < n; ++row) {
      const double scrambled = owen_scrambled(fraction, key);
      points[static_cast<std::size_t>(row * d + column)] = (scrambled + 0.5) * 0x1p-32;
      // Gray code: the next point differs by the direction of the lowest zero bit of the row's number.
      const int lowest_zero = std::countr_one(static_cast<std::uint32_t>(row));
      if (lowest_zero < 32) fraction ^= v[static_cast<std::size_t>(lowest_zero)];
    }
  }
  return points;
}

}  // namespace parsimony::space
