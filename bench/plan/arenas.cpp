// The arenas of the MLPerf Tiny models and, with the folder of their descriptions as argument, of MCUNet's
// networks, by the model of kernels in tests/plan/block_kernels.hpp: bench_plan_arenas [FOLDER]
#include <fmt/format.h>

#include <chrono>

#include "../../tests/plan/block_kernels.hpp"
#include "../../tests/plan/networks.hpp"
#include "parsimony/plan/plan.hpp"

namespace {

using namespace parsimony;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void print_line(const ir::Graph& graph, const test::BlockKernels& kernels, std::int64_t nodes) {
  const std::vector<plan::KernelMemory> memory = kernels.memory(graph);
  const auto start = Clock::now();
  const plan::Plan plan = plan::best_plan(graph, memory, {.search_nodes = nodes});
  const double planning = milliseconds_since(start);
  const auto verification = Clock::now();
  const std::string violation = plan::find_violation(graph, plan, kernels.trace_of(graph));
  const ir::Operator& peak = graph.operators[static_cast<std::size_t>(plan.peak_step)];
  fmt::print("{:<18} {:>6} {:>7} {:>9} {:>9} {:>9} {:>6}  {:<15} {:>8.2f} {:>8.1f}  {} {}\n", graph.name,
             kernels.pixels, kernels.scratch ? "scratch" : "bare", plan.plain_bound.value,
             plan.lower_bound.value, plan.arena.value, plan.search_nodes, plan.planner, planning,
             milliseconds_since(verification), peak.name, violation.empty() ? "" : violation);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<ir::Graph> graphs{test::image_classification(), test::keyword_spotting(),
                                test::visual_wake_words(), test::anomaly_detection()};
  if (argc > 1)
    for (const auto& [name, file] :
         {std::pair{"in0", "10fps"}, {"in1", "5fps"}, {"in3", "320kb-1mb"}, {"in4", "512kb-2mb"}})
      graphs.push_back(test::mcunet(name, fmt::format("{}/mcunet-{}.json", argv[1], file)));
  fmt::print("{:<18} {:>6} {:>7} {:>9} {:>9} {:>9} {:>6}  {:<15} {:>8} {:>8}  {}\n", "network", "pixels", "",
             "plain", "bound", "arena", "nodes", "planner", "plan ms", "proof ms", "peak");
  for (const ir::Graph& graph : graphs)
    for (const test::BlockKernels& kernels :
         {test::BlockKernels{1, false}, test::BlockKernels{2, false}, test::BlockKernels{2, true}})
      for (const std::int64_t nodes : {0, 20000}) print_line(graph, kernels, nodes);
}
