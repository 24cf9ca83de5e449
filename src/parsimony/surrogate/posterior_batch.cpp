#include "parsimony/surrogate/posterior_batch.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "parsimony/base/contracts.hpp"
#include "parsimony/surrogate/posterior_kernels.hpp"

namespace parsimony::surrogate {
namespace {

using Packed = PosteriorBatch::Packed;

/// Rows of one process in panels; what the last panel lacks stays 0 and adds nothing.
Packed pack(const PosteriorTables& tables) {
  const std::size_t n = tables.weights.size(), features = tables.factors.size();
  PARSIMONY_EXPECTS(n >= 1 && tables.columns.size() == n * features && tables.inverse_root.size() == n * n);
  Packed packed;
  packed.features = features;
  packed.panels = (n + kPanelRows - 1) / kPanelRows;
  packed.kernel = tables.kernel;
  packed.mean = tables.mean;
  packed.output_scale = tables.output_scale;
  packed.centre = static_cast<float>(tables.scale.mean);
  packed.unit = static_cast<float>(tables.scale.deviation);
  for (const float factor : tables.factors) packed.squares.push_back(factor * factor);
  const std::size_t rows = packed.panels * kPanelRows;
  packed.products.assign(rows * features, 0.0f);
  packed.norms.assign(rows, 0.0f);
  packed.weights.assign(rows, 0.0f);
  packed.inverse_root.assign(kPanelRows * kPanelRows * packed.panels * (packed.panels + 1) / 2, 0.0f);
  for (std::size_t row = 0; row < n; ++row) {
    const std::size_t panel = row / kPanelRows, in_panel = row % kPanelRows;
    packed.weights[row] = tables.weights[row];
    for (std::size_t f = 0; f < features; ++f) {
      const float column = tables.columns[row * features + f];
      packed.norms[row] += column * column;
      packed.products[(panel * features + f) * kPanelRows + in_panel] = -2.0f * tables.factors[f] * column;
    }
    float* triangle = packed.inverse_root.data() + kPanelRows * kPanelRows * panel * (panel + 1) / 2;
    for (std::size_t k = 0; k <= row; ++k)
      triangle[k * kPanelRows + in_panel] = tables.inverse_root[row * n + k];
  }
  return packed;
}

/// Numbers of one coordinate to where they stand on its scale, less ½; a ratio of at most 1 means a linear
/// one.
void place(TileRow& row, double ratio) {
  Eigen::Map<Eigen::Array<float, kTileStates, 1>, Eigen::Aligned64> values(row.of);
  if (ratio > 1.0)
    values =
        (1.0f + static_cast<float>(ratio - 1.0) * values).log() * static_cast<float>(1.0 / std::log(ratio));
  values -= 0.5f;
}

}  // namespace

PosteriorBatch::PosteriorBatch(std::span<const PosteriorTables> processes) {
  if (processes.empty()) return;
  d_ = static_cast<std::size_t>(processes[0].d);
  features_ = processes[0].factors.size();
  choices_ = processes[0].choices;
  for (const PosteriorTables& tables : processes) {
    PARSIMONY_EXPECTS(tables.choices.size() == d_ && tables.choices == choices_ &&
                      tables.ratios.size() == d_);
    processes_.push_back(pack(tables));
    const auto same = std::find(layouts_.begin(), layouts_.end(), tables.ratios);
    processes_.back().layout = static_cast<std::size_t>(same - layouts_.begin());
    if (same == layouts_.end()) layouts_.push_back(tables.ratios);
  }
}

/// Features of the points, unscaled: state by state into columns of the rows.
void PosteriorBatch::lay_out(std::span<const double> points, const std::vector<double>& ratios,
                             std::span<TileRow> features) const {
  const std::size_t count = points.size() / d_;
  for (TileRow& row : features) std::fill(std::begin(row.of), std::end(row.of), 0.0f);
  std::size_t feature = 0;
  for (std::size_t i = 0; i < d_; ++i) {
    const int choices = choices_[i];
    for (std::size_t state = 0; state < count; ++state) {
      const double x = points[state * d_ + i];
      if (choices == 0) {
        features[feature].of[state] = static_cast<float>(x);
      } else {
        const int chosen = std::clamp(static_cast<int>(std::floor(x * choices)), 0, choices - 1);
        features[feature + static_cast<std::size_t>(chosen)].of[state] = 0.5f * std::numbers::sqrt2_v<float>;
      }
    }
    if (choices == 0) place(features[feature], ratios[i]);
    feature += static_cast<std::size_t>(std::max(1, choices));
  }
}

void PosteriorBatch::moments(std::span<const double> points, Workspace& workspace, std::span<TileRow> mean,
                             std::span<TileRow> deviation) const {
  if (processes_.empty()) return;
  PARSIMONY_EXPECTS(!points.empty() && points.size() <= kTileStates * d_ && points.size() % d_ == 0);
  PARSIMONY_EXPECTS(mean.size() == size() && deviation.size() == size());
  workspace.features.resize(features_ * layouts_.size());
  for (std::size_t layout = 0; layout < layouts_.size(); ++layout)
    lay_out(points, layouts_[layout], std::span(workspace.features).subspan(layout * features_, features_));
  for (std::size_t k = 0; k < size(); ++k) {
    workspace.correlations.resize(processes_[k].panels * kPanelRows);
    tile_moments(processes_[k], workspace.features.data() + processes_[k].layout * features_,
                 workspace.correlations.data(), mean[k], deviation[k]);
  }
}

}  // namespace parsimony::surrogate
