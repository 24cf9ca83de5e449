#include "parsimony/emit/instructions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "parsimony/base/sha256.hpp"
#include "parsimony/emit/front_end.hpp"
#include "parsimony/emit/instruction_rows.hpp"

namespace parsimony::emit {
namespace {

Work instructions_of(const std::array<std::int32_t, kWorkItems>& each) {
  Work instructions{};
  std::ranges::transform(each, instructions.begin(), [](std::int32_t value) { return value / 1024.0; });
  return instructions;
}

double product(const Work& work, const Work& each) {
  return std::inner_product(work.begin(), work.end(), each.begin(), 0.0);
}

std::int64_t rounded_up(double instructions) {
  return std::llround(std::ceil(instructions));
}

}  // namespace

InstructionCosts::InstructionCosts(std::string_view target, Family family) : target_(target) {
  for (const Family of : {Family::portable, Family::dsp, family})
    for (const InstructionRow& row : kInstructionRows) {
      if (row.target != target || row.family != of) continue;
      each_[static_cast<std::size_t>(row.kernel)] = instructions_of(row.each);
    }
  for (const FeaturesRow& row : kFeaturesRows)
    if (row.target == target) features_ = instructions_of(row.each);
}

bool InstructionCosts::has(Kernel kernel) const {
  return each_[static_cast<std::size_t>(kernel)] != Work{};
}

double InstructionCosts::of(Kernel kernel, const Work& work) const {
  return product(work, each_[static_cast<std::size_t>(kernel)]);
}

double InstructionCosts::of(const ir::Graph& graph, const ir::Operator& op,
                            const KernelChoice& choice) const {
  const double own = of(choice.of(op), kernel_work(graph, op, choice.of(op)));
  if (!choice.clamps_apart(op)) return own;
  return own + of(Kernel::dsp_clamp, kernel_work(graph, op, Kernel::dsp_clamp));
}

std::int64_t InstructionCosts::of_features(const ir::Graph& graph) const {
  if (!graph.log_mel) return 0;
  return rounded_up(product(front_end_work(graph), features_));
}

InferenceInstructions InstructionCosts::of(const ir::Graph& graph, const KernelChoice& choice) const {
  InferenceInstructions instructions{.network = 0, .features = of_features(graph)};
  double sum = 0.0;
  for (const ir::Operator& op : graph.operators) {
    if (ir::is_view(op.kind)) continue;
    if (!has(choice.of(op)) || (choice.clamps_apart(op) && !has(Kernel::dsp_clamp))) return instructions;
    sum += of(graph, op, choice);
  }
  instructions.network = rounded_up(sum);
  return instructions;
}

std::string InstructionCosts::identity() const {
  std::string content;
  for (const Work& each : each_)
    for (const double value : each) content += fmt::format(" {}", value);
  for (const double value : features_) content += fmt::format(" {}", value);
  return fmt::format("{}/{}", target_, sha256(content).substr(0, 8));
}

}  // namespace parsimony::emit
