#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "parsimony/solver/belief.hpp"
#include "parsimony/solver/candidates.hpp"
#include "parsimony/solver/trust_region_draw.hpp"

namespace parsimony::solver {

/// A random hypervolume scalarisation (Zhang and Golovin 2020), turned to be minimised:
/// max_j (f_j − reference_j)/(range_j λ_j), λ uniform on the positive part of the unit sphere.
struct HypervolumeScalarisation {
  std::vector<double> references, divisors;  ///< [m]

  HypervolumeScalarisation(const Problem& problem, const Evidence& evidence, RandomStream& stream);
  double operator()(std::span<const double> objectives) const;
};

/// How a candidate compares: less violation, then more gain, then less of the scalarised value.
struct Worth {
  double violation = 0.0, gain = 0.0, value = 0.0;
  bool better_than(const Worth& other) const;
};

struct WorthyPoint {
  Point point;
  Worth worth;
};

/// Of the candidates within the limits the most worthy by one draw: ranked by estimated costs, the first 64
/// compared by exact ones.
/// @param front    [n, m] what a gain of hypervolume is over; null where gains do not count
/// @param points   [candidates + pending, d]: pending points are drawn jointly, join the front where the draw
///                 says that they are feasible, and are not chosen
std::optional<WorthyPoint> choose_by_draw(const Problem& problem, std::span<const double> points,
                                          std::size_t candidates, const DrawnOutcomes& drawn,
                                          const std::vector<double>* front,
                                          const HypervolumeScalarisation& scalarisation);

}  // namespace parsimony::solver
