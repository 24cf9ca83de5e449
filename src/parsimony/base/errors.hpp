#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace parsimony {

/// The input is at fault and the user can mend it; the program exits with 2.
/// The message reads "<where>: <problem>; allowed: <allowed>".
class InputError : public std::runtime_error {
 public:
  /// @param where    file, and line or field: "study.yaml: solver.directions", "X_TRAIN.ts:17"
  /// @param problem  what is wrong, with the value: "is -3"
  /// @param allowed  the allowed range or choices; may be empty
  InputError(std::string_view where, std::string_view problem, std::string_view allowed = {});
};

/// The machine is at fault (disk full, database gone, compiler missing); the program exits with 3.
class EnvironmentError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The known name nearest to `name` by edit distance, or "" when none is near (distance over a third of it).
std::string nearest_name(std::string_view name, std::span<const std::string> known);

}  // namespace parsimony
