#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "parsimony/base/random.hpp"

namespace parsimony::bench {

/// Points on a convex front: the part of a sphere with positive coordinates. [n, m]
inline std::vector<double> convex_front(std::int64_t n, std::int64_t m) {
  RandomStream stream(1, 0, "bench");
  std::vector<double> points;
  for (std::int64_t i = 0; i < n; ++i) {
    std::vector<double> row(static_cast<std::size_t>(m));
    double norm = 0.0;
    for (double& value : row) {
      value = std::abs(stream.normal());
      norm += value * value;
    }
    for (const double value : row) points.push_back(value / std::sqrt(norm));
  }
  return points;
}

inline std::vector<double> uniform_points(std::int64_t n, std::int64_t m) {
  RandomStream stream(1, 0, "bench");
  std::vector<double> points(static_cast<std::size_t>(n * m));
  for (double& value : points) value = stream.uniform();
  return points;
}

}  // namespace parsimony::bench
