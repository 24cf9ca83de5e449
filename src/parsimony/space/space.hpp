#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parsimony::space {

struct FloatParameter {
  std::string name;
  double low = 0.0, high = 1.0;  ///< low < high; low > 0 when logarithmic
  bool logarithmic = false;
};

struct IntegerParameter {
  std::string name;
  std::int64_t low = 0, high = 1;  ///< both ends inclusive, low <= high
  bool logarithmic = false;
};

struct CategoricalParameter {
  std::string name;
  std::vector<std::string> choices;  ///< at least one
};

using Parameter = std::variant<FloatParameter, IntegerParameter, CategoricalParameter>;
using Value = std::variant<double, std::int64_t, std::string>;
/// One value for each parameter, in their order.
using Configuration = std::vector<Value>;

const std::string& parameter_name(const Parameter& parameter);

/// The box of parameters, one coordinate of the unit cube for each.
/// A float is an affine (or log-affine) image of its coordinate; the k-th of n integers or choices
/// owns the coordinates [k/n, (k+1)/n) and encodes to their middle (an integer marked logarithmic divides [0,
/// 1] in proportion to log((k+½)/(k−½)) instead). Coordinates of floats are whole multiples of 2^-40, or of a
/// coarser power of two where the range is so narrow beside its ends that doubles hold fewer steps.
class Space {
 public:
  Space() = default;
  /// @throws InputError naming the parameter and what is wrong with its range
  explicit Space(std::vector<Parameter> parameters);

  int dimension() const { return static_cast<int>(parameters_.size()); }
  const std::vector<Parameter>& parameters() const { return parameters_; }
  /// Index of the parameter, −1 when there is none of that name.
  int index_of(std::string_view name) const;

  /// Unit point [d] -> values; coordinates are clamped to [0, 1], so every decoded point is legal.
  Configuration decode(std::span<const double> point) const;
  /// Values -> unit point [d]. @throws InputError for an illegal value, naming parameter, value and range
  std::vector<double> encode(const Configuration& configuration) const;
  /// encode(decode(point)); a snapped point snaps to itself, bit for bit.
  std::vector<double> snap(std::span<const double> point) const;
  /// The same for many points at once: [n, d] row by row, in place.
  void snap_rows(std::span<double> points) const;

  bool discrete() const;  ///< no float parameter
  double size() const;    ///< number of distinct points; infinity when not discrete

  /// Number of values of one parameter; infinity for a float.
  double count_at(int index) const;
  /// Number, from 0, of the value of an integer or categorical parameter that owns the coordinate.
  std::int64_t cell_at(int index, double coordinate) const;
  /// The snapped coordinate of that value.
  double coordinate_of_cell(int index, std::int64_t cell) const;

 private:
  double snap_coordinate(std::size_t index, double coordinate) const;
  Value decode_coordinate(std::size_t index, double coordinate) const;

  std::vector<Parameter> parameters_;
  std::vector<double> grid_;  ///< steps in [0, 1] of a float's coordinate; 0 for the others
};

}  // namespace parsimony::space
