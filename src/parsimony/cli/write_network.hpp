#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "parsimony/cli/board_options.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/emit.hpp"
#include "parsimony/emit/instructions.hpp"
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
  bool reorder = false;     ///< operators, where that makes the arena smaller
  std::string data_form{};  ///< what data.json of the folder says; empty: there is none
};
/// The kernels that the folder will have. @throws InputError for an unknown target
emit::Family family_of(const NetworkOptions& options);
void add_network_options(CLI::App& command, NetworkOptions& options);

struct WrittenNetwork {
  std::string prefix;
  std::string hash;  ///< of model.graph
  plan::Plan plan;
  Bytes saved;              ///< of the arena by another order of operators than the given one
  emit::RomPrediction rom;  ///< nothing for the host, as the instructions
  emit::InferenceInstructions instructions;  ///< predicted
  ChosenBoard chosen;
};

/// What --json prints of it.
nlohmann::json to_json(const WrittenNetwork& network);
/// speed_text of its prediction.
std::string speed_text(const WrittenNetwork& network);

/// Plans, proves, emits and writes the folder.
/// @param given  lowered
/// @throws InputError for an unknown target or name, or when RAM or flash is too small: the missing bytes,
/// and the operator at which most RAM is needed; EnvironmentError
WrittenNetwork write_network(const ir::Graph& given, const NetworkOptions& options,
                             const std::string& command_line);

}  // namespace parsimony::cli
