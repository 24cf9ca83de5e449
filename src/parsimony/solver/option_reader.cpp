#include "parsimony/solver/option_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "parsimony/base/errors.hpp"

namespace parsimony::solver {
namespace {

std::string field(std::string_view option) {
  return fmt::format("solver.{}", option);
}

template <class Number>
void read_number(std::string_view option, const std::string& text, Number& value, const char* allowed) {
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end)
    throw InputError(field(option), fmt::format("is '{}'", text), allowed);
}

template <class Number>
void expect_number_within(std::string_view option, Number value, Number low, Number high) {
  if (!(value >= low && value <= high))
    throw InputError(field(option), fmt::format("is {}", value), fmt::format("{} to {}", low, high));
}

}  // namespace

OptionReader::OptionReader(const SolverOptions& options, const std::vector<std::string>& known)
    : options_(options) {
  for (const auto& [option, value] : options) {
    if (std::find(known.begin(), known.end(), option) != known.end()) continue;
    const std::string nearest = nearest_name(option, known);
    throw InputError(field(option),
                     nearest.empty() ? "is unknown" : fmt::format("is unknown (did you mean {}?)", nearest),
                     fmt::format("{}", fmt::join(known, ", ")));
  }
}

const std::string* OptionReader::find(std::string_view option) const {
  const auto found = options_.find(std::string(option));
  return found == options_.end() ? nullptr : &found->second;
}

void OptionReader::read(std::string_view option, int& value) const {
  if (const std::string* text = find(option)) read_number(option, *text, value, "a whole number");
}

void OptionReader::read(std::string_view option, double& value) const {
  if (const std::string* text = find(option)) read_number(option, *text, value, "a number");
}

std::string OptionReader::choice(std::string_view option, const std::vector<std::string>& choices,
                                 std::string otherwise) const {
  const std::string* text = find(option);
  if (!text) return otherwise;
  if (std::find(choices.begin(), choices.end(), *text) == choices.end())
    throw InputError(field(option), fmt::format("is '{}'", *text),
                     fmt::format("{}", fmt::join(choices, ", ")));
  return *text;
}

void expect_within(std::string_view option, int value, int low, int high) {
  expect_number_within(option, value, low, high);
}

void expect_within(std::string_view option, double value, double low, double high) {
  expect_number_within(option, value, low, high);
}

}  // namespace parsimony::solver
