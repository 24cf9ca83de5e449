#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "../ir/random_graph.hpp"
#include "../plan/networks.hpp"
#include "parsimony/lower/lower.hpp"
#include "parsimony/lower/patches.hpp"

namespace parsimony::test {

/// A lowered random graph, and the same cut into bands.
struct RandomCut {
  ir::Graph graph;
  std::vector<lower::Segment> segments;
  ir::Graph cut;
};

/// Random quantisation of the output, weights and biases.
inline void fill(ir::Graph& graph, ir::Operator& op, RandomStream& random) {
  graph.tensor(op.output).quantisation =
      ir::Quantisation{0.5f, static_cast<std::int32_t>(random.below(256)) - 128};
  const std::int64_t channels = ir::output_channels(graph, op), weights = ir::weight_count(graph, op);
  for (std::int64_t k = 0; k < weights; ++k)
    op.weights.push_back(static_cast<std::int8_t>(static_cast<int>(random.below(255)) - 127));
  for (std::int64_t c = 0; c < channels; ++c) {
    op.weight_scales.push_back(static_cast<float>(0.01 * random.uniform(0.3, 1.5)));
    op.bias.push_back(static_cast<std::int32_t>(random.below(2000)) - 1000);
  }
}

/// Blocks of two or three layers in two dimensions, half of them residual; rows of whole words.
inline ir::Graph random_blocks(std::uint64_t seed, ir::Rounding rounding) {
  RandomStream random(seed, 0, "blocks");
  const auto pick = [&](int low, int high) {
    return low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  };
  SkeletonBuilder net("blocks", {pick(8, 30), pick(3, 12), 4 * pick(1, 3)});
  const auto channels = [&](ir::TensorId of) { return net.tensor(of).shape.back(); };
  ir::TensorId x = net.input();
  for (int block = pick(1, 4); block > 0; --block) {
    const ir::TensorId before = x;
    const bool residual = pick(0, 1) == 1;
    x = net.convolution(x, 4 * pick(1, 6), {1 + 2 * pick(0, 1), 3}, 1);
    x = net.depthwise(x, pick(2, 5), residual ? 1 : pick(1, 2));
    x = net.convolution(x, residual ? channels(before) : 4 * pick(1, 4), {1, 1}, 1);
    if (residual) x = net.add(before, x);
  }
  ir::Graph graph = net.finish();
  graph.tensor(graph.input).quantisation = {0.5f, pick(-128, 127)};
  graph.normalisation = {{0.0f}, {0.5f}};
  graph.rounding = rounding;
  for (ir::Operator& op : graph.operators) fill(graph, op, random);
  return graph;
}

/// Segments at random, each as long as can be, two to five bands each; none where the graph has none.
inline std::optional<RandomCut> random_cut(std::uint64_t seed) {
  const ir::Rounding rounding = seed % 5 == 0 ? ir::Rounding::once : ir::Rounding::twice;
  const ir::Graph graph = lower::lower(
      seed % 2 == 0
          ? random_blocks(seed, rounding)
          : random_graph(seed,
                         {.operators = 10, .max_channels = 16, .max_length = 32, .rounding = rounding}));
  RandomStream random(seed, 0, "segments");
  std::vector<lower::Segment> segments;
  for (std::size_t first = 0; first < graph.operators.size(); ++first) {
    std::size_t end = std::min(graph.operators.size(), first + 1 + random.below(12));
    while (end > first && !lower::can_be_cut(graph, first, end - 1)) --end;
    if (end == first || random.below(4) == 0) continue;
    segments.push_back({first, end - 1, 2 + static_cast<std::int32_t>(random.below(4))});
    if (lower::cut_into_bands(graph, segments))
      first = end - 1;
    else
      segments.pop_back();
  }
  if (segments.empty()) return std::nullopt;
  return RandomCut{graph, segments, *lower::cut_into_bands(graph, segments)};
}

/// Visits the cut ones among so many random graphs.
template <typename Body>
void for_each_cut(std::uint64_t graphs, Body body) {
  for (std::uint64_t seed = 0; seed < graphs; ++seed)
    if (const std::optional<RandomCut> cut = random_cut(seed)) body(seed, *cut);
}

}  // namespace parsimony::test
