#include "parsimony/base/errors.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace parsimony {
namespace {

std::string message(std::string_view where, std::string_view problem, std::string_view allowed) {
  std::string text;
  text.append(where).append(": ").append(problem);
  if (!allowed.empty()) text.append("; allowed: ").append(allowed);
  return text;
}

/// Levenshtein's distance, one row at a time.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

InputError::InputError(std::string_view where, std::string_view problem, std::string_view allowed)
    : std::runtime_error(message(where, problem, allowed)) {}

std::string nearest_name(std::string_view name, std::span<const std::string> known) {
  std::string best;
  std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : known) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace parsimony
