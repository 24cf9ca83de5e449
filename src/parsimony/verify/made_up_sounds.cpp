#include "parsimony/verify/made_up_sounds.hpp"

#include "parsimony/base/random.hpp"

namespace parsimony::verify {

std::vector<std::vector<std::int16_t>> made_up_sounds(std::int32_t samples, std::uint64_t seed) {
  RandomStream random(seed, 0, "verify-sounds");
  const auto noise = [&](std::int32_t amplitude) {
    return static_cast<int>(random.below(static_cast<std::uint64_t>(2 * amplitude))) - amplitude;
  };
  std::vector<std::vector<std::int16_t>> sounds(6);
  for (std::int32_t n = 0; n < samples; ++n) {
    const int values[] = {noise(32768),
                          noise(3),
                          0,
                          n % 74 < 37 ? 32767 : -32768,
                          n % 2 == 0 ? 32767 : -32768,
                          n == samples / 2 ? -32768 : 0};
    for (std::size_t kind = 0; kind < sounds.size(); ++kind)
      sounds[kind].push_back(static_cast<std::int16_t>(values[kind]));
  }
  return sounds;
}

}  // namespace parsimony::verify
