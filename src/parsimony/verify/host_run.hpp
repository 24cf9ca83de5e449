#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "parsimony/ir/graph.hpp"

namespace parsimony::verify {

/// Builds a copy of an emitted folder for this computer with its own Makefile, and runs it.
/// @param graph  its model.graph
/// @param raw    [n, elements of its input] as the sensor gives them, through _quantize_input and _invoke
/// @param progress  is told from time to time how many of the n are through
/// @return  [n, elements of its output]
/// @throws InputError when `folder` is no emitted one or does not build; EnvironmentError naming the Debian
///         package of a missing compiler or make, or when a run fails
std::vector<std::int8_t> run_on_host(const std::filesystem::path& folder, const ir::Graph& graph,
                                     std::span<const float> raw,
                                     const std::function<void(std::int64_t done)>& progress = {});

}  // namespace parsimony::verify
