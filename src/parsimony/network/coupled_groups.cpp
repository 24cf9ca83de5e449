#include <map>
#include <numeric>

#include "parsimony/base/contracts.hpp"
#include "parsimony/network/description.hpp"

namespace parsimony::network {
namespace {

/// Union-find over channel dimensions: node 0 is the input's, node i + 1 the output of layer i.
class Couplings {
 public:
  explicit Couplings(std::size_t layers) : parent_(layers + 1) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }

  int root(int layer) {
    int node = layer + 1;
    while (parent_[static_cast<std::size_t>(node)] != node) {
      int& above = parent_[static_cast<std::size_t>(node)];
      node = above = parent_[static_cast<std::size_t>(above)];
    }
    return node;
  }
  void couple(int a, int b) { parent_[static_cast<std::size_t>(root(a))] = root(b); }

 private:
  std::vector<int> parent_;
};

/// Whether the layer makes channels of its own instead of carrying its inputs' on.
bool produces_channels(LayerKind kind) {
  return kind == LayerKind::convolution || kind == LayerKind::linear;
}

}  // namespace

std::vector<Group> coupled_groups(const Description& description) {
  const int layers = static_cast<int>(description.layers.size());
  PARSIMONY_EXPECTS(layers >= 1);
  Couplings couplings(description.layers.size());
  for (int i = 0; i < layers; ++i) {
    const Layer& layer = description.layers[static_cast<std::size_t>(i)];
    if (produces_channels(layer.kind)) continue;
    for (int input : layer.inputs) couplings.couple(i, input);
  }

  std::vector<Group> groups;
  std::map<int, std::size_t> group_of_root;
  for (int i = 0; i < layers; ++i) {
    const int root = couplings.root(i);
    if (root == couplings.root(kInput) || root == couplings.root(layers - 1)) continue;
    const Layer& layer = description.layers[static_cast<std::size_t>(i)];
    const auto [found, is_new] = group_of_root.try_emplace(root, groups.size());
    if (is_new) groups.push_back({layer.name, layer.channels, {}});
    Group& group = groups[found->second];
    PARSIMONY_EXPECTS(group.channels == layer.channels);
    group.layers.push_back(i);
  }
  return groups;
}

}  // namespace parsimony::network
