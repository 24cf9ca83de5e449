#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsimony/problems/benchmark_problem.hpp"

namespace parsimony::problems {

/// Refuses options that are not among `known`. @throws InputError("problem.<option>")
void expect_known(const ProblemOptions& options, const std::vector<std::string>& known);

/// A whole number from low to high, `otherwise` when the option is absent.
/// @throws InputError("problem.<option>") with the value and the range
int whole_option(const ProblemOptions& options, std::string_view option, int otherwise, int low, int high);

/// A number, `otherwise` when absent. @throws InputError as above
double number_option(const ProblemOptions& options, std::string_view option, double otherwise);

std::string text_option(const ProblemOptions& options, std::string_view option, std::string_view otherwise);

/// "a,b,c" -> its parts, empty ones left out.
std::vector<std::string> split_list(std::string_view text);

/// The number that a text is. @throws InputError(where) when it is none or not finite
double number_of(std::string_view where, std::string_view text);

}  // namespace parsimony::problems
