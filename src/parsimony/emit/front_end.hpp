#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/base/quantities.hpp"
#include "parsimony/emit/emission.hpp"
#include "parsimony/emit/kernel_work.hpp"
#include "parsimony/features/log_mel.hpp"

namespace parsimony::emit {

/// RAM that frames are computed in, beside the network's input [B].
std::int64_t front_end_scratch(const features::LogMel& log_mel);

/// Its tables and parameters [B], exact; those of the quantisation are the network's (input_constant_bytes).
std::int64_t front_end_constant_bytes(const features::LogMel& log_mel);

/// How often each part of `_features` runs: calls, frames, samples, zeros behind them, complex points of the
/// FFT, its stages, its butterflies, bins with a weight, bands, positions that the input's channels are
/// quantised at.
/// @param graph  with a front end; a skeleton will do
Work front_end_work(const ir::Graph& graph);

/// Its tables and parameters in C, behind the normalisation of the input.
void write_front_end(CWriter& writer, const Emission& emission);

/// The network's input for the samples of a case: what `_features` leaves in the arena.
std::vector<std::int8_t> features_input(const ir::Graph& graph, std::span<const std::int16_t> samples);

/// The samples that test/golden.c makes up.
std::vector<std::int16_t> golden_samples(const features::LogMel& log_mel);

}  // namespace parsimony::emit
