#include "parsimony/nn/int8_inputs.hpp"

#include <algorithm>
#include <cmath>

namespace parsimony::nn {

std::vector<std::int8_t> int8_inputs(const ir::Graph& graph, const Cases<float>& cases,
                                     std::span<const std::int64_t> indices) {
  const ir::Quantisation q = graph.tensor(graph.input).quantisation;
  const auto elements = static_cast<std::size_t>(cases.length) * static_cast<std::size_t>(cases.channels);
  std::vector<std::int8_t> bytes;
  bytes.reserve(indices.size() * elements);
  for (const std::int64_t index : indices)
    for (const float value : std::span(cases.at(index), elements))
      bytes.push_back(static_cast<std::int8_t>(
          std::clamp(std::round(double{value} / double{q.scale}) + q.zero_point, -128.0, 127.0)));
  return bytes;
}

}  // namespace parsimony::nn
