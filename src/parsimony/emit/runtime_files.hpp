#pragma once

#include <string_view>

namespace parsimony::emit {

/// A file of runtime/, which the build puts into the program.
/// @param name  relative to runtime/: "kernels/table.c", "board/host.c"; must be there
std::string_view runtime_file(std::string_view name);

/// The part of a kernel's file between its "copied from here" and "to here" lines.
/// @param name  without folder and suffix: "convolution_1d", "common"
std::string_view kernel_source(std::string_view name);

}  // namespace parsimony::emit
