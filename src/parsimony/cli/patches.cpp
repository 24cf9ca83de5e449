#include "parsimony/cli/patches.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "parsimony/base/errors.hpp"

namespace parsimony::cli {
namespace {

constexpr double kMostPercent = 100;

bool has_views(const ir::Graph& graph) {
  return std::ranges::any_of(graph.operators, [](const ir::Operator& op) { return ir::is_view(op.kind); });
}

/// A network that came by patches: what it cost and saved is not written in it.
std::string joins_text(const ir::Graph& graph) {
  std::vector<std::string> joins;
  for (const ir::Operator& op : graph.operators)
    if (op.kind == ir::OperatorKind::join)
      joins.push_back(fmt::format("{} in {}", graph.tensor(op.output).name, op.inputs.size()));
  return joins.empty() ? "" : fmt::format("by patches: {}", fmt::join(joins, ", "));
}

}  // namespace

void add_patches_option(CLI::App& command, double& extra_percent) {
  command
      .add_option(
          "--patches", extra_percent,
          "evaluate layers by patches where that makes the arena smaller, for at most this many percent "
          "more multiply-accumulates; 0: do not")
      ->capture_default_str();
}

emit::PatchedNetwork by_patches(ir::Graph graph, emit::Family family, double extra_percent) {
  if (!(extra_percent >= 0 && extra_percent <= kMostPercent))
    throw InputError("--patches", fmt::format("{} is no share of the multiply-accumulates", extra_percent),
                     fmt::format("0 to {} percent", kMostPercent));
  if (extra_percent == 0) return {std::move(graph), {}};
  if (has_views(graph))
    throw InputError("--patches", "the network is evaluated by patches already", "0 for this network");
  return emit::choose_patches(graph, family, extra_percent);
}

std::string patches_text(const ir::Graph& before, const emit::Patches& patches) {
  if (patches.segments.empty()) return joins_text(before);
  std::vector<std::string> segments;
  for (const lower::Segment& segment : patches.segments)
    segments.push_back(fmt::format("{} to {} in {}", before.operators[segment.first].name,
                                   before.operators[segment.last].name, segment.bands));
  return fmt::format("patches: {}; {:.2f} % more multiply-accumulates ({}) save {} B of RAM",
                     fmt::join(segments, ", "), patches.extra_percent(), patches.macs - patches.macs_before,
                     (patches.arena_before - patches.arena).value);
}

nlohmann::json patches_json(const ir::Graph& before, const emit::Patches& patches) {
  nlohmann::json segments = nlohmann::json::array();
  for (const lower::Segment& segment : patches.segments)
    segments.push_back({{"first", before.operators[segment.first].name},
                        {"last", before.operators[segment.last].name},
                        {"bands", segment.bands}});
  return {{"segments", segments},
          {"macs", patches.macs},
          {"extra_macs", patches.macs - patches.macs_before},
          {"extra_macs_percent", patches.extra_percent()},
          {"saved_bytes", (patches.arena_before - patches.arena).value}};
}

}  // namespace parsimony::cli
