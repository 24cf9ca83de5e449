#include "parsimony/nn/equalise.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "parsimony/nn/calibrate.hpp"

namespace parsimony::nn {
namespace {

using network::Activation;
using network::Layer;
using network::LayerKind;

constexpr double kLeastFactor = 1.0 / 16.0;

bool keeps_factors(Activation activation) {
  return activation == Activation::none || activation == Activation::relu;
}

/// Whether it hands a factor of its first input's channels on.
bool passes_factors(const Layer& layer, int from) {
  if (!keeps_factors(layer.activation)) return false;
  switch (layer.kind) {
    case LayerKind::global_mean:
    case LayerKind::average_pool:
    case LayerKind::max_pool:
      return true;
    case LayerKind::scale:
      return layer.inputs[0] == from && layer.inputs[1] != from;
    default:
      return false;
  }
}

/// The layers with weights that take a layer's channels in; nothing where a factor would come out elsewhere.
std::optional<std::vector<std::size_t>> readers_of(const network::Description& description,
                                                   std::size_t maker) {
  std::vector<std::size_t> carriers{maker}, readers;
  for (std::size_t at = 0; at < carriers.size(); ++at) {
    const int from = static_cast<int>(carriers[at]);
    if (carriers[at] + 1 == description.layers.size()) return std::nullopt;
    for (std::size_t i = carriers[at] + 1; i < description.layers.size(); ++i) {
      const Layer& layer = description.layers[i];
      if (std::find(layer.inputs.begin(), layer.inputs.end(), from) == layer.inputs.end()) continue;
      if (network::has_weights(layer.kind))
        readers.push_back(i);
      else if (passes_factors(layer, from))
        carriers.push_back(i);
      else
        return std::nullopt;
    }
  }
  return readers;
}

/// The largest |output| of each layer's channels.
template <typename T>
std::vector<std::vector<double>> largest_outputs(Parameters<T>& parameters, const Cases<T>& cases,
                                                 std::span<const std::int64_t> indices) {
  std::vector<std::vector<double>> largest(parameters.layers.size());
  see_outputs<T>(parameters, cases, indices, [&](const LayerOutput<T>& output) {
    if (output.layer == network::kInput || output.before_activation) return;
    std::vector<double>& of_layer = largest[static_cast<std::size_t>(output.layer)];
    of_layer.resize(static_cast<std::size_t>(output.channels));
    for (std::int64_t r = 0; r < output.rows; ++r)
      for (int c = 0; c < output.channels; ++c) {
        double& so_far = of_layer[static_cast<std::size_t>(c)];
        so_far = std::max(so_far, std::abs(static_cast<double>(output.values[r * output.ld + c])));
      }
  });
  return largest;
}

/// For each input channel the largest |weight| that reads it over the largest of that output.
template <typename T>
std::vector<double> shares_of_rows(const Parameters<T>& parameters, const LayerLayout& layout) {
  std::vector<double> row(static_cast<std::size_t>(layout.out), 0.0),
      share(static_cast<std::size_t>(layout.in), 0.0);
  const auto for_weights = [&](const auto& body) {
    const T* weight = parameters.value(layout.weight);
    for (int t = 0; t < layout.taps; ++t)
      for (std::size_t i = 0; i < share.size(); ++i, weight += layout.ld)
        for (std::size_t o = 0; o < row.size(); ++o) body(i, o, std::abs(static_cast<double>(weight[o])));
  };
  for_weights([&](std::size_t, std::size_t o, double size) { row[o] = std::max(row[o], size); });
  for_weights([&](std::size_t i, std::size_t o, double size) {
    if (row[o] > 0.0) share[i] = std::max(share[i], size / row[o]);
  });
  return share;
}

/// What each channel is divided by, at most 1.
template <typename T>
std::vector<double> factors(const Parameters<T>& parameters, const std::vector<std::size_t>& readers,
                            const std::vector<double>& largest) {
  std::vector<double> share(largest.size(), 0.0);
  bool in_rows = false;
  for (const std::size_t reader : readers) {
    if (parameters.description.layers[reader].kind == LayerKind::depthwise_convolution) continue;
    in_rows = true;
    const std::vector<double> of_reader = shares_of_rows(parameters, parameters.layers[reader]);
    for (std::size_t c = 0; c < share.size(); ++c) share[c] = std::max(share[c], of_reader[c]);
  }
  std::vector<double> result;
  for (std::size_t c = 0; c < largest.size(); ++c)
    result.push_back(!in_rows ? largest[c] : share[c] > 0.0 ? std::sqrt(largest[c] / share[c]) : 0.0);
  const double top = *std::max_element(result.begin(), result.end());
  for (double& factor : result)
    factor = factor > 0.0 && std::isfinite(top) ? std::max(factor / top, kLeastFactor) : 1.0;
  return result;
}

template <typename T>
void divide(Parameters<T>& parameters, Slot slot, const LayerLayout& layout, const std::vector<double>& by) {
  T* row = parameters.value(slot);
  for (std::int64_t r = 0; r < slot.count / layout.ld; ++r, row += layout.ld)
    for (std::size_t c = 0; c < by.size(); ++c) row[c] = static_cast<T>(static_cast<double>(row[c]) / by[c]);
}

template <typename T>
void multiply_where_read(Parameters<T>& parameters, std::size_t reader, const std::vector<double>& by) {
  const LayerLayout& layout = parameters.layers[reader];
  const bool depthwise = parameters.description.layers[reader].kind == LayerKind::depthwise_convolution;
  T* weight = parameters.value(layout.weight);
  for (int t = 0; t < layout.taps; ++t)
    for (int i = 0; i < layout.in; ++i, weight += layout.ld)
      for (int o = 0; o < layout.out; ++o)
        weight[o] =
            static_cast<T>(static_cast<double>(weight[o]) * by[static_cast<std::size_t>(depthwise ? o : i)]);
}

}  // namespace

template <typename T>
void equalise(Parameters<T>& parameters, const Cases<T>& cases, std::span<const std::int64_t> indices) {
  const auto& layers = parameters.description.layers;
  const std::vector<std::vector<double>> largest = largest_outputs(parameters, cases, indices);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!network::has_weights(layers[i].kind) || !keeps_factors(layers[i].activation)) continue;
    const auto readers = readers_of(parameters.description, i);
    if (!readers) continue;
    const std::vector<double> by = factors(parameters, *readers, largest[i]);
    const LayerLayout& layout = parameters.layers[i];
    divide(parameters, layout.has_norm() ? layout.scale : layout.weight, layout, by);
    divide(parameters, layout.shift, layout, by);
    for (const std::size_t reader : *readers) multiply_where_read(parameters, reader, by);
  }
}

template void equalise<float>(Parameters<float>&, const Cases<float>&, std::span<const std::int64_t>);
template void equalise<double>(Parameters<double>&, const Cases<double>&, std::span<const std::int64_t>);

}  // namespace parsimony::nn
