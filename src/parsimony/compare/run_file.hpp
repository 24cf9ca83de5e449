#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "parsimony/compare/run.hpp"

namespace parsimony::compare {

/// The run format (docs/compare.md). Numbers read back bit for bit.
/// @param arena  names the curve: "hypervolume", or "least_value" with one objective
std::string to_json(const Run& run, const Arena& arena);

/// DIR/runs/<problem>-<solver>-<seed>.json
std::filesystem::path run_path(const std::filesystem::path& folder, const Arena& arena,
                               const Contestant& contestant, std::uint64_t seed);

/// The stored run, cut to the contest's trials; nothing where there is none or it is too short.
/// @throws InputError when the file is no run, or one of another configuration, naming the difference
std::optional<Run> stored_run(const std::filesystem::path& folder, const Contest& contest, const Arena& arena,
                              const Contestant& contestant, std::uint64_t seed);

/// Whole, or not at all. @throws EnvironmentError
void store_run(const std::filesystem::path& folder, const Arena& arena, const Contestant& contestant,
               const Run& run);

/// Runs of other programs: a file that holds a run, an array of runs or {"runs": [...]}, or a folder of such
/// files. Points are evaluated here again, so that every curve has one origin; runs of problems and seeds
/// that the contest leaves out are left out.
/// @throws InputError naming file and run: a point that is not [d], other starting points, the label of a
/// contestant
std::vector<Run> included_runs(const std::filesystem::path& file, const Contest& contest);

}  // namespace parsimony::compare
