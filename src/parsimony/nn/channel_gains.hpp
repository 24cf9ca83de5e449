#pragma once

#include <vector>

#include "parsimony/nn/parameters.hpp"

namespace parsimony::nn {

/// How much an error in a channel matters to what reads it.
struct ChannelGains {
  std::vector<double> input;               ///< [channels]
  std::vector<std::vector<double>> after;  ///< [layers][channels] of their outputs

  const std::vector<double>& of(int layer) const {
    return layer == network::kInput ? input : after[static_cast<std::size_t>(layer)];
  }
};

/// Sum of the squared weights, batch norm folded, that read a channel, of all its readers; layers without
/// weights hand on what their own output has. 1 for logits.
template <typename T>
ChannelGains channel_gains(const Parameters<T>& parameters);

}  // namespace parsimony::nn
