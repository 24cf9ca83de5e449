#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "parsimony/network/description.hpp"

namespace parsimony::network {

/// What a built-in network is made for.
struct Task {
  Shape input;  ///< [length, channels], [height, width, channels] or [features]
  std::int32_t classes = 0;
};

/// A network that comes with the program.
struct BuiltIn {
  std::string_view name;
  std::string_view about;
  int axes = 0;               ///< spatial axes of its input; 0: any
  Task example;               ///< what `network show` takes where nothing is said
  std::int32_t width = 0;     ///< default
  std::int32_t widest = 0;    ///< 1 … widest
  std::string_view of_width;  ///< what the width says
  Description (*build)(const Task& task, std::int32_t width, const std::string& where);
};

std::span<const BuiltIn> built_in_networks();

/// @throws InputError naming the nearest known one
const BuiltIn& find_built_in(std::string_view where, std::string_view name);

/// The network at that width. @param where  what errors call it
/// @throws InputError for a width or an input that it cannot have
Description build(const BuiltIn& network, const Task& task, std::int32_t width, const std::string& where);

struct DscnnOptions {
  std::int32_t length = 0, channels = 0, classes = 0;
  std::int32_t width = 114;  ///< 456 gives the paper's 2.6 M parameters
};

/// One convolution, ten depthwise-separable blocks, squeeze-excite after blocks 2, 4, 6, 8 and 10
/// (Deutel et al. 2023, Sec. 5.1; SEMANTICS 5). @throws InputError when the series is too short or an option
/// out of range
Description dscnn_se_1d(const DscnnOptions& options);

}  // namespace parsimony::network
