#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/front_end.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/network/description.hpp"
#include "parsimony/network/estimate_program.hpp"
#include "parsimony/plan/plan.hpp"

namespace parsimony::network {
namespace {

using Term = EstimateProgram::Term;
using Buffer = EstimateProgram::Buffer;
using Step = EstimateProgram::Step;

/// factor · x[variable]
struct Part {
  double factor = 0.0;
  int variable = 0;
};
/// Their sum: one part for a tensor of one group's channels, more behind a concatenation.
using Extent = std::vector<Part>;

/// factor · x[first] · x[second]
struct Product {
  double factor = 0.0;
  int first = 0, second = 0;
};
using Products = std::vector<Product>;

Products operator*(const Extent& a, const Extent& b) {
  Products products;
  for (const Part& x : a)
    for (const Part& y : b)
      products.push_back(
          {x.factor * y.factor, std::min(x.variable, y.variable), std::max(x.variable, y.variable)});
  return products;
}
Products operator*(double factor, Products products) {
  for (Product& product : products) product.factor *= factor;
  return products;
}

struct TensorExtent {
  Extent elements;       ///< one byte each
  Extent channels;       ///< of the last axis
  double positions = 0;  ///< elements for each channel
};

/// Channels of the tensor's last axis by group, what is the same for all candidates last.
Extent extent_of(const ChannelSum& sum, int groups) {
  Extent extent;
  for (const ChannelSum::Part& part : sum.parts)
    extent.push_back({static_cast<double>(part.runs), part.group});
  if (sum.constant > 0) extent.push_back({static_cast<double>(sum.constant), groups});
  return extent;
}

std::vector<TensorExtent> tensor_extents(const EstimatedNetwork& network, int groups) {
  std::vector<TensorExtent> extents;
  for (std::size_t t = 0; t < network.graph.tensors.size(); ++t) {
    const ir::Tensor& tensor = network.graph.tensors[t];
    TensorExtent extent{{}, extent_of(network.channels[t], groups), 0.0};
    extent.positions = static_cast<double>(tensor.elements() / tensor.shape.back());
    for (const Part& part : extent.channels)
      extent.elements.push_back({extent.positions * part.factor, part.variable});
    extents.push_back(std::move(extent));
  }
  return extents;
}

/// Weights of one operator and its FLOPs, as in ir::weight_count and ir::flops.
struct OperatorCost {
  Products weights;
  Extent channels;  ///< outputs of an operator with weights
  Products flops;
};

OperatorCost operator_cost(const ir::Operator& op, const TensorExtent& input, const TensorExtent& output,
                           const Extent& one) {
  double taps = 1.0;
  for (const ir::Window& window : op.windows) taps *= window.kernel;
  switch (op.kind) {
    case ir::OperatorKind::convolution: {
      const Products weights = taps * (input.channels * output.channels);
      return {weights, output.channels, 2.0 * output.positions * weights};
    }
    case ir::OperatorKind::depthwise_convolution: {
      const Products weights = taps * (output.channels * one);
      return {weights, output.channels, 2.0 * output.positions * weights};
    }
    case ir::OperatorKind::fully_connected: {
      const Products weights = input.elements * output.channels;
      return {weights, output.channels, 2.0 * weights};
    }
    case ir::OperatorKind::average_pool:
    case ir::OperatorKind::max_pool:
    case ir::OperatorKind::mean:
    case ir::OperatorKind::argmax:
      return {{}, {}, input.elements * one};
    case ir::OperatorKind::add:
    case ir::OperatorKind::subtract:
    case ir::OperatorKind::multiply:
    case ir::OperatorKind::table:
    case ir::OperatorKind::softmax:
      return {{}, {}, output.elements * one};
    case ir::OperatorKind::concatenation:
    case ir::OperatorKind::pad:
    case ir::OperatorKind::reshape:
    case ir::OperatorKind::slice:
    case ir::OperatorKind::join:
      return {};
  }
  contract_broken("precondition", "a known kind of operator", __FILE__, __LINE__);
}

/// Values over distinct pairs of variables.
template <typename Value>
Value& find(std::vector<Value>& values, const Product& product) {
  for (Value& value : values) {
    if (value.first == product.first && value.second == product.second) return value;
  }
  Value& added = values.emplace_back();
  added.first = product.first;
  added.second = product.second;
  return added;
}

/// Least code of any candidate: what all have in common, of the two DSP convolutions the smaller.
double least_code(const EstimatedNetwork& network) {
  emit::KernelSet larger;
  larger.add(emit::Kernel::dsp_convolution_3);
  const auto kernels_of = [&](const ir::Graph& graph) {
    emit::KernelSet set = emit::KernelChoice(graph, network.table.family).all();
    if (set.contains(emit::Kernel::dsp_convolution_3)) set.add(emit::Kernel::dsp_convolution_2);
    set.bits &= ~larger.bits;
    return set;
  };
  emit::KernelSet common = kernels_of(network.graph);
  for (const ir::Graph& narrow : network.narrowed) common.bits &= kernels_of(narrow).bits;
  common.bits &= kernels_of(network.narrowest).bits;
  return static_cast<double>(emit::code_bytes(common, network.table).value);
}

/// [operators] every kernel that may run it at some count.
std::vector<std::vector<emit::Kernel>> possible_kernels(const EstimatedNetwork& network) {
  std::vector<std::vector<emit::Kernel>> possible(network.graph.operators.size());
  const auto add = [&](const ir::Graph& graph) {
    const emit::KernelChoice choice(graph, network.table.family);
    for (std::size_t k = 0; k < possible.size(); ++k) {
      const emit::Kernel kernel = choice.kernels()[k];
      if (std::ranges::find(possible[k], kernel) == possible[k].end()) possible[k].push_back(kernel);
    }
  };
  add(network.graph);
  for (const ir::Graph& narrow : network.narrowed) add(narrow);
  add(network.narrowest);
  for (std::vector<emit::Kernel>& kernels : possible)  // by the arena, which no single group shows
    if (std::ranges::find(kernels, emit::Kernel::dsp_convolution_3) != kernels.end())
      kernels.push_back(emit::Kernel::dsp_convolution_2);
  return possible;
}

std::vector<Term> compile_terms(const EstimatedNetwork& network, std::span<const TensorExtent> extents,
                                std::span<const std::vector<emit::Kernel>> possible, const Extent& one) {
  const ir::Graph& graph = network.graph;
  const auto extent = [&](ir::TensorId id) { return extents[static_cast<std::size_t>(id)]; };
  std::vector<Term> terms;
  const auto add_rom = [&](const Products& products) {
    for (const Product& product : products) find(terms, product).rom += product.factor;
  };
  const auto inputs = graph.tensor(graph.input).shape.back();
  const Bytes fixed =
      Bytes(emit::input_constant_bytes(inputs)) + emit::front_end_rom(graph, network.table).total();
  add_rom((least_code(network) + static_cast<double>(fixed.value)) * (one * one));
  for (std::size_t k = 0; k < graph.operators.size(); ++k) {
    const ir::Operator& op = graph.operators[k];
    const OperatorCost cost = operator_cost(op, extent(op.inputs[0]), extent(op.output), one);
    for (const Product& product : cost.flops) find(terms, product).flops += product.factor;
    // The bytes are affine in weights and channels, by the same factors for every kernel: three values say
    // all.
    const auto least = [&](double weights, double channels) {
      double bytes = std::numeric_limits<double>::max();
      for (const emit::Kernel kernel : possible[k])
        bytes = std::min(bytes, emit::constant_bytes_lower(op, kernel, weights, channels));
      return bytes;
    };
    const double none = least(0.0, 0.0);
    add_rom(none * (one * one));
    if (ir::output_channels(graph, op) == 0) continue;
    add_rom((least(1.0, 0.0) - none) * cost.weights);
    add_rom((least(0.0, 1.0) - none) * (cost.channels * one));
  }
  return terms;
}

/// a + b·in + c·out + d·in·out, each the least of any kernel that may run the operator.
std::array<double, 4> instruction_factors(const EstimatedNetwork& network, const ir::Operator& op,
                                          std::span<const emit::Kernel> possible) {
  std::array<double, 4> least;
  least.fill(std::numeric_limits<double>::max());
  for (const emit::Kernel kernel : possible) {
    const auto at = [&](double in, double out) {
      return network.instructions.of(kernel, emit::kernel_work_lower(network.graph, op, kernel, in, out));
    };
    const double none = at(0, 0), in = at(1, 0) - none, out = at(0, 1) - none;
    const std::array<double, 4> factors{none, in, out, at(1, 1) - in - out - none};
    for (std::size_t k = 0; k < least.size(); ++k) least[k] = std::min(least[k], factors[k]);
  }
  return least;
}

std::vector<EstimateProgram::Count> compile_counts(const EstimatedNetwork& network,
                                                   std::span<const TensorExtent> extents,
                                                   std::span<const std::vector<emit::Kernel>> possible,
                                                   const Extent& one) {
  std::vector<EstimateProgram::Count> counts;
  const auto add = [&](const Products& products) {
    for (const Product& product : products)
      if (product.factor > 0.0) find(counts, product).instructions += product.factor;
  };
  add(static_cast<double>(network.instructions.of_features(network.graph)) * (one * one));
  for (std::size_t k = 0; k < network.graph.operators.size(); ++k) {
    const ir::Operator& op = network.graph.operators[k];
    const TensorExtent& input = extents[static_cast<std::size_t>(op.inputs[0])];
    const Extent& in = op.kind == ir::OperatorKind::fully_connected ? input.elements : input.channels;
    const Extent& out = extents[static_cast<std::size_t>(op.output)].channels;
    const auto [none, by_in, by_out, by_both] = instruction_factors(network, op, possible[k]);
    add(none * (one * one));
    add(by_in * (in * one));
    add(by_out * (out * one));
    add(by_both * (in * out));
  }
  return counts;
}

using AliveBytes = std::vector<double>;  // by variable, the constant last

/// Inputs of the operator that its output may overwrite.
std::vector<std::size_t> overwritten_inputs(const ir::Graph& graph, const ir::Operator& op,
                                            emit::Kernel kernel, std::int32_t step,
                                            std::span<const plan::Lifetime> lifetimes) {
  const plan::KernelMemory memory = emit::kernel_memory(graph, op, kernel);
  std::vector<std::size_t> inputs;
  for (std::size_t k = 0; k < memory.clearance.size(); ++k) {
    const auto input = static_cast<std::size_t>(op.inputs[k]);
    const bool again = std::find(inputs.begin(), inputs.end(), input) != inputs.end();
    if (lifetimes[input].last == step && !again) inputs.push_back(input);
  }
  return inputs;
}

/// Bytes that no plan can do without, for each step once or, where the output may overwrite inputs, twice:
/// with nothing of the output beyond them, with nothing of them beyond it. [steps or more][groups + 1].
std::vector<AliveBytes> bytes_alive(const ir::Graph& graph, emit::Family family,
                                    std::span<const TensorExtent> extents, int groups) {
  const std::vector<plan::Lifetime> lifetimes = plan::lifetimes(graph);
  const emit::KernelChoice choice(graph, family);
  const auto add = [&](AliveBytes& alive, std::size_t tensor, double sign) {
    const Extent& bytes = extents[tensor].elements;
    const double align = static_cast<double>(plan::kArenaAlign);
    const bool constant = bytes.size() == 1 && bytes[0].variable == groups;
    for (const Part& part : bytes)
      alive[static_cast<std::size_t>(part.variable)] +=
          sign * (constant ? std::ceil(part.factor / align) * align : part.factor);
  };
  std::vector<AliveBytes> all;
  for (std::size_t k = 0; k < graph.operators.size(); ++k) {
    const ir::Operator& op = graph.operators[k];
    const auto step = static_cast<std::int32_t>(k);
    AliveBytes alive(static_cast<std::size_t>(groups) + 1, 0.0);
    for (std::size_t t = 0; t < lifetimes.size(); ++t)
      if (lifetimes[t].first <= step && step <= lifetimes[t].last) add(alive, t, 1.0);
    const std::vector<std::size_t> inputs = overwritten_inputs(graph, op, choice.of(op), step, lifetimes);
    if (!inputs.empty()) {
      AliveBytes without_output = alive;
      add(without_output, static_cast<std::size_t>(op.output), -1.0);
      all.push_back(std::move(without_output));
      for (const std::size_t input : inputs) add(alive, input, -1.0);
    }
    all.push_back(std::move(alive));
  }
  if (graph.log_mel) {
    AliveBytes filling(static_cast<std::size_t>(groups) + 1, 0.0);
    add(filling, static_cast<std::size_t>(graph.input), 1.0);
    filling.back() += static_cast<double>(emit::front_end_scratch(*graph.log_mel));
    all.push_back(std::move(filling));
  }
  return all;
}

/// Whether a needs no more than b for any counts of at least 1.
bool covered(const std::vector<double>& a, const std::vector<double>& b) {
  double surplus = 0.0;  // of b where every count is 1
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (i + 1 < a.size() && a[i] > b[i]) return false;
    surplus += b[i] - a[i];
  }
  return surplus >= 0.0;
}

std::vector<Step> compile_steps(const std::vector<std::vector<double>>& alive) {
  std::vector<Step> steps;
  for (std::size_t a = 0; a < alive.size(); ++a) {
    bool needed = true;
    for (std::size_t b = 0; b < alive.size() && needed; ++b) {
      if (a == b || !covered(alive[a], alive[b])) continue;
      needed = covered(alive[b], alive[a]) && a < b;  // of equal ones the first stays
    }
    if (!needed) continue;
    Step step;
    for (std::size_t variable = 0; variable < alive[a].size(); ++variable) {
      if (alive[a][variable] > 0.0) step.push_back({static_cast<int>(variable), alive[a][variable]});
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace

EstimateProgram compile_estimate(const EstimatedNetwork& network) {
  PARSIMONY_EXPECTS(network.channels.size() == network.graph.tensors.size());
  const int groups = static_cast<int>(network.narrowed.size());
  const Extent one{{1.0, groups}};
  const std::vector<TensorExtent> extents = tensor_extents(network, groups);
  const std::vector<std::vector<emit::Kernel>> possible = possible_kernels(network);
  EstimateProgram program;
  program.groups = groups;
  program.terms = compile_terms(network, extents, possible, one);
  program.steps = compile_steps(bytes_alive(network.graph, network.table.family, extents, groups));
  program.counts = compile_counts(network, extents, possible, one);
  return program;
}

}  // namespace parsimony::network
