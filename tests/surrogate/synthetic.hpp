#pragma once

#include <cmath>

#include "parsimony/base/random.hpp"
#include "parsimony/surrogate/observations.hpp"

namespace parsimony::surrogate {

inline std::vector<double> random_points(int n, int d, RandomStream& stream) {
  std::vector<double> points(static_cast<std::size_t>(n * d));
  for (double& coordinate : points) coordinate = stream.uniform();
  return points;
}

/// A smooth function of the first three coordinates, with a little noise.
inline Observations smooth_observations(int n, int d, double noise, RandomStream& stream) {
  Observations observations{d, random_points(n, d, stream), {}};
  for (int i = 0; i < n; ++i) {
    const double* x = observations.points.data() + static_cast<std::ptrdiff_t>(i) * d;
    double value = 3.0 + std::sin(5.0 * x[0]);
    if (d > 1) value += 2.0 * (x[1] - 0.4) * (x[1] - 0.4);
    if (d > 2) value += x[0] * x[2];
    observations.values.push_back(value + noise * stream.normal());
  }
  return observations;
}

}  // namespace parsimony::surrogate
