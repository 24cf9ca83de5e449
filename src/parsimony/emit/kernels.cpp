#include "parsimony/emit/kernels.hpp"

#include <algorithm>

#include "parsimony/base/contracts.hpp"

namespace parsimony::emit {
namespace {

constexpr std::array<KernelFacts, kKernels> kFacts{{
    {"convolution_1d", 32},
    {"depthwise_1d", 32},
    {"mean", 16},
    {"multiply", 16},
    {"table", 8},
    {"convolution", 44, 0, true},
    {"depthwise", 44, 0, true},
    {"fully_connected", 28},
    {"add", 28},
    {"pool", 20, 0, true},
    {"copy_rows", 16},
    {"pad", 20},
    {"softmax", 16, 28, false, "parsimony_exp"},
}};

}  // namespace

const KernelFacts& facts(Kernel kernel) {
  return kFacts[static_cast<std::size_t>(kernel)];
}

KernelChoice::KernelChoice(const ir::Graph& graph) : graph_(graph) {
  shares_convolution_1d_ = std::ranges::any_of(graph.operators, [this](const ir::Operator& op) {
    return op.kind == ir::OperatorKind::convolution && is_plain_1d(op);
  });
}

bool KernelChoice::is_plain_1d(const ir::Operator& op) const {
  const std::int32_t in = graph_.tensor(op.inputs[0]).shape.back(),
                     out = graph_.tensor(op.output).shape.back();
  return op.windows.size() == 1 && op.windows[0].dilation == 1 &&
         (op.kind == ir::OperatorKind::convolution || in == out);
}

Kernel KernelChoice::of(const ir::Operator& op) const {
  switch (op.kind) {
    case ir::OperatorKind::convolution:
      return is_plain_1d(op) ? Kernel::convolution_1d : Kernel::convolution;
    case ir::OperatorKind::depthwise_convolution:
      return is_plain_1d(op) ? Kernel::depthwise_1d : Kernel::depthwise;
    case ir::OperatorKind::fully_connected:
      return shares_convolution_1d_ ? Kernel::convolution_1d : Kernel::fully_connected;
    case ir::OperatorKind::average_pool:
    case ir::OperatorKind::max_pool:
      return Kernel::pool;
    case ir::OperatorKind::mean:
      return Kernel::mean;
    case ir::OperatorKind::add:
    case ir::OperatorKind::subtract:
      return Kernel::add;
    case ir::OperatorKind::multiply:
      return Kernel::multiply;
    case ir::OperatorKind::concatenation:
    case ir::OperatorKind::reshape:
      return Kernel::copy_rows;
    case ir::OperatorKind::pad:
      return Kernel::pad;
    case ir::OperatorKind::table:
      return Kernel::table;
    case ir::OperatorKind::softmax:
      return Kernel::softmax;
  }
  contract_broken("precondition", "a known kind of operator", __FILE__, __LINE__);
}

KernelSet KernelChoice::all() const {
  KernelSet set;
  for (const ir::Operator& op : graph_.operators) set.add(of(op));
  return set;
}

}  // namespace parsimony::emit
