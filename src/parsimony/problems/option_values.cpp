#include "parsimony/problems/option_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "parsimony/base/errors.hpp"

namespace parsimony::problems {
namespace {

std::string field(std::string_view option) {
  return fmt::format("problem.{}", option);
}

const std::string* find(const ProblemOptions& options, std::string_view option) {
  const auto found = options.find(std::string(option));
  return found == options.end() ? nullptr : &found->second;
}

}  // namespace

void expect_known(const ProblemOptions& options, const std::vector<std::string>& known) {
  for (const auto& [option, value] : options) {
    if (std::find(known.begin(), known.end(), option) != known.end()) continue;
    const std::string nearest = nearest_name(option, known);
    throw InputError(field(option),
                     nearest.empty() ? "is unknown" : fmt::format("is unknown (did you mean {}?)", nearest),
                     known.empty() ? "no option" : fmt::format("{}", fmt::join(known, ", ")));
  }
}

int whole_option(const ProblemOptions& options, std::string_view option, int otherwise, int low, int high) {
  const std::string* text = find(options, option);
  if (!text) return otherwise;
  int value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < low || value > high)
    throw InputError(field(option), fmt::format("is '{}'", *text), fmt::format("{} … {}", low, high));
  return value;
}

double number_option(const ProblemOptions& options, std::string_view option, double otherwise) {
  const std::string* text = find(options, option);
  return text ? number_of(field(option), *text) : otherwise;
}

std::string text_option(const ProblemOptions& options, std::string_view option, std::string_view otherwise) {
  const std::string* text = find(options, option);
  return text ? *text : std::string(otherwise);
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (comma > 0) parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

double number_of(std::string_view where, std::string_view text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    throw InputError(where, fmt::format("is '{}'", text), "a finite number");
  return value;
}

}  // namespace parsimony::problems
