#pragma once

#include <filesystem>

#include "parsimony/ir/graph.hpp"
#include "parsimony/study/store.hpp"

namespace parsimony::cli {

/// @throws InputError unless the study has a trial of that number that is complete
study::Row complete_row(const study::Store& store, const std::string& folder, int trial);

/// The int8 network that is deployed from a trial: the stored one, or, when none is stored yet (a trial off
/// the front of a study with folds), trained now and stored, so that exports never train twice.
/// @throws InputError for a trial that does not exist, has not completed, or whose training diverges
ir::Graph deployed_network(study::Store& store, const std::filesystem::path& folder, int trial);

}  // namespace parsimony::cli
