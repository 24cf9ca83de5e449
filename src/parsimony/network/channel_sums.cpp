#include "parsimony/network/channel_sums.hpp"

#include <algorithm>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/network/description.hpp"

namespace parsimony::network {

std::vector<ChannelSum> channel_sums(const ir::Graph& graph, std::span<const std::int32_t> channels,
                                     std::span<const ir::Graph> narrowed) {
  PARSIMONY_EXPECTS(channels.size() == narrowed.size());
  std::vector<ChannelSum> sums;
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    const Shape& shape = graph.tensors[t].shape;
    ChannelSum sum{{}, shape.back()};
    for (std::size_t g = 0; g < narrowed.size(); ++g) {
      const Shape& narrow = narrowed[g].tensors[t].shape;
      if (narrow == shape) continue;
      PARSIMONY_EXPECTS(std::equal(shape.begin(), shape.end() - 1, narrow.begin(), narrow.end() - 1));
      const std::int32_t runs = (shape.back() - narrow.back()) / (channels[g] - 1);
      sum.parts.push_back({runs, static_cast<std::int32_t>(g)});
      sum.constant -= runs * channels[g];
    }
    PARSIMONY_EXPECTS(sum.constant >= 0);
    sums.push_back(std::move(sum));
  }
  return sums;
}

}  // namespace parsimony::network
