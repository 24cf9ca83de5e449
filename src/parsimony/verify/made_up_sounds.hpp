#pragma once

#include <cstdint>
#include <vector>

namespace parsimony::verify {

/// Noise of full scale and near silence, silence, squares of full scale, one sample: on which a front end
/// might overflow or lose its bits. Instructions are counted on the first.
std::vector<std::vector<std::int16_t>> made_up_sounds(std::int32_t samples, std::uint64_t seed);

}  // namespace parsimony::verify
