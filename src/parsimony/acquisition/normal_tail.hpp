#pragma once

namespace parsimony::acquisition {

double normal_density(double z);
double normal_cumulative(double z);

/// Φ(z)/φ(z), the inverse hazard rate from below, to about 1e-13 relative for z <= 5; +infinity where it
/// overflows. Everything in a tail is written with it, so that nothing underflows before its logarithm is
/// taken (the way of Ament et al. 2023, "Unexpected improvements to expected improvement").
double lower_ratio(double z);

/// log Φ(z), finite for every finite z.
double log_normal_cumulative(double z);

/// log(φ(z) + zΦ(z)): of the expected improvement of a standard normal variable below z.
double log_expected_excess(double z);

}  // namespace parsimony::acquisition
