#include "parsimony/emit/kernels.hpp"

#include <algorithm>

#include "parsimony/base/contracts.hpp"
#include "parsimony/emit/dsp_operator.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/emit/mve_operator.hpp"

namespace parsimony::emit {
namespace {

using Kind = ir::OperatorKind;

constexpr std::int8_t number(Kernel kernel) {
  return static_cast<std::int8_t>(kernel);
}
constexpr std::array<std::int8_t, 3> kConvolutionCalls{
    number(Kernel::dsp_gather), number(Kernel::dsp_any_pair), number(Kernel::dsp_requantise_any)};
constexpr std::array<std::int8_t, 3> kRequantiseAny{number(Kernel::dsp_requantise_any), -1, -1};
constexpr std::array<std::int8_t, 3> kSumPixels{number(Kernel::dsp_sum_pixels), -1, -1};
constexpr std::array<std::int8_t, 3> kVectorSums{number(Kernel::mve_sum_pixels), -1, -1};
constexpr std::array<std::int8_t, 3> kNothing{-1, -1, -1};

constexpr std::array<KernelFacts, kKernels> kFacts{{
    {"convolution_1d", "convolution_1d", 32, 0, false, {"convolution_1d", "sum_channels"}, kNothing},
    {"depthwise_1d", "depthwise_1d", 32, 0, false, {"depthwise_1d"}, kNothing},
    {"mean", "mean", 16, 0, false, {"mean"}, kNothing},
    {"multiply", "multiply", 16, 0, false, {"multiply"}, kNothing},
    {"table", "table", 8, 0, false, {"table"}, kNothing},
    {"convolution", "convolution", 44, 0, true, {"convolution", "gather", "convolve_pair"}, kNothing},
    {"depthwise", "depthwise", 44, 0, true, {"depthwise", "depthwise_pixel"}, kNothing},
    {"fully_connected", "fully_connected", 28, 0, false, {"fully_connected"}, kNothing},
    {"add", "add", 28, 0, false, {"add"}, kNothing},
    {"pool", "pool", 20, 0, true, {"pool"}, kNothing},
    {"copy_rows", "copy_rows", 16, 0, false, {"copy_rows"}, kNothing},
    {"pad", "pad", 20, 0, false, {"pad"}, kNothing},
    {"softmax", "softmax", 16, 28, false, {"softmax", "exp"}, kNothing},
    {"add_constant", "add_constant", 28, 0, false, {"add_constant"}, kNothing},
    {"multiply_constant", "multiply_constant", 24, 0, false, {"multiply_constant"}, kNothing},
    {"argmax", "argmax", 8, 0, false, {"argmax"}, kNothing},
    {"dsp/convolution_3", "dsp_convolution", 56, 0, false, {"dsp_convolution_3"}, kConvolutionCalls},
    {"dsp/convolution_2", "dsp_convolution", 56, 0, false, {"dsp_convolution_2"}, kConvolutionCalls},
    {"dsp/convolution_small",
     "dsp_convolution_small",
     32,
     0,
     true,
     {"dsp_convolution_small", "gather_small", "next_pair"},
     kRequantiseAny},
    {"dsp/fully_connected",
     "dsp_fully_connected",
     16,
     0,
     false,
     {"dsp_fully_connected", "any_rows"},
     kRequantiseAny},
    {"dsp/depthwise_3x3",
     "dsp_depthwise_3x3",
     32,
     0,
     false,
     {"dsp_depthwise_3x3", "any_columns"},
     kRequantiseAny},
    {"dsp/depthwise_row", "dsp_depthwise_row", 28, 0, false, {"dsp_depthwise_row"}, kRequantiseAny},
    {"dsp/depthwise", "dsp_depthwise", 36, 0, false, {"dsp_depthwise"}, kRequantiseAny},
    {"dsp/add", "dsp_add", 28, 0, false, {"dsp_add"}, kNothing},
    {"dsp/average_pool", "dsp_pool", 20, 0, true, {"dsp_average_pool"}, kSumPixels},
    {"dsp/mean", "dsp_mean", 12, 0, false, {"dsp_mean"}, kSumPixels},
    {"dsp/clamp", "dsp_clamp", 8, 0, false, {"dsp_clamp"}, kNothing},
    {"dsp/gather", "", 0, 0, false, {"gather_points", "gather_words", "gather_bytes"}, kNothing},
    {"dsp/any_pair", "", 0, 0, false, {"any_pair"}, kRequantiseAny},
    {"dsp/requantise_any", "", 0, 0, false, {"requantise_any"}, kNothing},
    {"dsp/sum_pixels", "", 0, 0, false, {"sum_pixels"}, kNothing},
    {"mve/convolution",
     "mve_convolution",
     64,
     0,
     false,
     {"mve_convolution", "mve_gather", "mve_lay", "mve_fill"},
     kNothing},
    {"mve/fully_connected", "mve_fully_connected", 24, 0, false, {"mve_fully_connected"}, kNothing},
    {"mve/depthwise", "mve_depthwise", 52, 0, false, {"mve_depthwise"}, kNothing},
    {"mve/add", "mve_add", 28, 0, false, {"mve_add"}, kNothing},
    {"mve/average_pool", "mve_pool", 20, 0, true, {"mve_average_pool"}, kVectorSums},
    {"mve/mean", "mve_mean", 16, 0, false, {"mve_mean"}, kVectorSums},
    {"mve/sum_pixels", "", 0, 0, false, {"mve_sum_pixels"}, kNothing},
}};

bool is_plain_1d(const ir::Graph& graph, const ir::Operator& op) {
  const std::int32_t in = graph.tensor(op.inputs[0]).shape.back(), out = graph.tensor(op.output).shape.back();
  return op.windows.size() == 1 && op.windows[0].dilation == 1 && (op.kind == Kind::convolution || in == out);
}

/// @param shares  whether linear layers run on the kernel of 1-D convolutions, which the network has anyway
Kernel portable_kernel(const ir::Graph& graph, const ir::Operator& op, bool shares) {
  const bool has_constant = !op.constant.shape.empty();
  switch (op.kind) {
    case Kind::convolution:
      return is_plain_1d(graph, op) ? Kernel::convolution_1d : Kernel::convolution;
    case Kind::depthwise_convolution:
      return is_plain_1d(graph, op) ? Kernel::depthwise_1d : Kernel::depthwise;
    case Kind::fully_connected:
      return shares ? Kernel::convolution_1d : Kernel::fully_connected;
    case Kind::average_pool:
    case Kind::max_pool:
      return Kernel::pool;
    case Kind::mean:
      return Kernel::mean;
    case Kind::add:
    case Kind::subtract:
      return has_constant ? Kernel::add_constant : Kernel::add;
    case Kind::multiply:
      return has_constant ? Kernel::multiply_constant : Kernel::multiply;
    case Kind::concatenation:
    case Kind::reshape:
      return Kernel::copy_rows;
    case Kind::slice:
    case Kind::join:
      return Kernel::copy_rows;  // of no meaning: KernelChoice::parts is 0
    case Kind::pad:
      return Kernel::pad;
    case Kind::table:
      return Kernel::table;
    case Kind::softmax:
      return Kernel::softmax;
    case Kind::argmax:
      return Kernel::argmax;
  }
  contract_broken("precondition", "a known kind of operator", __FILE__, __LINE__);
}

/// Kernels that read their constants alike.
Kernel layout(Kernel kernel) {
  if (kernel == Kernel::dsp_convolution_2) return Kernel::dsp_convolution_3;
  return kernel == Kernel::dsp_depthwise_row ? Kernel::dsp_depthwise : kernel;
}

/// From shapes alone, whatever the plan: most networks are done with the first sum.
bool exceeds_narrow_steps(const ir::Graph& graph) {
  constexpr std::int64_t kNarrow = 65535 * plan::kArenaAlign;
  std::int64_t sum = 0;
  for (const ir::Tensor& tensor : graph.tensors) sum += tensor.elements();
  return sum > kNarrow && plan::plain_bound(graph).value > kNarrow;
}

}  // namespace

std::string_view family_name(Family family) {
  constexpr std::array<std::string_view, 5> kNames{"portable", "dsp_small", "dsp", "mve", "single"};
  return kNames[static_cast<std::size_t>(family)];
}

const KernelFacts& facts(Kernel kernel) {
  return kFacts[static_cast<std::size_t>(kernel)];
}

void KernelSet::add_with_calls(Kernel kernel) {
  add(kernel);
  for (const std::int8_t called : facts(kernel).calls)
    if (called >= 0) add(static_cast<Kernel>(called));
}

Family family_for(const ir::Graph& graph, Family wanted) {
  return graph.rounding == ir::Rounding::once ? Family::single : wanted;
}

KernelChoice::KernelChoice(const ir::Graph& graph, Family wanted)
    : graph_(graph), family_(family_for(graph, wanted)) {
  const bool shares = family_ != Family::dsp && family_ != Family::mve &&
                      std::ranges::any_of(graph.operators, [&](const ir::Operator& op) {
                        return op.kind == Kind::convolution && is_plain_1d(graph, op);
                      });
  kernels_.reserve(graph.operators.size());
  for (const ir::Operator& op : graph.operators) {
    kernels_.push_back(portable_kernel(graph, op, shares));
    if ((family_ != Family::dsp && family_ != Family::mve) || !op.constant.shape.empty()) continue;
    const std::optional<Kernel> vector = family_ == Family::mve ? mve_kernel(graph, op) : std::nullopt;
    if (const auto better = vector ? vector : dsp_kernel(graph, op)) kernels_.back() = *better;
  }
  if (family_ == Family::dsp_small) choose_small_dsp_kernels(graph, kernels_);
  memory_ = memory_of(graph, kernels_);
  spare_scratch(graph, kernels_, memory_);
  wide_steps_ = exceeds_narrow_steps(graph);
}

bool KernelChoice::clamps_apart(const ir::Operator& op) const {
  const bool narrow = op.activation_min != -128 || op.activation_max != 127;
  return narrow && is_dsp(of(op));
}

std::int64_t KernelChoice::steps(const ir::Operator& op) const {
  return parts(op) + (clamps_apart(op) ? 1 : 0);
}

const ir::Operator& KernelChoice::owner(const ir::Operator& op) const {
  if (op.constants_of.empty()) return op;
  return *std::ranges::find_if(graph_.operators, [&](const ir::Operator& other) {
    const bool same = other.name == op.constants_of || other.constants_of == op.constants_of;
    return same && layout(of(other)) == layout(of(op));
  });
}

KernelSet KernelChoice::all() const {
  KernelSet set;
  for (const ir::Operator& op : graph_.operators) {
    if (ir::is_view(op.kind)) continue;
    set.add_with_calls(of(op));
    if (clamps_apart(op)) set.add(Kernel::dsp_clamp);
  }
  return set;
}

}  // namespace parsimony::emit
