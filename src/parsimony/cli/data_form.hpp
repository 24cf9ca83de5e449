#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "parsimony/data/dataset.hpp"
#include "parsimony/data/source_options.hpp"
#include "parsimony/study/store.hpp"

namespace parsimony::cli {

/// The file of an exported folder that says how its data was read: the study's `data:` field without its
/// place, and the form of a case.
inline constexpr const char* kDataFile = "data.json";
/// The study's note of the form of a case.
inline constexpr const char* kDataForm = "data_form";

/// What a network was trained on.
struct DataForm {
  data::SourceOptions source;  ///< without path
  std::int32_t length = 0, height = 1, channels = 0;
  double rate = 0.0;  ///< [Hz]; 0: not known
  std::vector<std::string> channel_names;
};

/// The note that a search leaves of its data.
std::string data_form_note(const data::Dataset& train);
/// The bytes of data.json for a network of the study.
std::string data_form_of_study(const study::Store& store);
/// Those of a model's folder; empty where the model is no such folder.
std::string data_form_of_folder(const std::filesystem::path& model);
/// Of an emitted folder; nothing where it has no data.json (it was compiled, or exported by an older
/// version).
/// @throws InputError when the file is none of ours
std::optional<DataForm> read_data_form(const std::filesystem::path& folder);

}  // namespace parsimony::cli
