#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/ir/graph.hpp"

namespace parsimony::network {

/// Channels of a tensor's last axis: what is the same for all candidates, and `runs` times those kept of each
/// group in it, more than one run where a tensor is flattened or concatenated with itself.
struct ChannelSum {
  struct Part {
    std::int32_t runs = 0;
    std::int32_t group = 0;
  };
  std::vector<Part> parts;
  std::int32_t constant = 0;

  std::int32_t at(std::span<const std::int32_t> kept) const {
    std::int32_t sum = constant;
    for (const Part& part : parts) sum += part.runs * kept[static_cast<std::size_t>(part.group)];
    return sum;
  }
};

/// @param graph     the lowered skeleton when group g keeps channels[g]
/// @param narrowed  [groups] the same with one channel in group g alone
/// @return [tensors of the graph]
std::vector<ChannelSum> channel_sums(const ir::Graph& graph, std::span<const std::int32_t> channels,
                                     std::span<const ir::Graph> narrowed);

}  // namespace parsimony::network
