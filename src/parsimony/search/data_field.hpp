#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "parsimony/config/yaml_file.hpp"
#include "parsimony/data/source_options.hpp"

namespace parsimony::search {

/// A study's `data:` field. @throws InputError naming file, line, field, value and what is allowed
data::SourceOptions read_data_field(const config::Field& field);

/// The `data:` field of a study file whose other fields are not looked at.
data::SourceOptions read_data_of_study(const std::filesystem::path& path);

/// As a study's stored configuration holds it: format, path, seed, and what differs from its default.
nlohmann::json data_json(const data::SourceOptions& options);
/// @throws nlohmann::json::exception for what data_json does not write
data::SourceOptions data_of_json(const nlohmann::json& json);

}  // namespace parsimony::search
