#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

// Squares side by side that show functions on the unit square and points in it, as one SVG file.
namespace parsimony::pictures {

constexpr int kGrid = 60;    // cells of a side
constexpr int kLevels = 20;  // of the ramp

/// The cells' middles, row by row from below: [kGrid · kGrid, 2].
std::vector<double> grid_points();

/// How values become colours: the greater the darker, what is not finite as light as the least.
struct Ramp {
  double least = 0.0, greatest = 1.0;
  std::string light, dark;  ///< what the bar below the panel says at its ends

  static Ramp of(std::span<const double> values, std::string light, std::string dark);
  int level(double value) const;
};

/// One square with axes from 0 to 30 and a title. What is drawn later lies above.
class Panel {
 public:
  explicit Panel(std::string title) : title_(std::move(title)) {}

  /// Every cell by its value and a bar with the ramp. @param values  [kGrid · kGrid] at grid_points()
  void fill(std::span<const double> values, const Ramp& ramp);
  /// A dot for each point by its value, and the bar. @param points  [n, 2] @param values  [n]
  void coloured_dots(std::span<const double> points, std::span<const double> values, const Ramp& ramp);

  void start(std::span<const double> point);            ///< a hollow square
  void row(std::span<const double> point, double age);  ///< a circle, redder from age 0 to 1
  void small_dot(std::span<const double> point);        ///< of a point that only gives orientation
  void proposal(std::span<const double> point);         ///< a star
  void walk(std::span<const double> points);            ///< [n, 2] a line with a ring where it starts
  void box(std::span<const double> lower, std::span<const double> upper, bool dashed);
  void strata(int count);  ///< lines between so many equal intervals of each axis

  /// @param left, top  of the square
  std::string svg(double left, double top) const;

 private:
  void bar(const Ramp& ramp);
  std::string title_, cells_, marks_, bar_;
};

/// A symbol of the legend and what it means.
struct LegendEntry {
  enum class Symbol { start, row, small_dot, proposal, walk, box, dashed_box };
  Symbol symbol;
  std::string_view meaning;
};

/// @param columns  panels of a line
std::string picture(std::span<const Panel> panels, std::size_t columns, std::span<const LegendEntry> legend);

}  // namespace parsimony::pictures
