#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsimony/solver/solver.hpp"

namespace parsimony::solver {

/// Reads scalars as they stand in a study file. Every error is an InputError that names "solver.<option>".
class OptionReader {
 public:
  /// @throws InputError for the first option that is not among `known`, with the nearest known one
  OptionReader(const SolverOptions& options, const std::vector<std::string>& known);

  /// The value stays as it is when the option is absent.
  void read(std::string_view option, int& value) const;
  void read(std::string_view option, double& value) const;
  /// One of `choices`, `otherwise` when the option is absent.
  std::string choice(std::string_view option, const std::vector<std::string>& choices,
                     std::string otherwise) const;

 private:
  const std::string* find(std::string_view option) const;
  const SolverOptions& options_;
};

/// @throws InputError naming "solver.<option>", the value and the range
void expect_within(std::string_view option, int value, int low, int high);
void expect_within(std::string_view option, double value, double low, double high);

}  // namespace parsimony::solver
