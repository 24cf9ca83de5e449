#include <algorithm>
#include <cmath>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/emit/cost.hpp"
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
Extent channels_of(const ir::Graph& graph, std::span<const std::int32_t> channels,
                   std::span<const ir::Graph> narrowed, std::size_t tensor) {
  const Shape& shape = graph.tensors[tensor].shape;
  Extent extent;
  std::int32_t constant = shape.back();
  for (std::size_t g = 0; g < narrowed.size(); ++g) {
    const Shape& narrow = narrowed[g].tensors[tensor].shape;
    if (narrow == shape) continue;
    PARSIMONY_EXPECTS(std::equal(shape.begin(), shape.end() - 1, narrow.begin(), narrow.end() - 1));
    const std::int32_t runs = (shape.back() - narrow.back()) / (channels[g] - 1);
    extent.push_back({static_cast<double>(runs), static_cast<int>(g)});
    constant -= runs * channels[g];
  }
  PARSIMONY_EXPECTS(constant >= 0);
  if (constant > 0) extent.push_back({static_cast<double>(constant), static_cast<int>(narrowed.size())});
  return extent;
}

std::vector<TensorExtent> tensor_extents(const ir::Graph& graph, std::span<const std::int32_t> channels,
                                         std::span<const ir::Graph> narrowed) {
  std::vector<TensorExtent> extents;
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    TensorExtent extent{{}, channels_of(graph, channels, narrowed, t), 0.0};
    extent.positions = static_cast<double>(graph.tensors[t].elements() / graph.tensors[t].shape.back());
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
      return {};
  }
  contract_broken("precondition", "a known kind of operator", __FILE__, __LINE__);
}

/// Terms over distinct pairs of variables.
class Terms {
 public:
  void add_rom(const Products& products) {
    for (const Product& product : products) find(product).rom += product.factor;
  }
  void add_flops(const Products& products) {
    for (const Product& product : products) find(product).flops += product.factor;
  }
  std::vector<Term> take() { return std::move(terms_); }

 private:
  Term& find(const Product& product) {
    for (Term& term : terms_) {
      if (term.first == product.first && term.second == product.second) return term;
    }
    return terms_.emplace_back(Term{product.first, product.second, 0.0, 0.0});
  }
  std::vector<Term> terms_;
};

std::vector<Term> compile_terms(const ir::Graph& graph, const emit::KernelChoice& choice,
                                std::span<const TensorExtent> extents, const Extent& one, double code) {
  const auto extent = [&](ir::TensorId id) { return extents[static_cast<std::size_t>(id)]; };
  Terms terms;
  const auto inputs = graph.tensor(graph.input).shape.back();
  terms.add_rom((code + static_cast<double>(emit::input_constant_bytes(inputs))) * (one * one));
  for (const ir::Operator& op : graph.operators) {
    const emit::Kernel kernel = choice.of(op);
    const OperatorCost cost = operator_cost(op, extent(op.inputs[0]), extent(op.output), one);
    terms.add_flops(cost.flops);
    // The bytes are affine in weights and channels: three values say all of it.
    const double none = emit::constant_bytes_lower(op, kernel, 0.0, 0.0);
    const double weight = emit::constant_bytes_lower(op, kernel, 1.0, 0.0) - none;
    const double channel = emit::constant_bytes_lower(op, kernel, 0.0, 1.0) - none;
    terms.add_rom(none * (one * one));
    if (ir::output_channels(graph, op) == 0) continue;
    terms.add_rom(weight * cost.weights);
    terms.add_rom(channel * (cost.channels * one));
  }
  return terms.take();
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
std::vector<AliveBytes> bytes_alive(const ir::Graph& graph, const emit::KernelChoice& choice,
                                    std::span<const TensorExtent> extents, int groups) {
  const std::vector<plan::Lifetime> lifetimes = plan::lifetimes(graph);
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

EstimateProgram compile_estimate(const ir::Graph& graph, std::span<const std::int32_t> channels,
                                 std::span<const ir::Graph> narrowed, double code, emit::Family family) {
  PARSIMONY_EXPECTS(channels.size() == narrowed.size());
  const int groups = static_cast<int>(channels.size());
  const Extent one{{1.0, groups}};
  const std::vector<TensorExtent> extents = tensor_extents(graph, channels, narrowed);
  EstimateProgram program;
  program.groups = groups;
  const emit::KernelChoice choice(graph, family);
  program.terms = compile_terms(graph, choice, extents, one, code);
  program.steps = compile_steps(bytes_alive(graph, choice, extents, groups));
  return program;
}

}  // namespace parsimony::network
