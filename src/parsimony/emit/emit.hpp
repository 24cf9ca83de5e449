#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/emit/kernels.hpp"
#include "parsimony/ir/graph.hpp"
#include "parsimony/plan/plan.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::emit {

/// The files of an emitted network: name relative to the folder -> bytes.
using Folder = std::map<std::string, std::string>;

/// Least flash, or fewest instructions.
enum class Optimise { size, speed };

/// The kernels that a target's folder has: those for its DSP extension, for speed its vector extension.
Family family_of(const target::Target& target, Optimise optimise);

struct EmitOptions {
  std::string name;                  ///< prefix of every external symbol: a C identifier in lower case
  std::string target = "cortex-m4";  ///< the board that the Makefile builds for, beside the host
  std::string command_line{};        ///< for the banner; may be empty
  std::vector<std::vector<std::int8_t>>
      golden_inputs{};  ///< each [elements of the input]; empty: a few random ones
  Optimise optimise = Optimise::size;
  std::optional<Family> family{};  ///< instead of family_of(target, optimise)
  bool single_file =
      false;  ///< also NAME.h: header and source in one, for build systems that take a header alone
  std::vector<std::string> board_flags{};  ///< of the board's compiler; empty: the target's
};

/// Writes the network as C99 with its kernels, build files, golden vectors and figures (DESIGN.md, "An
/// emitted network is a folder"). The same arguments give the same bytes.
/// @param graph  verified and lowered, with its constants
/// @param plan   of that graph: plan_memory for its family
/// @throws InputError for a name that is no prefix, an unknown target, a size that the kernels' parameters
///         cannot hold
Folder emit(const ir::Graph& graph, const plan::Plan& plan, const EmitOptions& options);

/// Turns a folder's name into a prefix: "My net-2" -> "my_net_2"; "" or a leading digit gets "network_"
/// before it.
std::string prefix_from(std::string_view folder_name);

/// Writes all files beside `path` and renames: `path` holds the old folder or the new one, never half.
/// A folder that we emitted earlier is replaced (its build products with it).
/// @throws InputError when `path` is something else than a missing or empty folder or an emitted one, or
/// holds
///         files that we did not write; EnvironmentError (disk full, no permission)
void write_folder(const Folder& folder, const std::filesystem::path& path);

}  // namespace parsimony::emit
