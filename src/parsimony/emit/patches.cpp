#include "parsimony/emit/patches.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "parsimony/emit/memory.hpp"

namespace parsimony::emit {
namespace {

constexpr std::int32_t kMostBands = 16;      ///< every band costs flash for its steps
constexpr std::size_t kLongestSegment = 16;  ///< [operators] halos grow with each window
constexpr std::int64_t kSmallestShare = 4;   ///< of the peak: no arena is expected to fall below 1/4
constexpr int kPlans = 8;                    ///< that may be tried

/// A segment cut into bands, by itself.
struct Candidate {
  lower::Segment segment;
  std::int64_t least = 0;  ///< [B] its steps' least arena
  std::int64_t extra = 0;  ///< multiply-accumulates
};

/// The graph's shapes alone: constants would be copied for every candidate.
ir::Graph shapes_of(ir::Graph graph) {
  for (ir::Tensor& tensor : graph.tensors) tensor.quantisation = {};
  for (ir::Operator& op : graph.operators) {
    op.weights.clear();
    op.weight_scales.clear();
    op.bias.clear();
    op.table.clear();
    op.constant.values.clear();
  }
  graph.normalisation = {};
  return graph;
}

std::vector<std::int64_t> least_of_steps(const ir::Graph& graph, Family family) {
  std::vector<std::int64_t> least;
  for (const Bytes bytes : least_bytes(graph, KernelChoice(graph, family))) least.push_back(bytes.value);
  return least;
}

/// What a segment of the graph comes to in each number of bands.
class Candidates {
 public:
  Candidates(const ir::Graph& shapes, Family family)
      : shapes_(shapes), family_(family), macs_(ir::macs(shapes)), whole_(least_of_steps(shapes, family)) {}

  /// [operators] least arena of each step as it is.
  const std::vector<std::int64_t>& whole() const { return whole_; }

  std::vector<Candidate> find(std::int64_t most_extra) const {
    const std::int64_t peak = *std::max_element(whole_.begin(), whole_.end());
    std::vector<Candidate> found;
    for (std::size_t first = 0; first < whole_.size(); ++first) {
      bool large = false;
      const std::size_t end = std::min(first + kLongestSegment, whole_.size());
      for (std::size_t last = first; last < end; ++last) {
        large = large || whole_[last] > peak / kSmallestShare;
        if (large && lower::can_be_cut(shapes_, first, last)) add({first, last, 1}, most_extra, found);
      }
    }
    return found;
  }

 private:
  void add(lower::Segment segment, std::int64_t most_extra, std::vector<Candidate>& found) const {
    for (segment.bands = 2; segment.bands <= kMostBands; ++segment.bands) {
      const std::optional<ir::Graph> cut = lower::cut_into_bands(shapes_, std::span(&segment, 1));
      if (!cut) continue;
      const std::int64_t extra = ir::macs(*cut) - macs_;
      if (extra > most_extra) return;
      const std::vector<std::int64_t> least = least_of_steps(*cut, family_);
      const std::size_t behind = whole_.size() - 1 - segment.last;
      const auto begin = least.begin() + static_cast<std::ptrdiff_t>(segment.first);
      const auto end = least.end() - static_cast<std::ptrdiff_t>(behind);
      found.push_back({segment, *std::max_element(begin, end), extra});
    }
  }

  const ir::Graph& shapes_;
  Family family_;
  std::int64_t macs_;
  std::vector<std::int64_t> whole_;
};

/// Segments from the first operator up to some other.
struct Path {
  std::int64_t extra = 0;
  std::int32_t bands = 0;
  std::vector<const Candidate*> segments;

  bool operator<(const Path& other) const {
    return std::pair(extra, bands) < std::pair(other.extra, other.bands);
  }
};

/// The path to the last operator with the fewest extra multiply-accumulates on which no step's least arena is
/// above `bound`.
/// @param by_begin  [operators] candidates
std::optional<Path> shortest_path(std::span<const std::int64_t> whole,
                                  const std::vector<std::vector<Candidate>>& by_begin, std::int64_t bound) {
  std::vector<std::optional<Path>> to(whole.size() + 1);
  to[0] = Path{};
  const auto offer = [&](std::size_t end, Path path) {
    if (!to[end] || path < *to[end]) to[end] = std::move(path);
  };
  for (std::size_t k = 0; k < whole.size(); ++k) {
    if (!to[k]) continue;
    if (whole[k] <= bound) offer(k + 1, *to[k]);
    for (const Candidate& candidate : by_begin[k]) {
      if (candidate.least > bound) continue;
      Path path = *to[k];
      path.extra += candidate.extra;
      path.bands += candidate.segment.bands;
      path.segments.push_back(&candidate);
      offer(candidate.segment.last + 1, std::move(path));
    }
  }
  return to.back();
}

std::vector<lower::Segment> segments_of(const Path& path) {
  std::vector<lower::Segment> segments;
  for (const Candidate* candidate : path.segments) segments.push_back(candidate->segment);
  return segments;
}

/// Bounds that an arena may have, from the least.
std::vector<std::int64_t> bounds(std::span<const std::int64_t> whole, std::span<const Candidate> candidates) {
  std::vector<std::int64_t> all(whole.begin(), whole.end());
  for (const Candidate& candidate : candidates) all.push_back(candidate.least);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace

PatchedNetwork choose_patches(const ir::Graph& graph, Family family, double extra_percent) {
  PatchedNetwork best{graph, {}};
  Patches& patches = best.patches;
  patches.macs = patches.macs_before = ir::macs(graph);
  patches.arena = patches.arena_before = plan_memory(graph, family).arena;
  const auto most_extra =
      static_cast<std::int64_t>(extra_percent / 100.0 * static_cast<double>(patches.macs));

  const ir::Graph shapes = shapes_of(graph);
  const Candidates candidates(shapes, family);
  const std::vector<Candidate> found = candidates.find(most_extra);
  std::vector<std::vector<Candidate>> by_begin(graph.operators.size());
  for (const Candidate& candidate : found) by_begin[candidate.segment.first].push_back(candidate);

  std::vector<lower::Segment> tried;
  int plans = 0;
  for (const std::int64_t bound : bounds(candidates.whole(), found)) {
    if (bound >= patches.arena.value || plans == kPlans) break;
    const std::optional<Path> path = shortest_path(candidates.whole(), by_begin, bound);
    if (!path || path->extra > most_extra || segments_of(*path) == tried) continue;
    tried = segments_of(*path);
    ++plans;
    ir::Graph cut = *lower::cut_into_bands(graph, tried);
    const Bytes arena = plan_memory(cut, family).arena;
    if (arena >= patches.arena) continue;
    patches = {tried, patches.arena_before, arena, patches.macs_before, ir::macs(cut)};
    best.graph = std::move(cut);
  }
  return best;
}

}  // namespace parsimony::emit
