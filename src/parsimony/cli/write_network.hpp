#pragma once

#include <string>

#include "parsimony/cli/board_options.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/emit.hpp"
#include "parsimony/ir/graph.hpp"
#include "parsimony/plan/plan.hpp"

namespace CLI {
class App;
}

namespace parsimony::cli {

/// What `compile` and `export` take alike.
struct NetworkOptions {
  std::string out, name, optimise = "size";
  bool single_file = false;
  BoardOptions board;
};
void add_network_options(CLI::App& command, NetworkOptions& options);

struct WrittenNetwork {
  std::string prefix;
  plan::Plan plan;
  emit::RomPrediction rom;
  ChosenBoard chosen;
};

/// Plans, proves, emits and writes the folder.
/// @param graph  lowered
/// @throws InputError for an unknown target or name, or when RAM or flash is too small: the missing bytes,
/// and the operator at which most RAM is needed; EnvironmentError
WrittenNetwork write_network(const ir::Graph& graph, const NetworkOptions& options,
                             const std::string& command_line);

}  // namespace parsimony::cli
