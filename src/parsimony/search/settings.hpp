#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/data/source.hpp"
#include "parsimony/data/split.hpp"
#include "parsimony/search/problem.hpp"
#include "parsimony/search/space.hpp"

namespace parsimony::search {

/// One option of the solver, as written; the solver reads and checks it.
struct SolverOption {
  std::string name, value;
  std::string where;  ///< file, line and field, for messages
};

/// All that a study file says, defaults filled in.
struct StudySettings {
  data::SourceOptions data;
  std::string network = "dscnn-se-1d";  ///< a built-in one's name, or a file's
  std::string network_text;             ///< what the file held when the study began; empty: built in
  std::int32_t width = 114;             ///< of a built-in one
  std::vector<std::string> objectives{"error", "rom", "ram", "flops"};
  std::string target = "cortex-m4";
  std::string optimise = "size";  ///< or "speed": the kernels that are costed, and exported by default
  Limits limits;
  std::string solver = "ehvi";
  std::vector<SolverOption> solver_options;
  SpaceOptions space;
  network::TrainingOptions training;
  data::Protocol protocol = data::Protocol::kHonest;
  data::SplitRule split = data::SplitRule::kAuto;
  std::string schedule = "ordered";  ///< or "eager"
  std::int32_t trials = 150;         ///< in all, 1 … 1,000,000
  std::int32_t initial = 10;         ///< of them the first, by Latin hypercube (the paper's)
  std::uint64_t seed = 1;
  std::int32_t workers = 0;  ///< 0: one for each core
  double hours = 0.0;        ///< 0: no limit
};

/// Reads a study file. @throws InputError naming file, line, field, value and what is allowed
StudySettings read_study_file(const std::filesystem::path& path);
/// The same from text. @param where  what errors call it
StudySettings read_study_text(std::string_view text, std::string_view where);

/// The settings as canonical JSON text: what a study is identified by, and what its workers read.
std::string to_json(const StudySettings& settings);
/// @throws InputError when the text is none that to_json wrote
StudySettings from_json(std::string_view text);

/// Keys of to_json that may differ when a study is resumed.
const std::vector<std::string>& resumable_keys();

}  // namespace parsimony::search
