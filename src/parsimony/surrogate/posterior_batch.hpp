#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "parsimony/surrogate/posterior_tables.hpp"

namespace parsimony::surrogate {

constexpr std::size_t kTileStates = 64;

/// One number of each of the 64 states of a tile.
struct alignas(64) TileRow {
  float of[kTileStates];
};

/// Posteriors of several processes over the same points, 64 at a time, in single precision: for the tens of
/// thousands of states of rollouts. Means and standard deviations are as good as those of
/// GaussianProcess::posterior_fast. Whatever is large is touched once: distances, correlations and the mean
/// in one pass over the observed points, ‖L⁻¹c‖² in a second one over the triangle, sums in registers; a tile
/// of correlations (38 KiB at n 150) and the rows of L⁻¹ that meet it stay in the first two caches. A state's
/// moments depend on it alone, not on its place or its neighbours in the tile.
class PosteriorBatch {
 public:
  /// Buffers of one thread.
  struct Workspace {
    std::vector<TileRow> features, correlations;
  };

  /// @pre all tables have the same d and choices; their scales may differ
  explicit PosteriorBatch(std::span<const PosteriorTables> processes);

  std::size_t size() const { return processes_.size(); }

  /// @param points     [count, d] row by row, 1 ≤ count ≤ 64, in the unit cube
  /// @param mean       [size()] rows, in the units of the observations; of which the first `count` numbers
  /// count
  /// @param deviation  [size()] rows, likewise, at least 0
  void moments(std::span<const double> points, Workspace& workspace, std::span<TileRow> mean,
               std::span<TileRow> deviation) const;

  /// Tables of one process as the loops read them: rows of observed points in panels of kPanelRows, the last
  /// one filled with zeros.
  struct Packed {
    std::size_t features = 0, panels = 0;
    std::size_t layout = 0;  // which of the layouts its features come from
    Kernel kernel = Kernel::matern52;
    std::vector<float> squares;       // [features] squared factors
    std::vector<float> products;      // [panels, features, kPanelRows] −2·factor·column
    std::vector<float> norms;         // [panels, kPanelRows] squared norms of the columns
    std::vector<float> weights;       // [panels, kPanelRows]
    std::vector<float> inverse_root;  // of panel p [(p + 1)·kPanelRows, kPanelRows], panel after panel
    float mean = 0.0f, output_scale = 1.0f, centre = 0.0f, unit = 1.0f;
  };

 private:
  void lay_out(std::span<const double> points, const std::vector<double>& ratios,
               std::span<TileRow> features) const;

  std::size_t d_ = 0, features_ = 0;
  std::vector<int> choices_;
  std::vector<std::vector<double>> layouts_;  // the different ratios of the processes, each [d]
  std::vector<Packed> processes_;
};

}  // namespace parsimony::surrogate
