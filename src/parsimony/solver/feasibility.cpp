#include "parsimony/solver/feasibility.hpp"

#include <limits>

#include "parsimony/acquisition/normal_tail.hpp"

namespace parsimony::solver {

Feasibility feasibility(double mean, double deviation) {
  if (!(deviation > 0.0)) return {mean <= 0.0 ? 0.0 : -std::numeric_limits<double>::infinity(), 0.0, 0.0};
  const double z = -mean / deviation;
  const double hazard = z < 5.0 ? 1.0 / acquisition::lower_ratio(z) : acquisition::normal_density(z);
  return {acquisition::log_normal_cumulative(z), -hazard / deviation, -hazard * z / deviation};
}

}  // namespace parsimony::solver
