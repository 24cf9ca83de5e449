#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "parsimony/ir/draw.hpp"
#include "parsimony/plan/draw.hpp"

namespace parsimony::plan {
namespace {

constexpr double kStepWidth = 26.0, kHeight = 360.0, kLeft = 84.0, kTop = 46.0, kNames = 170.0, kLetter = 6.6,
                 kTitleWidth = 720.0;

class Picture {
 public:
  Picture(const ir::Graph& graph, const Plan& plan, std::string_view note)
      : graph_(graph), plan_(plan), note_(note) {}

  std::string draw() {
    begin();
    mark_peak();
    if (filled()) {
      Placement filling = plan_.filling;
      filling.first = filling.last = -1;
      box(filling, "scratch of features", "scratch");
    }
    for (std::size_t k = 0; k < plan_.tensors.size(); ++k) {
      Placement place = plan_.tensors[k];
      if (filled() && kind_of(k) == "input") place.first = -1;
      box(place, graph_.tensors[k].name, kind_of(k));
    }
    for (std::size_t k = 0; k < plan_.scratch.size(); ++k)
      box(plan_.scratch[k], "scratch of " + graph_.operators[k].name, "scratch");
    level(plan_.arena, "arena");
    if (plan_.lower_bound != plan_.arena) level(plan_.lower_bound, "bound");
    name_operators();
    return svg_ + "</svg>\n";
  }

 private:
  /// Whether features fill the input: step −1.
  bool filled() const { return plan_.filling.bytes > 0; }
  double width() const {
    return std::max(x(static_cast<std::int64_t>(graph_.operators.size())) + 16.0, kTitleWidth);
  }
  double x(std::int64_t step) const {
    return kLeft + kStepWidth * static_cast<double>(step + (filled() ? 1 : 0));
  }
  double y(std::int64_t byte) const {
    return kTop + kHeight * (1.0 - static_cast<double>(byte) / static_cast<double>(plan_.arena.value));
  }
  std::string_view kind_of(std::size_t tensor) const {
    const auto is = [&](ir::TensorId id) { return static_cast<std::size_t>(id) == tensor; };
    return is(graph_.input) ? "input" : is(graph_.output) ? "output" : "tensor";
  }

  void begin() {
    svg_ += fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
        "height=\"{1:.0f}\" font-family=\"sans-serif\" font-size=\"11\">\n"
        "<style>text{{fill:#222}} rect{{stroke:#fff;stroke-width:0.6;fill-opacity:0.72}} "
        ".tensor{{fill:#3b7dd8}} "
        ".input{{fill:#2a9d63}} .output{{fill:#b5533c}} .scratch{{fill:#888}} "
        ".page{{fill:#fff;fill-opacity:1}} .peak{{fill:#f4d35e;fill-opacity:0.45}}</style>\n"
        "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n",
        width(), kTop + kHeight + kNames);
    svg_ += fmt::format(
        "<text x=\"{:.0f}\" y=\"20\" font-size=\"13\">{}: arena {} B, lower bound {} B, planner "
        "{}{}</text>\n",
        8.0, ir::svg_text(graph_.name), plan_.arena.value, plan_.lower_bound.value, plan_.planner,
        plan_.overlap ? ", outputs over inputs" : "");
    if (!note_.empty())
      svg_ += fmt::format("<text x=\"{:.0f}\" y=\"36\">{}</text>\n", 8.0, ir::svg_text(note_));
  }

  void mark_peak() {
    svg_ +=
        fmt::format("<rect class=\"peak\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n",
                    x(plan_.peak_step), kTop, kStepWidth, kHeight);
  }

  void box(const Placement& place, const std::string& name, std::string_view kind) {
    if (place.bytes == 0) return;
    const double left = x(place.first), right = x(place.last + 1);
    const double top = y(place.offset + place.bytes), bottom = y(place.offset);
    svg_ += fmt::format(
        "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"><title>{}: {} B at "
        "{}, "
        "steps {} to {}</title></rect>\n",
        kind, left, top, right - left, std::max(bottom - top, 0.5), ir::svg_text(name), place.bytes,
        place.offset, place.first, place.last);
    if (bottom - top < 14.0 || right - left < kLetter * static_cast<double>(name.size())) return;
    svg_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", left + 3.0, (top + bottom) / 2.0 + 4.0,
                        ir::svg_text(name));
  }

  void level(Bytes bytes, std::string_view name) {
    svg_ += fmt::format(
        "<path d=\"M{:.1f} {:.1f}H{:.1f}\" stroke=\"#222\" stroke-dasharray=\"4 3\"/><text x=\"4\" "
        "y=\"{:.1f}\">{} {}</text>\n",
        kLeft, y(bytes.value), width() - 16.0, y(bytes.value) + 4.0, name, bytes.value);
  }

  void name_step(std::int64_t step, const std::string& name) {
    svg_ += fmt::format(
        "<text transform=\"translate({:.1f} {:.1f}) rotate(-60)\" text-anchor=\"end\">{}</text>\n",
        x(step) + kStepWidth / 2.0 + 3.0, kTop + kHeight + 12.0, name);
  }

  void name_operators() {
    if (filled()) name_step(-1, "features");
    for (std::size_t k = 0; k < graph_.operators.size(); ++k)
      name_step(static_cast<std::int64_t>(k), (plan_.directions[k] == Direction::reverse ? "reverse: " : "") +
                                                  ir::svg_text(graph_.operators[k].name));
  }

  const ir::Graph& graph_;
  const Plan& plan_;
  std::string_view note_;
  std::string svg_;
};

}  // namespace

std::string drawn_as_svg(const ir::Graph& graph, const Plan& plan, std::string_view note) {
  return Picture(graph, plan, note).draw();
}

}  // namespace parsimony::plan
