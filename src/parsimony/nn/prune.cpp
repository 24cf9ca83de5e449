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

/// What stays of each layer's outputs, and of the inputs of its weights.
struct Cut {
  at::Tensor inputs, outputs;
};

/// The channels of each layer that stay.
std::vector<at::Tensor> plan_outputs(const network::Description& description,
                                     std::span<const network::Group> groups,
                                     std::span<const std::vector<std::int64_t>> kept) {
  std::vector<std::vector<bool>> stays;
  for (const network::Layer& layer : description.layers)
    stays.emplace_back(static_cast<std::size_t>(layer.channels), true);
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (const network::Member& member : groups[g].members) {
      const auto first = stays[static_cast<std::size_t>(member.layer)].begin() + member.first;
      std::fill_n(first, groups[g].channels, false);
      for (const std::int64_t channel : kept[g]) *(first + channel) = true;
    }
  std::vector<at::Tensor> outputs;
  for (const std::vector<bool>& channels : stays) {
    std::vector<std::int64_t> indices;
    for (std::size_t c = 0; c < channels.size(); ++c)
      if (channels[c]) indices.push_back(static_cast<std::int64_t>(c));
    outputs.push_back(as_index(indices));
  }
  return outputs;
}

template <typename T>
std::vector<Cut> plan_cuts(const Parameters<T>& parameters, std::span<const network::Group> groups,
                           std::span<const std::vector<std::int64_t>> kept) {
  const auto& description = parameters.description;
  const std::vector<at::Tensor> outputs = plan_outputs(description, groups, kept);
  std::vector<Cut> cuts;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const int input = description.layers[i].inputs.at(0);
    if (network::produces_channels(description.layers[i].kind) && input != network::kInput)
      cuts.push_back({outputs[static_cast<std::size_t>(input)], outputs[i]});
    else
      cuts.push_back({at::arange(parameters.layers[i].in, at::TensorOptions().dtype(at::kLong)), outputs[i]});
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

/// The sum over the group's members of their channels' values over their mean.
/// @param values_of  [out] of a layer's layout, or an undefined tensor
template <typename T, typename ValuesOf>
std::vector<double> importance(const Parameters<T>& parameters, const network::Group& group,
                               const ValuesOf& values_of) {
  std::vector<double> result(static_cast<std::size_t>(group.channels), 0.0);
  for (const network::Member& member : group.members) {
    const LayerLayout& layout = parameters.layers[static_cast<std::size_t>(member.layer)];
    const at::Tensor values = values_of(layout);
    if (!values.defined()) continue;
    PARSIMONY_EXPECTS(member.first + group.channels <= layout.out);
    const double* value = values.template data_ptr<double>() + member.first;
    const double mean = std::accumulate(value, value + group.channels, 0.0) / group.channels;
    if (!(mean > 0.0)) continue;
    for (int c = 0; c < group.channels; ++c) result[static_cast<std::size_t>(c)] += value[c] / mean;
  }
  return result;
}

}  // namespace

template <typename T>
std::vector<double> norm_importance(const Parameters<T>& parameters, const network::Group& group) {
  return importance(parameters, group, [&](const LayerLayout& layout) {
    if (!layout.has_weights()) return at::Tensor();
    return weights_of(parameters.values, layout).to(at::kDouble).square().sum(at::IntArrayRef{0, 1}).sqrt();
  });
}

template <typename T>
std::vector<double> batch_norm_importance(const Parameters<T>& parameters, const network::Group& group) {
  bool any = false;
  std::vector<double> result = importance(parameters, group, [&](const LayerLayout& layout) {
    if (!layout.has_norm()) return at::Tensor();
    any = true;
    return rows_of(parameters.values, layout.scale, layout).flatten().to(at::kDouble).abs();
  });
  return any ? result : norm_importance(parameters, group);
}

template <typename T>
void add_taylor(const Parameters<T>& parameters, const network::Group& group, std::span<double> sums) {
  for (const network::Member& member : group.members) {
    const LayerLayout& layout = parameters.layers[static_cast<std::size_t>(member.layer)];
    if (!layout.has_weights()) continue;
    const auto term = [&](Slot slot) {
      const auto of = [&](const at::Tensor& flat) { return rows_of(flat, slot, layout).to(at::kDouble); };
      return of(parameters.values).mul(of(parameters.gradients)).sum(at::IntArrayRef{0});
    };
    const at::Tensor change =
        term(layout.shift).add(term(layout.has_norm() ? layout.scale : layout.weight)).abs();
    const double* of_channel = change.template data_ptr<double>() + member.first;
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += of_channel[c];
  }
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
    for (const network::Member& member : groups[g].members) {
      const LayerLayout& layout = parameters.layers[static_cast<std::size_t>(member.layer)];
      if (!layout.has_weights()) continue;
      for (int c = 0; c < groups[g].channels; ++c) {
        if (std::binary_search(kept[g].begin(), kept[g].end(), c)) continue;
        for (const Slot& slot : {layout.weight, layout.scale, layout.shift})
          for (std::int64_t k = member.first + c; k < slot.count; k += layout.ld)
            parameters.value(slot)[k] = T(0);
      }
    }
}

#define PARSIMONY_INSTANTIATE(T)                                                                      \
  template std::vector<double> norm_importance<T>(const Parameters<T>&, const network::Group&);       \
  template std::vector<double> batch_norm_importance<T>(const Parameters<T>&, const network::Group&); \
  template void add_taylor<T>(const Parameters<T>&, const network::Group&, std::span<double>);        \
  template Parameters<T> remove_channels<T>(const Parameters<T>&, std::span<const network::Group>,    \
                                            std::span<const std::vector<std::int64_t>>);              \
  template void mask_channels<T>(Parameters<T>&, std::span<const network::Group>,                     \
                                 std::span<const std::vector<std::int64_t>>);
PARSIMONY_INSTANTIATE(float)
PARSIMONY_INSTANTIATE(double)
#undef PARSIMONY_INSTANTIATE

}  // namespace parsimony::nn
