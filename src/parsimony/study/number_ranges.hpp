#pragma once

#include <string>
#include <vector>

namespace parsimony::study {

/// {1, 2, 3, 5} <-> "1-3,5": what a proposal has seen, in a few bytes instead of a number for each trial.
/// @param numbers  ascending
std::string to_ranges(const std::vector<int>& numbers);
std::vector<int> from_ranges(const std::string& text);

}  // namespace parsimony::study
