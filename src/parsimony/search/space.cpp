#include "parsimony/search/space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"

namespace parsimony::search {
namespace {

struct Range {
  double low, high;
  bool logarithmic = false;
};
constexpr bool kLogarithmic = true;

/// A parameter's range in a study, and what an override may ask for.
struct Row {
  std::string name;
  bool integer;
  Range range;
  double smallest_allowed, largest_allowed;
};

/// A parameter of training by preset: our own range, and that of the paper's Table 3.
struct TrainingParameter {
  const char* name;
  bool integer;
  Range ours, papers;
  double smallest_allowed, largest_allowed;
};
constexpr TrainingParameter kTraining[] = {
    {"epochs", true, {30, 300, kLogarithmic}, {100, 500}, 1, 10000},
    {"batch_size", true, {8, 100, kLogarithmic}, {20, 200}, 1, 4096},
    {"learning_rate", false, {5e-3, 0.5, kLogarithmic}, {1e-5, 1e-2, kLogarithmic}, 1e-9, 10},
    {"momentum", false, {0.5, 0.95}, {0.7, 0.99, kLogarithmic}, 0, 0.9999},
    {"lr_schedule", false, {0.3, 0.9}, {0.4, 0.9}, 0, 1},
    {"lr_gamma", false, {0.4, 0.95}, {0.4, 0.9}, 1e-3, 1},
    {"weight_decay", false, {1e-6, 5e-3, kLogarithmic}, {1e-6, 1e-2, kLogarithmic}, 0, 1},
    {"pruning_start", false, {0, 0.4}, {0, 0.6}, 0, 1},
    {"pruning_end", false, {0.5, 0.85}, {0.8, 0.95}, 0, 1},
    {"pruning_steps", true, {1, 20}, {1, 20}, 1, 1000},
};
/// As Table 3 prints it.
constexpr Range kLiteralWeightDecay{0.6, 0.99, kLogarithmic};

std::vector<Row> preset_rows(Preset preset, const std::vector<network::Group>& groups) {
  const bool ours = preset == Preset::standard;
  std::vector<Row> rows;
  for (const TrainingParameter& one : kTraining) {
    Range range = ours ? one.ours : one.papers;
    if (preset == Preset::paper_literal && one.name == std::string_view("weight_decay"))
      range = kLiteralWeightDecay;
    rows.push_back({one.name, one.integer, range, one.smallest_allowed, one.largest_allowed});
  }
  const double most_sparse = ours ? 0.95 : 0.99, least_sparse = ours ? 0.0 : 0.1;
  for (const network::Group& group : groups) {
    const Range kept{static_cast<double>(network::kept_channels(most_sparse, group.channels)),
                     static_cast<double>(network::kept_channels(least_sparse, group.channels))};
    rows.push_back({keep_name(group), true, kept, 1, static_cast<double>(group.channels)});
  }
  return rows;
}

space::Parameter parameter_of(const Row& row) {
  const auto [low, high, logarithmic] = row.range;
  if (!row.integer) return space::FloatParameter{row.name, low, high, logarithmic};
  return space::IntegerParameter{row.name, static_cast<std::int64_t>(low), static_cast<std::int64_t>(high),
                                 logarithmic};
}

// ---- overrides

const std::string& name_of(const Override& change) {
  if (const auto* fixed = std::get_if<Fixed>(&change.setting)) return fixed->name;
  return space::parameter_name(std::get<space::Parameter>(change.setting));
}

const Row& find_row(const std::vector<Row>& rows, const Override& change) {
  const std::string& name = name_of(change);
  std::vector<std::string> known;
  for (const Row& row : rows) {
    if (row.name == name) return row;
    known.push_back(row.name);
  }
  const std::string nearest = nearest_name(name, known);
  throw InputError(change.where,
                   fmt::format("'{}' is no parameter of this search{}", name,
                               nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest)),
                   fmt::format("{}", fmt::join(known, ", ")));
}

void require_range(const Override& change, const Row& row, double low, double high) {
  if (low >= row.smallest_allowed && high <= row.largest_allowed) return;
  throw InputError(change.where,
                   low == high ? fmt::format("{} is {}", row.name, low)
                               : fmt::format("{} is from {} to {}", row.name, low, high),
                   fmt::format("{} to {}", row.smallest_allowed, row.largest_allowed));
}

[[noreturn]] void fail_type(const Override& change, const Row& row, std::string_view given) {
  throw InputError(change.where, fmt::format("{} is {}", row.name, given),
                   row.integer ? "an integer" : "a float");
}

space::Parameter checked(const Override& change, const Row& row, const space::Parameter& parameter) {
  if (const auto* real = std::get_if<space::FloatParameter>(&parameter)) {
    if (row.integer) fail_type(change, row, "a float");
    require_range(change, row, real->low, real->high);
  } else if (const auto* whole = std::get_if<space::IntegerParameter>(&parameter)) {
    if (!row.integer) fail_type(change, row, "an integer");
    if (whole->logarithmic && row.name.starts_with("keep_")) fail_type(change, row, "logarithmic");
    require_range(change, row, static_cast<double>(whole->low), static_cast<double>(whole->high));
  } else {
    fail_type(change, row, "categorical");
  }
  return parameter;
}

Fixed checked(const Override& change, const Row& row, const Fixed& fixed) {
  if (const auto* text = std::get_if<std::string>(&fixed.value)) {
    fail_type(change, row, fmt::format("'{}'", *text));
  }
  const auto* whole = std::get_if<std::int64_t>(&fixed.value);
  if (row.integer && whole == nullptr) {
    fail_type(change, row, fmt::format("{}", std::get<double>(fixed.value)));
  }
  const double value = whole ? static_cast<double>(*whole) : std::get<double>(fixed.value);
  require_range(change, row, value, value);
  if (row.integer) return fixed;
  return {fixed.name, value};
}

using Setting = std::variant<space::Parameter, Fixed>;

/// The preset's parameters with the overrides in their place.
std::vector<Setting> settings(const std::vector<Row>& rows, const std::vector<Override>& overrides) {
  std::vector<Setting> result;
  for (const Row& row : rows) result.emplace_back(parameter_of(row));
  std::set<std::string> seen;
  for (const Override& change : overrides) {
    const Row& row = find_row(rows, change);
    if (!seen.insert(row.name).second) {
      throw InputError(change.where, fmt::format("{} is set twice", row.name));
    }
    result[static_cast<std::size_t>(&row - rows.data())] = std::visit(
        [&](const auto& setting) -> Setting { return checked(change, row, setting); }, change.setting);
  }
  return result;
}

// ---- reading a configuration

space::Value value_of(const SearchSpace& searched, const space::Configuration& configuration,
                      std::string_view name) {
  const int index = searched.space.index_of(name);
  if (index >= 0) return configuration[static_cast<std::size_t>(index)];
  const auto found = std::find_if(searched.fixed.begin(), searched.fixed.end(),
                                  [&](const Fixed& fixed) { return fixed.name == name; });
  PARSIMONY_EXPECTS(found != searched.fixed.end());
  return found->value;
}

/// The lowest and the highest value that a float parameter can take.
std::pair<double, double> range_of(const SearchSpace& searched, std::string_view name) {
  const int index = searched.space.index_of(name);
  if (index < 0) {
    const double value = std::get<double>(value_of(searched, {}, name));
    return {value, value};
  }
  const auto& parameter =
      std::get<space::FloatParameter>(searched.space.parameters()[static_cast<std::size_t>(index)]);
  return {parameter.low, parameter.high};
}

void require_start_before_end(const SearchSpace& searched, const std::vector<Override>& overrides) {
  const double latest_start = range_of(searched, "pruning_start").second;
  const double earliest_end = range_of(searched, "pruning_end").first;
  if (latest_start <= earliest_end) return;
  const auto named = std::find_if(overrides.begin(), overrides.end(), [](const Override& change) {
    return name_of(change).starts_with("pruning_");
  });
  PARSIMONY_EXPECTS(named != overrides.end());
  throw InputError(named->where,
                   fmt::format("pruning_start can be {} and pruning_end {}", latest_start, earliest_end),
                   "a range of pruning_start that ends before that of pruning_end begins");
}

/// Solvers need something to choose: where all is fixed, an integer out of `fixed` as a range of one value.
space::Parameter only_choice(std::vector<Fixed>& fixed) {
  const auto whole = std::find_if(fixed.begin(), fixed.end(), [](const Fixed& each) {
    return std::holds_alternative<std::int64_t>(each.value);
  });
  PARSIMONY_EXPECTS(whole != fixed.end());
  const std::int64_t value = std::get<std::int64_t>(whole->value);
  space::IntegerParameter parameter{whole->name, value, value};
  fixed.erase(whole);
  return parameter;
}

}  // namespace

Preset find_preset(std::string_view where, std::string_view name) {
  for (const Preset preset : {Preset::standard, Preset::paper, Preset::paper_literal})
    if (name == preset_name(preset)) return preset;
  throw InputError(where, fmt::format("is '{}'", name), "default, paper, paper-literal");
}

std::string_view preset_name(Preset preset) {
  switch (preset) {
    case Preset::standard:
      return "default";
    case Preset::paper:
      return "paper";
    case Preset::paper_literal:
      return "paper-literal";
  }
  return "";
}

std::string keep_name(const network::Group& group) {
  return "keep_" + group.name;
}

SearchSpace search_space(const network::Description& description, const SpaceOptions& options) {
  SearchSpace searched{options.preset, {}, {}, network::coupled_groups(description)};
  std::vector<space::Parameter> parameters;
  for (const Setting& setting : settings(preset_rows(options.preset, searched.groups), options.overrides)) {
    if (const auto* fixed = std::get_if<Fixed>(&setting)) {
      searched.fixed.push_back(*fixed);
    } else {
      parameters.push_back(std::get<space::Parameter>(setting));
    }
  }
  if (parameters.empty()) parameters.push_back(only_choice(searched.fixed));
  searched.space = space::Space(std::move(parameters));
  require_start_before_end(searched, options.overrides);
  return searched;
}

network::TrainingSettings settings_of(const SearchSpace& searched,
                                      const space::Configuration& configuration) {
  PARSIMONY_EXPECTS(configuration.size() == searched.space.parameters().size());
  const auto integer = [&](std::string_view name) {
    return static_cast<std::int32_t>(std::get<std::int64_t>(value_of(searched, configuration, name)));
  };
  const auto real = [&](std::string_view name) {
    return std::get<double>(value_of(searched, configuration, name));
  };
  const bool literal = searched.preset == Preset::paper_literal;
  return {
      .epochs = integer("epochs"),
      .batch_size = integer("batch_size"),
      .learning_rate = real("learning_rate"),
      .momentum = real("momentum"),
      .lr_schedule = real("lr_schedule"),
      .lr_gamma = real("lr_gamma"),
      .weight_decay = real("weight_decay"),
      .pruning_start = real("pruning_start"),
      .pruning_end = real("pruning_end"),
      .pruning_steps = integer("pruning_steps"),
      .schedule = literal ? network::Schedule::every_epoch : network::Schedule::steps_to_end,
      .decay_everything = literal,
  };
}

std::vector<std::int32_t> kept_of(const SearchSpace& searched, const space::Configuration& configuration) {
  PARSIMONY_EXPECTS(configuration.size() == searched.space.parameters().size());
  std::vector<std::int32_t> kept;
  for (const network::Group& group : searched.groups) {
    const space::Value value = value_of(searched, configuration, keep_name(group));
    kept.push_back(static_cast<std::int32_t>(std::get<std::int64_t>(value)));
  }
  return kept;
}

}  // namespace parsimony::search
