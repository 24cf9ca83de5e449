#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/network/description.hpp"
#include "parsimony/nn/parameters.hpp"

namespace parsimony::nn {

/// Importance of each channel of a group: the L2 norm of the weights that produce it, summed over the group's
/// members after division by each member's mean (SEMANTICS 6). Members without weights say nothing.
/// @return [channels]
template <typename T>
std::vector<double> norm_importance(const Parameters<T>& parameters, const network::Group& group);

/// The same with |gamma| of the batch norms (Liu et al. 2017, "network slimming"); members without one say
/// nothing, and where none has one it is the norm.
template <typename T>
std::vector<double> batch_norm_importance(const Parameters<T>& parameters, const network::Group& group);

/// Adds what the batch of the last backward pass says by first-order Taylor expansion (Molchanov et al.
/// 2019): by how much the loss would change if the channel were 0 before its activation, |Σ z·∂loss/∂z|,
/// summed over the members. Behind a batch norm that is |gamma·∂gamma + beta·∂beta|, else |Σ w·∂w +
/// bias·∂bias|: a batch norm makes the loss blind to the size of the weights before it.
/// @param sums  [channels]
template <typename T>
void add_taylor(const Parameters<T>& parameters, const network::Group& group, std::span<double> sums);

/// The `keep` most important channels, ascending; of equal ones the lower index goes first.
std::vector<std::int64_t> channels_to_keep(std::span<const double> importance, std::int32_t keep);

/// The same network with these channels of each group alone: weights, gradients, momentum and batch-norm
/// buffers lose the rows that produced the others and the columns that read them.
/// @param kept  [groups][channels that stay, ascending]
template <typename T>
Parameters<T> remove_channels(const Parameters<T>& parameters, std::span<const network::Group> groups,
                              std::span<const std::vector<std::int64_t>> kept);

/// Sets what produces the channels not kept to 0 and leaves them in place: such a channel is 0 after its
/// batch norm and activation and stays so while this is called after every step. What removal is measured
/// against.
template <typename T>
void mask_channels(Parameters<T>& parameters, std::span<const network::Group> groups,
                   std::span<const std::vector<std::int64_t>> kept);

}  // namespace parsimony::nn
