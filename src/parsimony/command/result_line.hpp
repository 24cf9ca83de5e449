#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "parsimony/command/settings.hpp"

namespace parsimony::command {

/// What a command measured, in the problem's order and the user's sense.
struct Values {
  std::vector<double> objectives, constraints;
};

/// Why a run of the command gave nothing.
struct Failure {
  std::string stage;   ///< "command": it did not end as it should; "result": what it printed is no result
  std::string code;    ///< see docs/optimise.md
  std::string reason;  ///< for people
};

/// Reads the last line of standard output that is not blank: {"objectives": {...}, "constraints": {...}}, a
/// finite number for each name of the problem and for no other. Further members are left alone.
std::variant<Values, Failure> read_result(std::string_view output, const Settings& settings);

/// The last line that is not blank, without the white space around it; "" when there is none.
std::string_view last_line(std::string_view text);

}  // namespace parsimony::command
