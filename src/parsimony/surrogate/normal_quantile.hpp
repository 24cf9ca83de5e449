#pragma once

namespace parsimony::surrogate {

/// The z below which a standard normal variable falls with that probability, to about 1e-15 relative
/// (Acklam's rational approximation, then one step of Halley's method on erfc).
/// @param probability  strictly inside (0, 1)
double normal_quantile(double probability);

}  // namespace parsimony::surrogate
