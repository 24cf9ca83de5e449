#pragma once

#include "parsimony/surrogate/posterior_batch.hpp"

// Inside this folder only: the vectorised loops of PosteriorBatch.
namespace parsimony::surrogate {

/// Observed points whose rows are computed together: with four vectors of states 24 sums, which with the
/// operands fill the 32 registers of AVX-512.
constexpr std::size_t kPanelRows = 6;

/// Moments of one process at one tile, in the units of the observations.
/// @param states        [features] rows, unscaled
/// @param correlations  [panels · kPanelRows] rows, overwritten
void tile_moments(const PosteriorBatch::Packed& process, const TileRow* states, TileRow* correlations,
                  TileRow& mean, TileRow& deviation);

}  // namespace parsimony::surrogate
