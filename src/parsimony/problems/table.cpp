#include "parsimony/problems/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/base/sha256.hpp"

namespace parsimony::problems {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> split_values(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string> values;
  for (;;) {
    const std::size_t comma = line.find(',');
    values.emplace_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return values;
    line.remove_prefix(comma + 1);
  }
}

std::vector<fs::path> places_of(const std::string& file) {
  std::vector<fs::path> places{file};
  if (const char* const folder = std::getenv("PARSIMONY_TABLES")) {
    places.push_back(fs::path(folder) / file);
  } else {
    places.push_back(fs::path("tables") / file);
    places.push_back(fs::path("../shared/tables") / file);
  }
  return places;
}

}  // namespace

std::size_t Table::column(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found != columns.end()) return static_cast<std::size_t>(found - columns.begin());
  const std::string nearest = nearest_name(name, columns);
  throw InputError(file.string(),
                   nearest.empty() ? fmt::format("has no column '{}'", name)
                                   : fmt::format("has no column '{}' (did you mean {}?)", name, nearest),
                   fmt::format("{}", fmt::join(columns, ", ")));
}

Table read_table(const fs::path& file) {
  const std::string text = read_file(file);
  Table table{file, sha256(text), {}, {}};
  std::string_view rest = text;
  for (int number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty() || line == "\r") continue;
    std::vector<std::string> values = split_values(line);
    if (table.columns.empty()) {
      table.columns = std::move(values);
    } else if (values.size() == table.columns.size()) {
      table.rows.push_back(std::move(values));
    } else {
      throw InputError(fmt::format("{}:{}", file.string(), number),
                       fmt::format("has {} values", values.size()),
                       fmt::format("{}, as its first line", table.columns.size()));
    }
  }
  if (table.rows.empty())
    throw InputError(file.string(), "has no rows", "a header line and one line a point");
  return table;
}

fs::path find_table(const std::string& file) {
  std::vector<std::string> looked_at;
  for (const fs::path& place : places_of(file)) {
    std::error_code error;
    if (fs::is_regular_file(place, error)) return place;
    looked_at.push_back(fs::absolute(place).lexically_normal().string());
  }
  throw InputError("problem.file",
                   fmt::format("is '{}', which stands at none of {}", file, fmt::join(looked_at, ", ")),
                   "a CSV file, or a name below $PARSIMONY_TABLES");
}

}  // namespace parsimony::problems
