#include <algorithm>
#include <cmath>

#include "parsimony/base/contracts.hpp"
#include "parsimony/network/description.hpp"

namespace parsimony::network {

Description prune(const Description& description, std::span<const std::int32_t> kept) {
  return prune(description, coupled_groups(description), kept);
}

Description prune(const Description& description, std::span<const Group> groups,
                  std::span<const std::int32_t> kept) {
  PARSIMONY_EXPECTS(kept.size() == groups.size());
  Description pruned = description;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    PARSIMONY_EXPECTS(kept[g] >= 1 && kept[g] <= groups[g].channels);
    for (const Member& member : groups[g].members)
      pruned.layers[static_cast<std::size_t>(member.layer)].channels -= groups[g].channels - kept[g];
  }
  return pruned;
}

std::int32_t kept_channels(double sparsity, std::int32_t channels) {
  PARSIMONY_EXPECTS(sparsity >= 0.0 && sparsity <= 1.0 && channels >= 1);
  return std::max(1, static_cast<std::int32_t>(std::floor((1.0 - sparsity) * channels + 0.5)));
}

}  // namespace parsimony::network
