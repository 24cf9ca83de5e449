#include "panel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace parsimony::pictures {
namespace {

constexpr double kSide = 270.0, kLeft = 34.0, kGap = 40.0, kTop = 28.0, kBelow = 62.0;
constexpr double kLetter = 6.6;  // mean width of one in the legend

/// Lightest to darkest, by one hue: light blue through blue to dark blue.
std::string colour_of(int level) {
  constexpr std::array<std::array<double, 3>, 3> kStops{{{244, 248, 252}, {107, 168, 212}, {8, 44, 98}}};
  const double place = 2.0 * level / (kLevels - 1);
  const std::size_t first = place < 1.0 ? 0 : 1;
  const auto mix = [&](std::size_t channel) {
    const double from = kStops[first][channel], to = kStops[first + 1][channel];
    return static_cast<int>(std::lround(from + (place - static_cast<double>(first)) * (to - from)));
  };
  return fmt::format("#{:02x}{:02x}{:02x}", mix(0), mix(1), mix(2));
}

double x_of(double u) {
  return kSide * u;
}
double y_of(double v) {
  return kSide * (1.0 - v);
}

std::string square(double x, double y) {
  return fmt::format("<rect x='{:.1f}' y='{:.1f}' width='6.4' height='6.4' class='start'/>\n", x - 3.2,
                     y - 3.2);
}

std::string circle(double x, double y, double age) {
  return fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='3.6' class='row' fill='#ff{:02x}{:02x}'/>\n", x, y,
                     static_cast<int>(240 - 180 * age), static_cast<int>(205 - 195 * age));
}

std::string dot(double x, double y) {
  return fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='2' class='seen'/>\n", x, y);
}

std::string star(double x, double y) {
  std::string path;
  for (int k = 0; k < 10; ++k) {
    const double radius = k % 2 ? 3.4 : 8.4, angle = 0.1 * k * 2.0 * 3.14159265358979 - 1.57079632679490;
    path += fmt::format("{}{:.1f} {:.1f}", k ? 'L' : 'M', x + radius * std::cos(angle),
                        y + radius * std::sin(angle));
  }
  return fmt::format("<path d='{}Z' class='star'/>\n", path);
}

std::string line(std::string_view path, double x, double y) {
  return fmt::format(
      "<path d='{0}' class='walk'/><circle cx='{1:.1f}' cy='{2:.1f}' r='3.6' class='begin'/>\n", path, x, y);
}

std::string frame(double x, double y, double width, double height, bool dashed) {
  return fmt::format("<rect x='{:.1f}' y='{:.1f}' width='{:.1f}' height='{:.1f}' class='box'{}/>\n", x, y,
                     width, height, dashed ? " stroke-dasharray='5 4' opacity='.75'" : "");
}

std::string symbol_of(LegendEntry::Symbol symbol, double x, double y) {
  using Symbol = LegendEntry::Symbol;
  switch (symbol) {
    case Symbol::start:
      return square(x, y);
    case Symbol::row:
      return circle(x - 8, y, 0.0) + circle(x, y, 0.5) + circle(x + 8, y, 1.0);
    case Symbol::small_dot:
      return dot(x, y);
    case Symbol::proposal:
      return star(x, y);
    case Symbol::walk:
      return line(fmt::format("M{:.1f} {:.1f}h18", x - 9, y), x - 9, y);
    case Symbol::box:
      return frame(x - 8, y - 5, 16, 10, false);
    case Symbol::dashed_box:
      return frame(x - 8, y - 5, 16, 10, true);
  }
  return "";
}

std::string axes() {
  std::string body = fmt::format("<rect width='{0:.0f}' height='{0:.0f}' class='frame'/>\n", kSide);
  for (const int tick : {0, 15, 30}) {
    const double at = kSide * tick / 30.0;
    body += fmt::format(
        "<path d='M{0:.0f} {1:.0f}v4M0 {2:.0f}h-4' class='frame'/><text x='{0:.0f}' y='{3:.0f}' "
        "class='middle'>{4}</text><text x='-7' y='{5:.0f}' class='end'>{4}</text>\n",
        at, kSide, kSide - at, kSide + 16, tick, kSide - at + 4);
  }
  return body + fmt::format(
                    "<text x='{:.0f}' y='{:.0f}' class='middle'>x</text><text x='-14' y='{:.0f}' "
                    "class='middle'>y</text>\n",
                    0.75 * kSide, kSide + 16, 0.25 * kSide + 4);
}

}  // namespace

std::vector<double> grid_points() {
  std::vector<double> points;
  for (int row = 0; row < kGrid; ++row)
    for (int column = 0; column < kGrid; ++column) {
      points.push_back((column + 0.5) / kGrid);
      points.push_back((row + 0.5) / kGrid);
    }
  return points;
}

Ramp Ramp::of(std::span<const double> values, std::string light, std::string dark) {
  Ramp ramp{INFINITY, -INFINITY, std::move(light), std::move(dark)};
  for (const double value : values)
    if (std::isfinite(value)) {
      ramp.least = std::min(ramp.least, value);
      ramp.greatest = std::max(ramp.greatest, value);
    }
  return ramp;
}

int Ramp::level(double value) const {
  if (!std::isfinite(value) || !(greatest > least)) return 0;
  return std::clamp(static_cast<int>(kLevels * (value - least) / (greatest - least)), 0, kLevels - 1);
}

void Panel::fill(std::span<const double> values, const Ramp& ramp) {
  std::vector<std::string> paths(kLevels);  // runs of equal cells, in units of a cell
  for (int row = 0; row < kGrid; ++row)
    for (int column = 0, end = 0; column < kGrid; column = end) {
      const auto level_at = [&](int at) {
        return ramp.level(values[static_cast<std::size_t>(row * kGrid + at)]);
      };
      const int level = level_at(column);
      while (end < kGrid && level_at(end) == level) ++end;
      paths[static_cast<std::size_t>(level)] +=
          fmt::format("M{} {}h{}", column, kGrid - 1 - row, end - column);
    }
  cells_ += fmt::format("<g transform='scale({:.6g}) translate(0 .5)' shape-rendering='crispEdges'>\n",
                        kSide / kGrid);
  for (int level = 0; level < kLevels; ++level)
    if (const std::string& path = paths[static_cast<std::size_t>(level)]; !path.empty())
      cells_ += fmt::format("<path d='{}' stroke='{}'/>\n", path, colour_of(level));
  cells_ += "</g>\n";
  bar(ramp);
}

void Panel::coloured_dots(std::span<const double> points, std::span<const double> values, const Ramp& ramp) {
  std::vector<std::string> paths(kLevels);
  for (std::size_t k = 0; k < values.size(); ++k)
    paths[static_cast<std::size_t>(ramp.level(values[k]))] +=
        fmt::format("M{:.1f} {:.1f}h0", x_of(points[2 * k]), y_of(points[2 * k + 1]));
  for (int level = 0; level < kLevels; ++level)  // the best above
    if (const std::string& path = paths[static_cast<std::size_t>(level)]; !path.empty())
      for (const bool rim : {true, false})
        marks_ += fmt::format("<path d='{}' class='{}' stroke='{}'/>\n", path, rim ? "rim" : "drawn",
                              rim ? "#7d97b5" : colour_of(level));
  bar(ramp);
}

void Panel::start(std::span<const double> point) {
  marks_ += square(x_of(point[0]), y_of(point[1]));
}
void Panel::row(std::span<const double> point, double age) {
  marks_ += circle(x_of(point[0]), y_of(point[1]), age);
}
void Panel::small_dot(std::span<const double> point) {
  marks_ += dot(x_of(point[0]), y_of(point[1]));
}
void Panel::proposal(std::span<const double> point) {
  marks_ += star(x_of(point[0]), y_of(point[1]));
}

void Panel::walk(std::span<const double> points) {
  std::string path;
  for (std::size_t k = 0; k + 1 < points.size(); k += 2)
    path += fmt::format("{}{:.1f} {:.1f}", k ? 'L' : 'M', x_of(points[k]), y_of(points[k + 1]));
  marks_ += line(path, x_of(points[0]), y_of(points[1]));
}

void Panel::box(std::span<const double> lower, std::span<const double> upper, bool dashed) {
  marks_ += frame(x_of(lower[0]), y_of(upper[1]), kSide * (upper[0] - lower[0]),
                  kSide * (upper[1] - lower[1]), dashed);
}

void Panel::strata(int count) {
  std::string path;
  for (int k = 1; k < count; ++k)
    path += fmt::format("M{0:.0f} 0v{1:.0f}M0 {0:.0f}h{1:.0f}", kSide * k / count, kSide);
  marks_ += fmt::format("<path d='{}' class='strata'/>\n", path);
}

void Panel::bar(const Ramp& ramp) {
  constexpr double kWidth = 80.0, kSwatch = kWidth / kLevels;
  const double left = 0.5 * (kSide - kWidth), top = kSide + 28;
  bar_ =
      fmt::format("<text x='{:.0f}' y='{:.0f}' class='end'>{}</text><text x='{:.0f}' y='{:.0f}'>{}</text>\n",
                  left - 6, top + 9, ramp.light, left + kWidth + 6, top + 9, ramp.dark);
  for (int level = 0; level < kLevels; ++level)
    bar_ += fmt::format("<path d='M{:.0f} {:.0f}h{:.0f}v10h-{:.0f}Z' fill='{}'/>", left + level * kSwatch,
                        top, kSwatch, kSwatch, colour_of(level));
  bar_ += fmt::format("<rect x='{:.0f}' y='{:.0f}' width='{:.0f}' height='10' class='frame'/>\n", left, top,
                      kWidth);
}

std::string Panel::svg(double left, double top) const {
  return fmt::format(
      "<g transform='translate({:.0f} {:.0f})'>\n<text y='-9' class='title'>{}</text>\n{}{}{}{}</g>\n", left,
      top, title_, cells_, axes(), marks_, bar_);
}

std::string picture(std::span<const Panel> panels, std::size_t columns, std::span<const LegendEntry> legend) {
  const double width =
      kLeft + static_cast<double>(std::min(columns, panels.size())) * (kSide + kGap) - kGap + 14;
  const std::size_t lines = (panels.size() + columns - 1) / columns;
  double y = static_cast<double>(lines) * (kTop + kSide + kBelow) + 6, x = kLeft + 6;
  std::string entries;
  for (const LegendEntry& entry : legend) {
    const double wanted = 44 + kLetter * static_cast<double>(entry.meaning.size());
    if (x > kLeft + 6 && x + wanted - 14 > width) x = kLeft + 6, y += 20;
    entries += symbol_of(entry.symbol, x + 6, y - 4);
    entries += fmt::format("<text x='{:.0f}' y='{:.0f}'>{}</text>\n", x + 24, y, entry.meaning);
    x += wanted;
  }
  std::string svg = fmt::format(
      "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {0:.0f} {1:.0f}' width='{0:.0f}'>\n"
      "<style>text{{font:12px sans-serif;fill:#333}}.title{{font-weight:bold}}.middle{{text-anchor:middle}}"
      ".end{{text-anchor:end}}.start{{fill:#fff;stroke:#111;stroke-width:1.5}}.row{{stroke:#111;stroke-width:"
      ".8}}"
      ".seen{{fill:#111;stroke:#fff;stroke-width:.7}}.drawn{{stroke-width:5;stroke-linecap:round}}.rim{{"
      "stroke-width:6.2;stroke-linecap:round}}"
      ".walk{{fill:none;stroke:#e8590c;stroke-width:2.2;stroke-linejoin:round}}"
      ".begin{{fill:#fff;stroke:#e8590c;stroke-width:1.8}}.box{{fill:none;stroke:#e8590c;stroke-width:2}}"
      ".star{{fill:#ffd43b;stroke:#111;stroke-width:1}}.frame{{fill:none;stroke:#555}}"
      ".strata{{fill:none;stroke:#fff;stroke-width:.7}}</style>\n<rect width='{0:.0f}' height='{1:.0f}' "
      "fill='#fff'/>\n",
      width, y + 12);
  for (std::size_t k = 0; k < panels.size(); ++k)
    svg += panels[k].svg(kLeft + static_cast<double>(k % columns) * (kSide + kGap),
                         kTop + static_cast<double>(k / columns) * (kTop + kSide + kBelow));
  return svg + entries + "</svg>\n";
}

}  // namespace parsimony::pictures
