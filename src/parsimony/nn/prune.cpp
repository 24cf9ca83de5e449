#include "parsimony/nn/prune.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <numeric>

#include "parsimony/base/contracts.hpp"

namespace parsimony::nn {
namespace {

at::Tensor rows_of(const at::Tensor& flat, Slot slot, const LayerLayout& layout) {
  return flat.narrow(0, slot.offset, slot.count).view({-1, layout.ld}).narrow(1, 0, layout.out);
}

at::Tensor weights_of(const at::Tensor& flat, const LayerLayout& layout) {
  return flat.narrow(0, layout.weight.offset, layout.weight.count)
      .view({layout.taps, layout.in, layout.ld})
      .narrow(2, 0, layout.out);
}

at::Tensor as_index(const std::vector<std::int64_t>& indices) {
  return at::tensor(indices, at::TensorOptions().dtype(at::kLong));
}

at::Tensor all(int count) {
  return at::arange(count, at::TensorOptions().dtype(at::kLong));
}

/// What stays of each layer's outputs, and of the inputs of its weights.
struct Cut {
  at::Tensor inputs, outputs;
};

template <typename T>
std::vector<Cut> plan_cuts(const Parameters<T>& parameters, std::span<const network::Group> groups,
                           std::span<const std::vector<std::int64_t>> kept) {
  const auto& description = parameters.description;
  std::vector<Cut> cuts(description.layers.size());
  for (std::size_t i = 0; i < cuts.size(); ++i) cuts[i].outputs = all(description.layers[i].channels);
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (const int layer : groups[g].layers)
      cuts[static_cast<std::size_t>(layer)].outputs = as_index(kept[g]);
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const int input = description.layers[i].inputs.at(0);
    const bool dense = parameters.layers[i].in != 1 ||
                       description.layers[i].kind != network::LayerKind::depthwise_convolution;
    if (!dense)
      cuts[i].inputs = all(1);
    else if (input == network::kInput)
      cuts[i].inputs = all(description.input_shape.back());
    else
      cuts[i].inputs = cuts[static_cast<std::size_t>(input)].outputs;
  }
  return cuts;
}

void copy_layer(const LayerLayout& from, const LayerLayout& to, const Cut& cut, const at::Tensor& source,
                const at::Tensor& target) {
  if (!from.has_weights()) return;
  weights_of(target, to)
      .copy_(weights_of(source, from).index_select(1, cut.inputs).index_select(2, cut.outputs));
  for (const auto& [old_slot, new_slot] : {std::pair{from.shift, to.shift}, std::pair{from.scale, to.scale}})
    if (old_slot.count > 0)
      rows_of(target, new_slot, to).copy_(rows_of(source, old_slot, from).index_select(1, cut.outputs));
}

void copy_statistics(const LayerLayout& from, const LayerLayout& to, const Cut& cut, const at::Tensor& source,
                     const at::Tensor& target) {
  if (!from.has_norm()) return;
  for (const auto& [old_slot, new_slot] :
       {std::pair{from.mean, to.mean}, std::pair{from.variance, to.variance}})
    rows_of(target, new_slot, to).copy_(rows_of(source, old_slot, from).index_select(1, cut.outputs));
}

}  // namespace

template <typename T>
std::vector<double> channel_importance(const Parameters<T>& parameters, const network::Group& group) {
  std::vector<double> importance(static_cast<std::size_t>(group.channels), 0.0);
  for (const int index : group.layers) {
    const LayerLayout& layout = parameters.layers[static_cast<std::size_t>(index)];
    if (!layout.has_weights()) continue;
    PARSIMONY_EXPECTS(layout.out == group.channels);
    const at::Tensor norms =
        weights_of(parameters.values, layout).to(at::kDouble).square().sum(at::IntArrayRef{0, 1}).sqrt();
    const double* norm = norms.template data_ptr<double>();
    const double mean = std::accumulate(norm, norm + layout.out, 0.0) / layout.out;
    if (!(mean > 0.0)) continue;
    for (int c = 0; c < layout.out; ++c) importance[static_cast<std::size_t>(c)] += norm[c] / mean;
  }
  return importance;
}

std::vector<std::int64_t> channels_to_keep(std::span<const double> importance, std::int32_t keep) {
  PARSIMONY_EXPECTS(keep >= 1 && keep <= static_cast<std::int64_t>(importance.size()));
  std::vector<std::int64_t> order(importance.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return importance[static_cast<std::size_t>(a)] < importance[static_cast<std::size_t>(b)];
  });
  order.erase(order.begin(), order.end() - keep);
  std::sort(order.begin(), order.end());
  return order;
}

template <typename T>
Parameters<T> remove_channels(const Parameters<T>& parameters, std::span<const network::Group> groups,
                              std::span<const std::vector<std::int64_t>> kept) {
  PARSIMONY_EXPECTS(groups.size() == kept.size());
  std::vector<std::int32_t> counts;
  for (const auto& channels : kept) counts.push_back(static_cast<std::int32_t>(channels.size()));
  Parameters<T> result = make_parameters<T>(network::prune(parameters.description, counts));
  const std::vector<Cut> cuts = plan_cuts(parameters, groups, kept);
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const LayerLayout &from = parameters.layers[i], &to = result.layers[i];
    copy_layer(from, to, cuts[i], parameters.values, result.values);
    copy_layer(from, to, cuts[i], parameters.gradients, result.gradients);
    copy_layer(from, to, cuts[i], parameters.momentum, result.momentum);
    copy_statistics(from, to, cuts[i], parameters.statistics, result.statistics);
  }
  return result;
}

template <typename T>
void mask_channels(Parameters<T>& parameters, std::span<const network::Group> groups,
                   std::span<const std::vector<std::int64_t>> kept) {
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (const int index : groups[g].layers) {
      const LayerLayout& layout = parameters.layers[static_cast<std::size_t>(index)];
      if (!layout.has_weights()) continue;
      for (int c = 0; c < layout.out; ++c) {
        if (std::binary_search(kept[g].begin(), kept[g].end(), c)) continue;
        for (const Slot& slot : {layout.weight, layout.scale, layout.shift})
          for (std::int64_t k = c; k < slot.count; k += layout.ld) parameters.value(slot)[k] = T(0);
      }
    }
}

#define PARSIMONY_INSTANTIATE(T)                                                                   \
  template std::vector<double> channel_importance<T>(const Parameters<T>&, const network::Group&); \
  template Parameters<T> remove_channels<T>(const Parameters<T>&, std::span<const network::Group>, \
                                            std::span<const std::vector<std::int64_t>>);           \
  template void mask_channels<T>(Parameters<T>&, std::span<const network::Group>,                  \
                                 std::span<const std::vector<std::int64_t>>);
PARSIMONY_INSTANTIATE(float)
PARSIMONY_INSTANTIATE(double)
#undef PARSIMONY_INSTANTIATE

}  // namespace parsimony::nn
