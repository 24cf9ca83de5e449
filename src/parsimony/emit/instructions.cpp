#include "parsimony/emit/instructions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "parsimony/base/sha256.hpp"
#include "parsimony/emit/instruction_rows.hpp"

namespace parsimony::emit {

InstructionCosts::InstructionCosts(std::string_view target, Family family) : target_(target) {
  for (const Family of : {Family::portable, Family::dsp, family})
    for (const InstructionRow& row : kInstructionRows) {
      if (row.target != target || row.family != of) continue;
      for (std::size_t item = 0; item < kWorkItems; ++item)
        each_[static_cast<std::size_t>(row.kernel)][item] = row.each[item] / 1024.0;
    }
}

bool InstructionCosts::has(Kernel kernel) const {
  return each_[static_cast<std::size_t>(kernel)] != Work{};
}

double InstructionCosts::of(Kernel kernel, const Work& work) const {
  const Work& each = each_[static_cast<std::size_t>(kernel)];
  return std::inner_product(work.begin(), work.end(), each.begin(), 0.0);
}

double InstructionCosts::of(const ir::Graph& graph, const ir::Operator& op,
                            const KernelChoice& choice) const {
  const double own = of(choice.of(op), kernel_work(graph, op, choice.of(op)));
  if (!choice.clamps_apart(op)) return own;
  return own + of(Kernel::dsp_clamp, kernel_work(graph, op, Kernel::dsp_clamp));
}

std::int64_t InstructionCosts::of(const ir::Graph& graph, const KernelChoice& choice) const {
  double sum = 0.0;
  for (const ir::Operator& op : graph.operators) {
    if (ir::is_view(op.kind)) continue;
    if (!has(choice.of(op)) || (choice.clamps_apart(op) && !has(Kernel::dsp_clamp))) return 0;
    sum += of(graph, op, choice);
  }
  return std::llround(std::ceil(sum));
}

std::string InstructionCosts::identity() const {
  std::string content;
  for (const Work& each : each_)
    for (const double value : each) content += fmt::format(" {}", value);
  return fmt::format("{}/{}", target_, sha256(content).substr(0, 8));
}

}  // namespace parsimony::emit
