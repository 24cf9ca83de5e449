#include "parsimony/emit/cost.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/sha256.hpp"
#include "parsimony/emit/dsp_operator.hpp"
#include "parsimony/emit/front_end.hpp"
#include "parsimony/emit/kernel_tables.hpp"

namespace parsimony::emit {
namespace {

constexpr std::int64_t kNarrowStep = 16, kTableBytes = 256;

constexpr std::int64_t padded(std::int64_t bytes) {
  return (bytes + 3) / 4 * 4;
}

/// Of a constant operand: bytes to multiply by, sums ready scaled.
std::int64_t operand_bytes(const ir::Operator& op) {
  return op.kind == ir::OperatorKind::multiply ? padded(op.constant.elements()) : 4 * op.constant.elements();
}

}  // namespace

const KernelTable& kernel_table(std::string_view target, Family family) {
  for (const KernelTable& table : kKernelTables)
    if (table.target == target && table.family == family) return table;
  std::vector<std::string_view> known;
  for (const KernelTable& table : kKernelTables)
    if (table.family == family) known.push_back(table.target);
  throw InputError("target", fmt::format("no table of kernel sizes for '{}'", target),
                   fmt::format("{}", fmt::join(known, ", ")));
}

std::string table_identity(const KernelTable& table) {
  const std::string name = fmt::format("{}/{}/{}", table.target, table.compiler, table.flags);
  std::string content = name;
  if (table.family != Family::portable) content += fmt::format(" {}", family_name(table.family));
  for (const std::int32_t bytes : table.kernel_bytes) content += fmt::format(" {}", bytes);
  content += fmt::format(" {} {} {}", table.fixed_bytes, table.division_bytes, table.log_mel_bytes);
  return name + "/" + sha256(content).substr(0, 8);
}

std::int64_t parameter_bytes(const ir::Operator& op, Kernel kernel, bool clamps_apart) {
  std::int64_t bytes = KernelChoice::parts(op) * (kNarrowStep + facts(kernel).parameter_bytes);
  if (clamps_apart) bytes += kNarrowStep + facts(Kernel::dsp_clamp).parameter_bytes;
  return bytes + operand_bytes(op) + (op.kind == ir::OperatorKind::table ? kTableBytes : 0);
}

std::int64_t constant_bytes(const ir::Graph& graph, const ir::Operator& op, Kernel kernel,
                            bool clamps_apart) {
  const std::int64_t parameters = parameter_bytes(op, kernel, clamps_apart);
  if (is_dsp_weighted(kernel)) return dsp_packed_bytes(graph, op, kernel) + parameters;
  const std::int64_t channels = ir::output_channels(graph, op);
  return padded(ir::weight_count(graph, op)) + 8 * channels + padded(channels) + parameters;
}

std::int64_t constant_bytes(const ir::Graph& graph, const ir::Operator& op, const KernelChoice& choice) {
  const bool apart = choice.clamps_apart(op);
  std::int64_t bytes = constant_bytes(graph, op, choice.of(op), apart);
  if (&choice.owner(op) != &op) {
    const bool table = op.kind == ir::OperatorKind::table;
    bytes = parameter_bytes(op, choice.of(op), apart) - operand_bytes(op) - (table ? kTableBytes : 0);
  }
  return bytes + choice.steps(op) * (choice.step_bytes() - kNarrowStep);
}

std::int64_t input_constant_bytes(std::int64_t channels) {
  constexpr std::int64_t kParameters = 20;
  return 8 * channels + kParameters;
}

RomPrediction front_end_rom(const ir::Graph& graph, const KernelTable& table) {
  if (!graph.log_mel) return {};
  return {Bytes(front_end_constant_bytes(*graph.log_mel)), Bytes(table.log_mel_bytes)};
}

Bytes code_bytes(KernelSet kernels, const KernelTable& table) {
  std::int64_t sum = table.fixed_bytes;
  bool divides = false;
  for (std::size_t index = 0; index < kKernels; ++index) {
    const auto kernel = static_cast<Kernel>(index);
    if (!kernels.contains(kernel)) continue;
    sum += table.kernel_bytes[index];
    divides |= facts(kernel).divides;
  }
  if (divides) sum += table.division_bytes;
  return Bytes(sum);
}

RomPrediction predict_rom(const ir::Graph& graph, const KernelTable& table) {
  return predict_rom(graph, KernelChoice(graph, table.family), table);
}

RomPrediction predict_rom(const ir::Graph& graph, const KernelChoice& choice, const KernelTable& table) {
  const bool shared = graph.normalisation.mean.size() == 1;
  const KernelSet kernels = choice.all();
  std::int64_t data = input_constant_bytes(shared ? 1 : graph.tensor(graph.input).shape.back());
  for (std::size_t kernel = 0; kernel < kKernels; ++kernel)
    if (kernels.contains(static_cast<Kernel>(kernel)))
      data += facts(static_cast<Kernel>(kernel)).constant_bytes;
  for (const ir::Operator& op : graph.operators) data += constant_bytes(graph, op, choice);
  const RomPrediction front_end = front_end_rom(graph, table);
  return {Bytes(data) + front_end.data, code_bytes(kernels, table) + front_end.code};
}

}  // namespace parsimony::emit
