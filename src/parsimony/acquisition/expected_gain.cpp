#include "parsimony/acquisition/expected_gain.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "parsimony/acquisition/normal_tail.hpp"

namespace parsimony::acquisition {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kLogRootTwoPi = 0.5 * std::log(2.0 * std::numbers::pi);

ExpectedGain known_gain(double level, const Outlook& outlook) {
  const double y = outlook.logarithmic ? std::exp(outlook.mean) - outlook.shift : outlook.mean;
  const double gain = level - y;
  if (!(gain > 0.0)) return {-kInfinity, 0.0, 0.0};
  return {std::log(gain), -(outlook.logarithmic ? std::exp(outlook.mean) : 1.0) / gain, 0.0};
}

/// σh(z), z = (level − μ)/σ, h = φ + zΦ: ∂/∂μ = −Φ, ∂/∂σ = φ.
ExpectedGain normal_gain(double level, const Outlook& outlook) {
  const double sigma = outlook.deviation, z = (level - outlook.mean) / sigma;
  const double logarithm = std::log(sigma) + log_expected_excess(z);
  if (z > -1.0) {
    const double excess = normal_density(z) + z * normal_cumulative(z);
    return {logarithm, -normal_cumulative(z) / (sigma * excess), normal_density(z) / (sigma * excess)};
  }
  if (z > -40.0) {
    const double ratio = lower_ratio(z), excess = 1.0 + z * ratio;
    return {logarithm, -ratio / (sigma * excess), 1.0 / (sigma * excess)};
  }
  return {logarithm, z / sigma * (1.0 + 2.0 / (z * z)), (z * z + 3.0) / sigma};
}

/// With U = level + shift, a = (log U − μ)/σ and R = Φ/φ: the gain is Uφ(a)(R(a) − R(a − σ)), because
/// exp(μ + σ²/2)·φ(a − σ) = Uφ(a); ∂/∂μ = −Uφ(a)R(a − σ), ∂/∂σ = Uφ(a)(1 − σR(a − σ)).
ExpectedGain log_normal_gain(double level, const Outlook& outlook) {
  const double upper = level + outlook.shift, sigma = outlook.deviation;
  if (!(upper > 0.0)) return {-kInfinity, 0.0, 0.0};
  const double a = (std::log(upper) - outlook.mean) / sigma;
  if (a > 1.0) {
    const double expectation = std::exp(outlook.mean + 0.5 * sigma * sigma);
    const double below = expectation * normal_cumulative(a - sigma);
    const double gain = upper * normal_cumulative(a) - below;
    if (!(gain > 0.0)) return {-kInfinity, 0.0, 0.0};
    return {std::log(gain), -below / gain, (upper * normal_density(a) - sigma * below) / gain};
  }
  const double ratio = lower_ratio(a - sigma);
  double difference = lower_ratio(a) - ratio;
  if (sigma < 1e-6) difference = std::exp(log_expected_excess(a) + 0.5 * a * a + kLogRootTwoPi) * sigma;
  difference = std::max(difference, 1e-300);
  return {std::log(upper) - 0.5 * a * a - kLogRootTwoPi + std::log(difference), -ratio / difference,
          (1.0 - sigma * ratio) / difference};
}

}  // namespace

ExpectedGain expected_gain(double level, const Outlook& outlook) {
  if (!(outlook.deviation > 0.0)) return known_gain(level, outlook);
  return outlook.logarithmic ? log_normal_gain(level, outlook) : normal_gain(level, outlook);
}

double expected_gain_value(double level, const Outlook& outlook) {
  if (!(outlook.deviation > 0.0)) {
    const double y = outlook.logarithmic ? std::exp(outlook.mean) - outlook.shift : outlook.mean;
    return std::max(0.0, level - y);
  }
  if (outlook.logarithmic) return std::exp(log_normal_gain(level, outlook).logarithm);
  const double z = (level - outlook.mean) / outlook.deviation;
  if (z < -6.0) return std::exp(std::log(outlook.deviation) + log_expected_excess(z));
  return outlook.deviation * (normal_density(z) + z * normal_cumulative(z));
}

}  // namespace parsimony::acquisition
