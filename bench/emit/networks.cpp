// The arenas of the MLPerf Tiny models' shapes and of MCUNet's networks as the emitted kernels use them,
// proven; with a second folder, MCUNet's networks with random weights as graphs to compile and verify:
//   bench_emit_networks ../shared/models/mcunet [OUT]
#include "../../tests/plan/networks.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fstream>

#include "parsimony/base/files.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/ir/text.hpp"
#include "parsimony/lower/lower.hpp"
#include "random_weights.hpp"

namespace {

using namespace parsimony;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void print_line(const ir::Graph& graph, emit::Family family) {
  const emit::KernelChoice choice(graph, family);
  auto start = Clock::now();
  const plan::Plan plan = emit::plan_memory(graph, choice);
  const double planning = milliseconds_since(start);
  start = Clock::now();
  emit::verify_memory(graph, plan, choice);
  std::int64_t scratch = 0;
  for (const plan::Placement& at : plan.scratch) scratch = std::max(scratch, at.bytes);
  fmt::print("{:<24} {:<9} {:>8} {:>8} {:>8} {:>8} {:>6} {:>8.2f} {:>9.1f}  {}\n", graph.name,
             family == emit::Family::dsp ? "dsp" : "portable", plan.plain_bound.value, plan.lower_bound.value,
             plan.arena.value, scratch, plan.search_nodes, planning, milliseconds_since(start),
             graph.operators[static_cast<std::size_t>(plan.peak_step)].name);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<ir::Graph> graphs{test::image_classification(), test::keyword_spotting(),
                                test::visual_wake_words(), test::anomaly_detection()};
  const std::size_t mlperf = graphs.size();
  if (argc > 1)
    for (const auto& [name, file] :
         {std::pair{"in0", "10fps"}, {"in1", "5fps"}, {"in3", "320kb-1mb"}, {"in4", "512kb-2mb"}})
      graphs.push_back(test::mcunet(
          name, nlohmann::json::parse(std::ifstream(fmt::format("{}/mcunet-{}.json", argv[1], file)))));
  fmt::print("{:<24} {:<9} {:>8} {:>8} {:>8} {:>8} {:>6} {:>8} {:>9}  {}\n", "network", "family", "plain",
             "bound", "arena", "scratch", "nodes", "plan ms", "proof ms", "peak");
  for (ir::Graph& graph : graphs) {
    graph = lower::lower(std::move(graph));
    for (const emit::Family family : {emit::Family::portable, emit::Family::dsp}) print_line(graph, family);
  }
  for (std::size_t k = mlperf; argc > 2 && k < graphs.size(); ++k) {
    const std::string path = fmt::format("{}/{}.graph", argv[2], graphs[k].name);
    write_file(path, ir::to_text(bench::with_random_weights(graphs[k])));
    fmt::print("{}\n", path);
  }
}
