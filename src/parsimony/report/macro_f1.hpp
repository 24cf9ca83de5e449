#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace parsimony::report {

/// Mean over the classes of F1 = 2·hits / (cases of the class + predictions of the class), each class
/// counting alike however many cases it has. A class without a case that was never predicted does not count.
/// @param confusion  [true class][predicted class]
/// @return  in 0 … 1; nothing where no case was counted
std::optional<double> macro_f1(const std::vector<std::vector<std::int64_t>>& confusion);

}  // namespace parsimony::report
