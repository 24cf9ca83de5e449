#include "parsimony/emit/cost.hpp"

#include <fmt/format.h>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/sha256.hpp"
#include "parsimony/emit/kernel_table_cortex_m4.hpp"

namespace parsimony::emit {
namespace {

constexpr std::int64_t padded(std::int64_t bytes) {
  return (bytes + 3) / 4 * 4;
}

}  // namespace

const KernelTable& kernel_table(std::string_view target) {
  if (target != kCortexM4.target)
    throw InputError("target", fmt::format("no table of kernel sizes for '{}'", target), kCortexM4.target);
  return kCortexM4;
}

std::string table_identity(const KernelTable& table) {
  const std::string name = fmt::format("{}/{}/{}", table.target, table.compiler, table.flags);
  std::string content = name;
  for (const std::int32_t bytes : table.kernel_bytes) content += fmt::format(" {}", bytes);
  content += fmt::format(" {}", table.fixed_bytes);
  return name + "/" + sha256(content).substr(0, 8);
}

std::int64_t parameter_bytes(const ir::Operator& op, Kernel kernel) {
  constexpr std::int64_t kStep = 16, kTable = 256;
  return KernelChoice::steps(op) * (kStep + facts(kernel).parameter_bytes) +
         (op.kind == ir::OperatorKind::table ? kTable : 0);
}

std::int64_t constant_bytes(const ir::Graph& graph, const ir::Operator& op, Kernel kernel) {
  const std::int64_t channels = ir::output_channels(graph, op);
  return padded(ir::weight_count(graph, op)) + 8 * channels + padded(channels) + parameter_bytes(op, kernel);
}

std::int64_t input_constant_bytes(std::int64_t channels) {
  constexpr std::int64_t kParameters = 20;
  return 8 * channels + kParameters;
}

Bytes code_bytes(KernelSet kernels, const KernelTable& table) {
  std::int64_t sum = table.fixed_bytes;
  for (std::size_t kernel = 0; kernel < kKernels; ++kernel)
    if (kernels.contains(static_cast<Kernel>(kernel))) sum += table.kernel_bytes[kernel];
  return Bytes(sum);
}

RomPrediction predict_rom(const ir::Graph& graph, const KernelTable& table) {
  const KernelChoice choice(graph);
  KernelSet kernels;
  const bool shared = graph.normalisation.mean.size() == 1;
  std::int64_t data = input_constant_bytes(shared ? 1 : graph.tensor(graph.input).shape.back());
  for (const ir::Operator& op : graph.operators) {
    const Kernel kernel = choice.of(op);
    if (!kernels.contains(kernel)) data += facts(kernel).constant_bytes;
    kernels.add(kernel);
    data += constant_bytes(graph, op, kernel);
  }
  return {Bytes(data), code_bytes(kernels, table)};
}

}  // namespace parsimony::emit
