#include "parsimony/nn/channel_gains.hpp"

#include "parsimony/base/contracts.hpp"
#include "parsimony/nn/quantise.hpp"

namespace parsimony::nn {
namespace {

using network::LayerKind;

template <typename T>
void add_squared_weights(const Parameters<T>& parameters, std::size_t reader, std::vector<double>& gains) {
  const FoldedLayer folded = fold(parameters, reader);
  const bool depthwise = parameters.description.layers[reader].kind == LayerKind::depthwise_convolution;
  PARSIMONY_EXPECTS(gains.size() == static_cast<std::size_t>(depthwise ? folded.out : folded.in));
  for (std::size_t k = 0; k < folded.weights.size(); ++k)  // channels of the input run fastest
    gains[k % gains.size()] += folded.weights[k] * folded.weights[k];
}

}  // namespace

template <typename T>
ChannelGains channel_gains(const Parameters<T>& parameters) {
  const std::vector<network::Layer>& layers = parameters.description.layers;
  ChannelGains gains;
  gains.input.resize(static_cast<std::size_t>(parameters.description.input_shape.back()));
  for (const network::Layer& layer : layers)
    gains.after.emplace_back(static_cast<std::size_t>(layer.channels), 0.0);
  gains.after.back().assign(gains.after.back().size(), 1.0);
  for (std::size_t i = layers.size(); i-- > 0;) {  // readers stand behind what they read
    std::size_t first = 0;
    for (const int from : layers[i].inputs) {
      std::vector<double>& read =
          from == network::kInput ? gains.input : gains.after[static_cast<std::size_t>(from)];
      if (network::has_weights(layers[i].kind))
        add_squared_weights(parameters, i, read);
      else
        for (std::size_t c = 0; c < read.size(); ++c) read[c] += gains.after[i][first + c];
      if (layers[i].kind == LayerKind::concatenation) first += read.size();
    }
  }
  return gains;
}

template ChannelGains channel_gains<float>(const Parameters<float>&);
template ChannelGains channel_gains<double>(const Parameters<double>&);

}  // namespace parsimony::nn
