#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "parsimony/base/quantities.hpp"
#include "parsimony/emit/emit.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::verify {

struct VerifyOptions {
  std::int64_t cases = 32;  ///< random int8 inputs, when `inputs` is empty
  std::uint64_t seed = 1;   ///< of the random inputs
  std::vector<std::vector<std::int8_t>>
      inputs{};  ///< each [elements of the input]; taken instead of random ones
  std::vector<std::vector<float>>
      raw_inputs{};           ///< each [length, channels] in sensor units, beside our own few
  int timeout_seconds = 600;  ///< of one build or one run; many cases are several runs
  /// Told from time to time what is gone through: "reference" or a target, and how many cases of how many.
  std::function<void(const std::string& what, std::int64_t done, std::int64_t of)> progress{};
};

/// What one target showed.
struct Verification {
  std::string target;
  std::int64_t cases = 0;       ///< inputs run, golden vectors and raw inputs included
  std::int64_t mismatches = 0;  ///< cases of which any output byte differs from the reference interpreter's
  std::int64_t missing = 0;     ///< those of `mismatches` that have no output: a run crashed or took too long
  Bytes ram_bytes;              ///< _ARENA_BYTES as built
  Bytes predicted_ram_bytes;    ///< by our plan of model.graph
  // Boards only:
  std::optional<Bytes> rom_bytes;            ///< linked: SEMANTICS.md, section 7
  std::optional<Bytes> predicted_rom_bytes;  ///< by emit::predict_rom
  std::optional<Bytes> rom_data_bytes;       ///< the constants in rom_bytes
  std::optional<Bytes> predicted_rom_data_bytes;
  std::optional<Bytes> stack_bytes;                    ///< of `_invoke` or `_features`, by painting
  std::optional<Bytes> static_stack_bytes;             ///< of its deepest calls at most, by -fstack-usage
  std::optional<std::int64_t> instructions;            ///< of one `_invoke`, counted by QEMU: no cycles
  std::optional<std::int64_t> predicted_instructions;  ///< by emit::InstructionCosts, of `_invoke`
  std::optional<std::int64_t> features_instructions;   ///< of one `_features`, likewise counted
  std::optional<std::int64_t> predicted_features_instructions;
  std::string first_difference;  ///< in words; empty when there is none
};

/// What an emitted folder was made for, as its Makefile has it.
struct MadeFor {
  const target::Target* target = nullptr;
  emit::Optimise optimise = emit::Optimise::size;

  emit::Family family() const { return emit::family_of(*target, optimise); }
};
/// @throws InputError when the folder is none of ours
MadeFor made_for(const std::filesystem::path& folder);

/// Builds a copy of the folder with its own Makefile for each target, runs it (on the board: in QEMU) and
/// compares every output byte with ir::interpret of its model.graph.
/// @param targets  names for target::find_target; "all" is every supported one
/// @throws InputError when `folder` is no emitted folder or a target is unknown; EnvironmentError naming the
/// Debian
///         package when a compiler, make or QEMU is missing, or when a build or a run fails
std::vector<Verification> verify_folder(const std::filesystem::path& folder,
                                        const std::vector<std::string>& targets,
                                        const VerifyOptions& options = {});

}  // namespace parsimony::verify
