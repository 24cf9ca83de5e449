#pragma once

#include <filesystem>

#include "parsimony/driver/driver.hpp"

namespace parsimony::cli {

/// `count` processes of parsimony-worker on the study in `folder`.
/// @throws EnvironmentError when this build has no parsimony-worker beside the program
driver::Workers training_workers(const std::filesystem::path& folder, int count);

}  // namespace parsimony::cli
