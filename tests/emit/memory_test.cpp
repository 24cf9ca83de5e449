#include "parsimony/emit/memory.hpp"

#include <gtest/gtest.h>

#include "../ir/random_graph.hpp"
#include "parsimony/emit/kernels.hpp"

namespace parsimony::emit {
namespace {

constexpr Family kFamilies[] = {Family::portable, Family::dsp_small, Family::dsp, Family::mve};

/// Visits every operator of random graphs whose kernel lets its output near its input.
template <typename Body>
void for_each_clearance(std::uint64_t graphs, Family family, Body body) {
  for (std::uint64_t seed = 0; seed < graphs; ++seed) {
    const ir::Graph graph = test::random_graph(seed);
    const KernelChoice choice(graph, family);
    for (const ir::Operator& op : graph.operators) {
      const Kernel kernel = choice.of(op);
      const plan::KernelMemory memory = kernel_memory(graph, op, kernel);
      if (!memory.clearance.empty()) body(graph, op, kernel, memory, seed);
    }
  }
}

plan::Clearance of_the_trace(const ir::Graph& graph, const ir::Operator& op, Kernel kernel, bool reversible,
                             std::int32_t input) {
  const auto forward = kernel_accesses(graph, op, kernel, plan::Direction::forward);
  std::vector<plan::Access> reverse;
  if (reversible) reverse = kernel_accesses(graph, op, kernel, plan::Direction::reverse);
  return plan::clearance_of(forward, reverse, input,
                            graph.tensor(op.inputs[static_cast<std::size_t>(input)]).elements(),
                            graph.tensor(op.output).elements());
}

void expect_no_nearer_than_the_trace(Family family) {
  int checked = 0;
  for_each_clearance(
      400, family,
      [&](const ir::Graph& graph, const ir::Operator& op, Kernel kernel, const plan::KernelMemory& memory,
          std::uint64_t seed) {
        for (std::size_t input = 0; input < memory.clearance.size(); ++input) {
          const plan::Clearance least =
              of_the_trace(graph, op, kernel, memory.reversible, static_cast<std::int32_t>(input));
          ASSERT_GE(memory.clearance[input].below, least.below) << seed << ' ' << ir::kind_name(op.kind);
          if (memory.reversible) {
            ASSERT_GE(memory.clearance[input].above, least.above) << seed << ' ' << ir::kind_name(op.kind);
          }
          ++checked;
        }
      });
  EXPECT_GT(checked, 2000);
}

TEST(KernelMemory, NeverLetsAnOutputNearerThanItsTraceAllows) {
  expect_no_nearer_than_the_trace(Family::portable);
}

TEST(KernelMemory, NeverLetsAnOutputOfAVectorKernelNearerThanItsTraceAllows) {
  expect_no_nearer_than_the_trace(Family::mve);
}

TEST(KernelMemory, IsTightForWindowsWithoutDilation) {
  int tight = 0;
  for_each_clearance(400, Family::portable,
                     [&](const ir::Graph& graph, const ir::Operator& op, Kernel kernel,
                         const plan::KernelMemory& memory, std::uint64_t seed) {
                       if (!ir::has_spatial_windows(op.kind)) return;
                       for (const ir::Window& window : op.windows)
                         if (window.dilation != 1) return;
                       const plan::Clearance least = of_the_trace(graph, op, kernel, memory.reversible, 0);
                       ASSERT_EQ(memory.clearance[0].below, least.below) << seed << ' ' << op.name;
                       if (memory.reversible) {
                         ASSERT_EQ(memory.clearance[0].above, least.above) << seed << ' ' << op.name;
                       }
                       ++tight;
                     });
  EXPECT_GT(tight, 500);
}

TEST(PlanMemory, PassesTheReplayOfItsKernels) {
  int overlapping = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const ir::Graph graph = test::random_graph(seed);
    const KernelChoice choice(graph, kFamilies[seed % 4]);
    const plan::Plan plan = plan_memory(graph, choice, {.search_nodes = 200});
    verify_memory(graph, plan, choice);  // stops the program
    ASSERT_GE(plan.arena.value, plan.lower_bound.value);
    overlapping += plan.arena < plan.plain_bound ? 1 : 0;
  }
  EXPECT_GT(overlapping, 30) << "plans smaller than any without overlap";
}

}  // namespace
}  // namespace parsimony::emit
