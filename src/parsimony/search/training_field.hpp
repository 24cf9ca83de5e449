#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/config/yaml_file.hpp"
#include "parsimony/data/dataset.hpp"
#include "parsimony/network/training_options.hpp"

namespace parsimony::search {

/// A study's `augment:`, `training:` and `quantisation:`, where it has them.
/// @param study  all of the file
/// @throws InputError naming file, line, field, value and what is allowed
network::TrainingOptions read_training(const config::Field& study);
/// Their names.
const std::vector<std::string>& training_keys();

/// As a study's stored configuration holds it: what differs from its default. Members of a study's
/// configuration; a key whose options are all as by default is absent.
void add_training_json(nlohmann::json& study, const network::TrainingOptions& options);
/// @throws nlohmann::json::exception for what add_training_json does not write
network::TrainingOptions training_of_json(const nlohmann::json& study);

/// What cannot be seen before the data are read.
/// @param where  the study's file
/// @throws InputError for what does not suit the data: changes of images for series, channels that there are
///         none of
void require_suitable(const network::TrainingOptions& options, const data::Dataset& data,
                      std::string_view where);

}  // namespace parsimony::search
