#pragma once

#include <filesystem>
#include <vector>

#include "parsimony/study/store.hpp"

namespace parsimony::cli {

/// Trial numbers of the study's front.
std::vector<int> front_of(const study::Store& store);

/// Writes report.html, trials.csv and report.json into the folder.
void write_report_files(const study::Store& store, const std::filesystem::path& folder);

/// The front as a table, or as the JSON that programs rely on.
void print_report(const study::Store& store, const std::filesystem::path& folder, bool json);

}  // namespace parsimony::cli
