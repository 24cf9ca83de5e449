#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/network/description.hpp"

namespace parsimony::network {
namespace {

/// Union-find over every channel of the input and of each layer's output: what is one set stays or goes
/// together.
class Channels {
 public:
  explicit Channels(const Description& description) : first_{0, description.input_shape.back()} {
    for (const Layer& layer : description.layers) first_.push_back(first_.back() + layer.channels);
    parent_.resize(static_cast<std::size_t>(first_.back()));
    std::iota(parent_.begin(), parent_.end(), 0);
  }

  std::size_t nodes() const { return parent_.size(); }
  int count(int layer) const { return at(layer + 1) - at(layer); }
  int root(int layer, int channel) {
    int node = at(layer) + channel;
    while (parent_[static_cast<std::size_t>(node)] != node) {
      int& above = parent_[static_cast<std::size_t>(node)];
      node = above = parent_[static_cast<std::size_t>(above)];
    }
    return node;
  }
  void couple(int layer, int channel, int other, int other_channel) {
    const int from = root(layer, channel);
    parent_[static_cast<std::size_t>(from)] = root(other, other_channel);
  }

 private:
  /// The layer's first node; the input's (kInput) is 0.
  int at(int layer) const { return first_[static_cast<std::size_t>(layer + 1)]; }

  std::vector<int> first_, parent_;
};

/// A layer that makes no channels hands each of its inputs' on.
void couple_to_inputs(const Layer& layer, int index, Channels& channels) {
  int first = 0;
  for (const int input : layer.inputs) {
    PARSIMONY_EXPECTS(first + channels.count(input) <= layer.channels);
    for (int c = 0; c < channels.count(input); ++c) channels.couple(index, first + c, input, c);
    if (layer.kind == LayerKind::concatenation) first += channels.count(input);
  }
}

/// Which layers make each set of channels, once for each channel, by its root: sets with the same makers are
/// a group.
std::vector<std::vector<int>> makers_of(const Description& description, Channels& channels) {
  std::vector<std::vector<int>> makers(channels.nodes());
  for (int i = 0; i < static_cast<int>(description.layers.size()); ++i) {
    if (!produces_channels(description.layers[static_cast<std::size_t>(i)].kind)) continue;
    for (int c = 0; c < channels.count(i); ++c)
      makers[static_cast<std::size_t>(channels.root(i, c))].push_back(i);
  }
  return makers;
}

/// Groups as the layers' channels go by.
class Collector {
 public:
  explicit Collector(std::vector<std::vector<int>> makers)
      : makers_(std::move(makers)), position_(makers_.size(), -1) {}

  void visit(const Layer& layer, int index, int channel, int root) {
    const auto& makers = makers_[static_cast<std::size_t>(root)];
    const auto [found, is_new] = group_of_.try_emplace(makers, groups_.size());
    if (is_new) groups_.push_back({name(layer), 0, {}});
    Group& group = groups_[found->second];
    int& position = position_[static_cast<std::size_t>(root)];
    if (position < 0) position = group.channels++;
    if (position == 0) group.members.push_back({index, channel});
    // Only whole layers are ever joined, so that sets with the same makers lie side by side wherever they
    // are.
    PARSIMONY_EXPECTS(group.members.back() == (Member{index, channel - position}));
  }

  std::vector<Group> take() { return std::move(groups_); }

 private:
  std::string name(const Layer& layer) {
    const int part = ++parts_[layer.name];
    return part == 1 ? layer.name : layer.name + "_part" + std::to_string(part);
  }

  std::vector<std::vector<int>> makers_;
  std::vector<int> position_;  ///< of each root in its group
  std::map<std::vector<int>, std::size_t> group_of_;
  std::map<std::string, int> parts_;
  std::vector<Group> groups_;
};

}  // namespace

bool has_weights(LayerKind kind) {
  return produces_channels(kind) || kind == LayerKind::depthwise_convolution;
}

bool produces_channels(LayerKind kind) {
  return kind == LayerKind::convolution || kind == LayerKind::linear;
}

std::vector<Group> coupled_groups(const Description& description) {
  const int layers = static_cast<int>(description.layers.size());
  PARSIMONY_EXPECTS(layers >= 1);
  Channels channels(description);
  for (int i = 0; i < layers; ++i) {
    const Layer& layer = description.layers[static_cast<std::size_t>(i)];
    if (!produces_channels(layer.kind)) couple_to_inputs(layer, i, channels);
  }
  std::vector<int> fixed;
  for (const int end : {kInput, layers - 1})
    for (int c = 0; c < channels.count(end); ++c) fixed.push_back(channels.root(end, c));
  std::sort(fixed.begin(), fixed.end());

  Collector collector(makers_of(description, channels));
  for (int i = 0; i < layers; ++i)
    for (int c = 0; c < channels.count(i); ++c) {
      const int root = channels.root(i, c);
      if (std::binary_search(fixed.begin(), fixed.end(), root)) continue;
      collector.visit(description.layers[static_cast<std::size_t>(i)], i, c, root);
    }
  return collector.take();
}

}  // namespace parsimony::network
