#include "parsimony/space/space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"

namespace parsimony::space {
namespace {

constexpr double kFinestGrid = 0x1p40;       // steps of a float's coordinate
constexpr double kMostIntegers = 0x1p40;     // so that (k + 1/2) / n decodes to k in doubles
constexpr double kRoundingReserve = 0x1p-6;  // share of a step that the rounding of encode(decode(u)) may use

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

std::string where(const std::string& name) {
  return fmt::format("parameter {}", name);
}

double clamped(double coordinate) {
  return coordinate > 0.0 ? std::min(coordinate, 1.0) : 0.0;  // NaN becomes 0
}

// ---- floats
// ----------------------------------------------------------------------------------------------------

struct Interval {
  double low, high;
};

/// The ends on the scale on which the coordinate is affine.
Interval scale_of(const FloatParameter& parameter) {
  if (!parameter.logarithmic) return {parameter.low, parameter.high};
  return {std::log(parameter.low), std::log(parameter.high)};
}

double value_at(const FloatParameter& parameter, double coordinate) {
  if (coordinate == 0.0) return parameter.low;
  if (coordinate == 1.0) return parameter.high;
  const Interval scale = scale_of(parameter);
  const double position = scale.low + (scale.high - scale.low) * coordinate;
  return std::clamp(parameter.logarithmic ? std::exp(position) : position, parameter.low, parameter.high);
}

double coordinate_of(const FloatParameter& parameter, double value) {
  const Interval scale = scale_of(parameter);
  const double position = parameter.logarithmic ? std::log(value) : value;
  return clamped((position - scale.low) / (scale.high - scale.low));
}

/// The most steps (a power of two, at most 2^40) that survive the rounding of value_at and coordinate_of.
double grid_of(const FloatParameter& parameter) {
  const Interval scale = scale_of(parameter);
  double magnitude = std::max(std::abs(scale.low), std::abs(scale.high));
  if (parameter.logarithmic)
    magnitude += 1.0;  // the value itself is rounded once more: relative, so 1 on this scale
  const double rounding = magnitude * std::numeric_limits<double>::epsilon() / (scale.high - scale.low);
  return std::min(kFinestGrid, std::exp2(std::floor(std::log2(kRoundingReserve / rounding))));
}

double rounded_to(double grid, double coordinate) {
  return std::nearbyint(coordinate * grid) / grid;
}

// ---- integers and choices
// --------------------------------------------------------------------------------------

/// Index of the cell of [0, 1], cut into `count` equal ones, that holds the coordinate.
std::int64_t cell_of(double coordinate, double count) {
  return static_cast<std::int64_t>(std::min(std::floor(coordinate * count), count - 1.0));
}

double middle_of_cell(std::int64_t cell, double count) {
  return (static_cast<double>(cell) + 0.5) / count;
}

double count_of(const IntegerParameter& parameter) {
  return static_cast<double>(parameter.high) - static_cast<double>(parameter.low) + 1.0;
}

/// Lower end of the coordinates that a logarithmic integer's value owns.
double log_boundary(const IntegerParameter& parameter, std::int64_t value) {
  const double start = static_cast<double>(parameter.low) - 0.5;
  return std::log((static_cast<double>(value) - 0.5) / start) /
         std::log((static_cast<double>(parameter.high) + 0.5) / start);
}

std::int64_t value_at(const IntegerParameter& parameter, double coordinate) {
  if (!parameter.logarithmic) return parameter.low + cell_of(coordinate, count_of(parameter));
  const double start = static_cast<double>(parameter.low) - 0.5;
  const double range = std::log((static_cast<double>(parameter.high) + 0.5) / start);
  const double guess = std::floor(start * std::exp(coordinate * range) + 0.5);
  auto value = static_cast<std::int64_t>(
      std::clamp(guess, static_cast<double>(parameter.low), static_cast<double>(parameter.high)));
  while (value > parameter.low && coordinate < log_boundary(parameter, value)) --value;
  while (value < parameter.high && coordinate >= log_boundary(parameter, value + 1)) ++value;
  return value;
}

double coordinate_of(const IntegerParameter& parameter, std::int64_t value) {
  if (!parameter.logarithmic) return middle_of_cell(value - parameter.low, count_of(parameter));
  return 0.5 * (log_boundary(parameter, value) + log_boundary(parameter, value + 1));
}

double count_of(const CategoricalParameter& parameter) {
  return static_cast<double>(parameter.choices.size());
}

// ---- what is allowed
// -------------------------------------------------------------------------------------------

void check(const FloatParameter& parameter) {
  const auto range = fmt::format("is from {} to {}", parameter.low, parameter.high);
  if (!std::isfinite(parameter.low) || !std::isfinite(parameter.high) || !(parameter.low < parameter.high) ||
      !std::isfinite(parameter.high - parameter.low))
    throw InputError(where(parameter.name), range, "finite ends, low < high");
  if (parameter.logarithmic && !(parameter.low > 0.0))
    throw InputError(where(parameter.name), range, "low > 0 for a logarithmic parameter");
  if (!(grid_of(parameter) >= 2.0))
    throw InputError(where(parameter.name), range, "a range wide enough to hold different doubles");
}

void check(const IntegerParameter& parameter) {
  const auto range = fmt::format("is from {} to {}", parameter.low, parameter.high);
  if (parameter.low > parameter.high) throw InputError(where(parameter.name), range, "low <= high");
  if (parameter.logarithmic && parameter.low < 1)
    throw InputError(where(parameter.name), range, "low >= 1 for a logarithmic parameter");
  if (count_of(parameter) > kMostIntegers)
    throw InputError(where(parameter.name), range, "at most 2^40 different values");
}

void check(const CategoricalParameter& parameter) {
  if (parameter.choices.empty()) throw InputError(where(parameter.name), "has no choices", "at least one");
  std::set<std::string> seen;
  for (const std::string& choice : parameter.choices)
    if (!seen.insert(choice).second)
      throw InputError(where(parameter.name), fmt::format("has the choice '{}' twice", choice),
                       "different choices");
}

// ---- values
// ----------------------------------------------------------------------------------------------------

std::string text_of(const Value& value) {
  return std::visit([](const auto& held) { return fmt::format("is {}", held); }, value);
}

double encode_value(const FloatParameter& parameter, const Value& value) {
  const auto* whole = std::get_if<std::int64_t>(&value);
  const auto* real = std::get_if<double>(&value);
  const double number = whole ? static_cast<double>(*whole) : real ? *real : std::nan("");
  if (!(number >= parameter.low && number <= parameter.high))
    throw InputError(where(parameter.name), text_of(value),
                     fmt::format("a number from {} to {}", parameter.low, parameter.high));
  return rounded_to(grid_of(parameter), coordinate_of(parameter, number));
}

double encode_value(const IntegerParameter& parameter, const Value& value) {
  const auto* whole = std::get_if<std::int64_t>(&value);
  if (!whole || *whole < parameter.low || *whole > parameter.high)
    throw InputError(where(parameter.name), text_of(value),
                     fmt::format("a whole number from {} to {}", parameter.low, parameter.high));
  return coordinate_of(parameter, *whole);
}

double encode_value(const CategoricalParameter& parameter, const Value& value) {
  const auto* choice = std::get_if<std::string>(&value);
  const auto found = choice ? std::find(parameter.choices.begin(), parameter.choices.end(), *choice)
                            : parameter.choices.end();
  if (found == parameter.choices.end())
    throw InputError(where(parameter.name), text_of(value),
                     fmt::format("one of {}", fmt::join(parameter.choices, ", ")));
  return middle_of_cell(found - parameter.choices.begin(), count_of(parameter));
}

}  // namespace

const std::string& parameter_name(const Parameter& parameter) {
  return std::visit([](const auto& held) -> const std::string& { return held.name; }, parameter);
}

Space::Space(std::vector<Parameter> parameters) : parameters_(std::move(parameters)) {
  if (parameters_.empty()) throw InputError("parameters", "is empty", "at least one parameter");
  std::set<std::string> names;
  for (const Parameter& parameter : parameters_) {
    const std::string& name = parameter_name(parameter);
    if (name.empty()) throw InputError("parameters", "holds one without a name");
    if (!names.insert(name).second) throw InputError(where(name), "is there twice", "different names");
    std::visit([](const auto& held) { check(held); }, parameter);
    const auto* real = std::get_if<FloatParameter>(&parameter);
    grid_.push_back(real ? grid_of(*real) : 0.0);
  }
}

int Space::index_of(std::string_view name) const {
  for (std::size_t i = 0; i < parameters_.size(); ++i)
    if (parameter_name(parameters_[i]) == name) return static_cast<int>(i);
  return -1;
}

Value Space::decode_coordinate(std::size_t index, double coordinate) const {
  coordinate = clamped(coordinate);
  return std::visit(
      Overloaded{[&](const FloatParameter& held) -> Value {
                   return value_at(held, rounded_to(grid_[index], coordinate));
                 },
                 [&](const IntegerParameter& held) -> Value { return value_at(held, coordinate); },
                 [&](const CategoricalParameter& held) -> Value {
                   return held.choices[static_cast<std::size_t>(cell_of(coordinate, count_of(held)))];
                 }},
      parameters_[index]);
}

Configuration Space::decode(std::span<const double> point) const {
  PARSIMONY_EXPECTS(point.size() == parameters_.size());
  Configuration configuration;
  configuration.reserve(point.size());
  for (std::size_t i = 0; i < point.size(); ++i) configuration.push_back(decode_coordinate(i, point[i]));
  return configuration;
}

std::vector<double> Space::encode(const Configuration& configuration) const {
  PARSIMONY_EXPECTS(configuration.size() == parameters_.size());
  std::vector<double> point;
  point.reserve(configuration.size());
  for (std::size_t i = 0; i < configuration.size(); ++i)
    point.push_back(
        std::visit([&](const auto& held) { return encode_value(held, configuration[i]); }, parameters_[i]));
  return point;
}

double Space::snap_coordinate(std::size_t index, double coordinate) const {
  coordinate = clamped(coordinate);
  return std::visit(Overloaded{[&](const FloatParameter&) { return rounded_to(grid_[index], coordinate); },
                               [&](const IntegerParameter& held) {
                                 return coordinate_of(held, value_at(held, coordinate));
                               },
                               [&](const CategoricalParameter& held) {
                                 return middle_of_cell(cell_of(coordinate, count_of(held)), count_of(held));
                               }},
                    parameters_[index]);
}

std::vector<double> Space::snap(std::span<const double> point) const {
  PARSIMONY_EXPECTS(point.size() == parameters_.size());
  std::vector<double> snapped(point.begin(), point.end());
  snap_rows(snapped);
  return snapped;
}

void Space::snap_rows(std::span<double> points) const {
  const std::size_t dimension = parameters_.size();
  PARSIMONY_EXPECTS(dimension > 0 && points.size() % dimension == 0);
  for (std::size_t row = 0; row < points.size(); row += dimension)
    for (std::size_t i = 0; i < dimension; ++i) points[row + i] = snap_coordinate(i, points[row + i]);
}

bool Space::discrete() const {
  return std::none_of(parameters_.begin(), parameters_.end(), [](const Parameter& parameter) {
    return std::holds_alternative<FloatParameter>(parameter);
  });
}

double Space::size() const {
  double product = 1.0;
  for (int i = 0; i < dimension(); ++i) product *= count_at(i);
  return product;
}

double Space::count_at(int index) const {
  return std::visit(Overloaded{[](const FloatParameter&) { return std::numeric_limits<double>::infinity(); },
                               [](const auto& held) { return count_of(held); }},
                    parameters_.at(static_cast<std::size_t>(index)));
}

std::int64_t Space::cell_at(int index, double coordinate) const {
  PARSIMONY_EXPECTS(std::isfinite(count_at(index)));
  const Parameter& parameter = parameters_[static_cast<std::size_t>(index)];
  if (const auto* whole = std::get_if<IntegerParameter>(&parameter))
    return value_at(*whole, clamped(coordinate)) - whole->low;
  return cell_of(clamped(coordinate), count_at(index));
}

double Space::coordinate_of_cell(int index, std::int64_t cell) const {
  PARSIMONY_EXPECTS(cell >= 0 && static_cast<double>(cell) < count_at(index));
  const Parameter& parameter = parameters_[static_cast<std::size_t>(index)];
  if (const auto* whole = std::get_if<IntegerParameter>(&parameter))
    return coordinate_of(*whole, whole->low + cell);
  return middle_of_cell(cell, count_at(index));
}

}  // namespace parsimony::space
