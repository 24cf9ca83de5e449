#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "parsimony/config/yaml_file.hpp"
#include "parsimony/network/built_in.hpp"

namespace parsimony::network {

/// What a network file says of its input and classes, where it does.
struct FileTask {
  std::optional<Shape> input;
  std::optional<std::int32_t> classes;
};

/// A network of the user's own: YAML with layers and blocks (docs/networks.md), or one of MCUNet's JSON
/// descriptions.
/// @param where  what errors call the file
/// @throws InputError naming file, line and field
FileTask read_network_task(std::string_view text, std::string_view where);
Description read_network(std::string_view text, std::string_view where, const Task& task);

/// A network of MCUNet's authors (mit-han-lab/mcunet, ProxylessNASNets as JSON), padded as TFLite's SAME,
/// which takes a little less memory than the same on both sides.
Description read_mcunet(const config::Field& file, const Task& task);

}  // namespace parsimony::network
