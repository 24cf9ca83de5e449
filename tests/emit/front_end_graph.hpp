#pragma once

#include "../ir/dscnn_graph.hpp"
#include "parsimony/base/random.hpp"

namespace parsimony::test {

/// A network behind a front end whose settings are the seed's (0: the defaults), with one scale for all bands
/// where the seed is odd.
inline ir::Graph front_end_graph(std::uint64_t seed) {
  RandomStream random(seed, 0, "test.front end");
  features::LogMel log_mel;
  if (seed > 0) {
    log_mel.frame = 101 + static_cast<std::int32_t>(random.below(900));
    log_mel.hop = 100 + static_cast<std::int32_t>(random.below(700));
    log_mel.bands = 1 + static_cast<std::int32_t>(random.below(12));
    log_mel.samples = log_mel.frame + log_mel.hop * (2 + static_cast<std::int32_t>(random.below(6)));
    log_mel.high = 7000;
  }
  ir::Graph graph = DscnnGraph(8, log_mel.frames(), log_mel.bands, 4).take();
  graph.log_mel = log_mel;
  graph.normalisation = {};
  for (std::int32_t channel = 0; channel < (seed % 2 == 0 ? log_mel.bands : 1); ++channel) {
    graph.normalisation.mean.push_back(static_cast<float>(random.uniform(3000.0, 9000.0)));
    graph.normalisation.divisor.push_back(static_cast<float>(random.uniform(10.0, 40.0)));
  }
  return graph;
}

}  // namespace parsimony::test
