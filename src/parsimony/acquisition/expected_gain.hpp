#pragma once

namespace parsimony::acquisition {

/// What is believed of one outcome: y = t, or y = exp(t) − shift, with t normal.
struct Outlook {
  double mean = 0.0, deviation = 0.0;  ///< of t; a deviation of 0 means that it is known
  bool logarithmic = false;
  double shift = 0.0;
};

/// E[max(0, level − y)] and what its gradient needs, in forms that do not underflow.
struct ExpectedGain {
  double logarithm;     ///< −infinity when no gain is possible
  double by_mean;       ///< ∂ log/∂mean, <= 0
  double by_deviation;  ///< ∂ log/∂deviation, of a known outcome 0
};

/// @param level  finite
ExpectedGain expected_gain(double level, const Outlook& outlook);

/// E[max(0, level − y)] alone, which may underflow to 0.
double expected_gain_value(double level, const Outlook& outlook);

}  // namespace parsimony::acquisition
