// The arenas of the MLPerf Tiny models' shapes and of MCUNet's networks as the emitted kernels use them,
// proven, and in another order of operators where that is smaller; what orders give over random branching
// graphs; with a second folder, MCUNet's networks with random weights as graphs to compile and verify:
//   bench_emit_networks ../shared/models/mcunet [OUT]
#include "../../tests/plan/networks.hpp"

#include <fmt/format.h>

#include <chrono>

#include "../../tests/ir/random_graph.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/emit/patches.hpp"
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
  const double proving = milliseconds_since(start);
  std::int64_t scratch = 0;
  for (const plan::Placement& at : plan.scratch) scratch = std::max(scratch, at.bytes);
  start = Clock::now();
  const Bytes reordered = emit::plan_memory(emit::in_best_order(graph, family), family).arena;
  fmt::print("{:<24} {:<9} {:>8} {:>8} {:>8} {:>9} {:>8.1f} {:>8} {:>6} {:>8.2f} {:>9.1f}  {}\n", graph.name,
             emit::family_name(family), plan.plain_bound.value, plan.lower_bound.value, plan.arena.value,
             reordered.value, milliseconds_since(start), scratch, plan.search_nodes, planning, proving,
             graph.operators[static_cast<std::size_t>(plan.peak_step)].name);
}

/// Networks of tens of operators whose branches leave a choice.
void print_random_orders(emit::Family family) {
  constexpr std::uint64_t kGraphs = 200;
  int gained = 0;
  double shares = 0.0, best = 0.0, slowest = 0.0;
  for (std::uint64_t seed = 0; seed < kGraphs; ++seed) {
    const ir::Graph graph = lower::lower(test::RandomGraph(seed, {.operators = 20}).make());
    const auto start = Clock::now();
    const ir::Graph other = emit::in_best_order(graph, family);
    slowest = std::max(slowest, milliseconds_since(start));
    if (other == graph) continue;
    const double before = static_cast<double>(emit::plan_memory(graph, family).arena.value);
    const double share = 1.0 - static_cast<double>(emit::plan_memory(other, family).arena.value) / before;
    ++gained;
    shares += share;
    best = std::max(best, share);
  }
  fmt::print(
      "{} random graphs: {} gain, {:.1f} % of the arena on average, {:.1f} % at most; slowest {:.0f} ms\n",
      kGraphs, gained, gained > 0 ? 100.0 * shares / gained : 0.0, 100.0 * best, slowest);
}

/// What patches give under each allowance of extra multiply-accumulates.
void print_patches(const ir::Graph& graph, emit::Family family, double allowed) {
  const Clock::time_point start = Clock::now();
  const emit::PatchedNetwork network = emit::choose_patches(graph, family, allowed);
  const double choosing = milliseconds_since(start);
  const emit::KernelChoice choice(network.graph, family);
  const plan::Plan plan = emit::plan_memory(network.graph, choice);
  emit::verify_memory(network.graph, plan, choice);
  const emit::Patches& patches = network.patches;
  const auto rom = [&](const ir::Graph& of) {
    return emit::predict_rom(of, emit::kernel_table("cortex-m4", family)).data.value;
  };
  std::string segments;
  for (const lower::Segment& segment : patches.segments)
    segments += fmt::format(" {}-{}:{}", segment.first, segment.last, segment.bands);
  fmt::print("{:<24} {:<9} {:>8} {:>8} {:>8} {:>7} {:>6.2f} {:>8.0f} {:>7} {}\n", graph.name,
             emit::family_name(family), patches.arena_before.value, plan.arena.value, plan.lower_bound.value,
             allowed, patches.extra_percent(), choosing, rom(network.graph) - rom(graph), segments);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<ir::Graph> graphs{test::image_classification(), test::keyword_spotting(),
                                test::visual_wake_words(), test::anomaly_detection()};
  const std::size_t mlperf = graphs.size();
  if (argc > 1)
    for (const auto& [name, file] :
         {std::pair{"in0", "10fps"}, {"in1", "5fps"}, {"in3", "320kb-1mb"}, {"in4", "512kb-2mb"}})
      graphs.push_back(test::mcunet(name, fmt::format("{}/mcunet-{}.json", argv[1], file)));
  fmt::print("{:<24} {:<9} {:>8} {:>8} {:>8} {:>9} {:>8} {:>8} {:>6} {:>8} {:>9}  {}\n", "network", "family",
             "plain", "bound", "arena", "reordered", "order ms", "scratch", "nodes", "plan ms", "proof ms",
             "peak");
  for (ir::Graph& graph : graphs) {
    graph = lower::lower(std::move(graph));
    for (const emit::Family family : {emit::Family::portable, emit::Family::dsp, emit::Family::mve})
      print_line(graph, family);
  }
  for (const emit::Family family : {emit::Family::portable, emit::Family::dsp}) print_random_orders(family);
  fmt::print("\n{:<24} {:<9} {:>8} {:>8} {:>8} {:>7} {:>6} {:>8} {:>7}  {}\n", "with patches", "family",
             "before", "arena", "bound", "allow %", "MAC %", "ms", "flash B", "operators:bands");
  for (const ir::Graph& graph : graphs)
    for (const double allowed : {1.0, 5.0, 15.0}) print_patches(graph, emit::Family::dsp, allowed);
  for (std::size_t k = mlperf; argc > 2 && k < graphs.size(); ++k) {
    const std::string path = fmt::format("{}/{}.graph", argv[2], graphs[k].name);
    write_file(path, ir::to_text(bench::with_random_weights(graphs[k])));
    fmt::print("{}\n", path);
  }
}
