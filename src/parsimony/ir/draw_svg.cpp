#include <fmt/format.h>

#include <algorithm>

#include "parsimony/ir/draw.hpp"

namespace parsimony::ir {
namespace {

constexpr double kLeft = 16.0, kTop = 40.0, kWidth = 560.0, kHeight = 60.0, kGap = 22.0, kLane = 14.0,
                 kPort = 9.0;

/// value(one) of all, with " x " between.
template <typename Value>
std::string by_axis(const std::vector<Window>& windows, Value value) {
  std::string text;
  for (const Window& window : windows) text += fmt::format("{}{}", text.empty() ? "" : " x ", value(window));
  return text;
}

std::string windows_text(const std::vector<Window>& windows) {
  std::string text = ", kernel " + by_axis(windows, [](const Window& one) { return one.kernel; });
  const auto add = [&](const char* what, auto value, auto is_plain) {
    if (!std::all_of(windows.begin(), windows.end(), is_plain))
      text += fmt::format(", {} {}", what, by_axis(windows, value));
  };
  add(
      "stride", [](const Window& one) { return one.stride; },
      [](const Window& one) { return one.stride == 1; });
  add(
      "pads", [](const Window& one) { return fmt::format("{}+{}", one.pad_before, one.pad_after); },
      [](const Window& one) { return one.pad_before == 0 && one.pad_after == 0; });
  add(
      "dilation", [](const Window& one) { return one.dilation; },
      [](const Window& one) { return one.dilation == 1; });
  return text;
}

/// What the operator does beside its kind.
std::string details(const Graph& graph, const Operator& op) {
  std::string text = "reads";
  for (const TensorId id : op.inputs) text += " " + graph.tensor(id).name;
  if (!op.windows.empty()) text += windows_text(op.windows);
  if (has_weights(op.kind)) text += fmt::format(", {} weights", weight_count(graph, op));
  if (!op.constant.shape.empty())
    text += fmt::format(", {}constant [{}], scale {:.6g}, zero point {}", op.constant.first ? "from " : "",
                        fmt::join(op.constant.shape, ", "), op.constant.quantisation.scale,
                        op.constant.quantisation.zero_point);
  if (op.kind == OperatorKind::concatenation) text += fmt::format(", axis {}", op.axis);
  if (op.kind == OperatorKind::softmax) text += fmt::format(", beta {}", op.beta);
  if (op.activation_min != -128 || op.activation_max != 127)
    text += fmt::format(", clamp {} to {}", op.activation_min, op.activation_max);
  return text;
}

std::string tensor_text(const Tensor& tensor) {
  return fmt::format("{} [{}], scale {:.6g}, zero point {}", tensor.name, fmt::join(tensor.shape, ", "),
                     tensor.quantisation.scale, tensor.quantisation.zero_point);
}

/// What fits into a box; the whole is in its tooltip.
std::string shortened(const std::string& text) {
  constexpr std::size_t kLetters = 88;
  return text.size() <= kLetters ? text : text.substr(0, kLetters) + " …";
}

class Picture {
 public:
  explicit Picture(const Graph& graph) : graph_(graph), made_by_(graph.tensors.size(), 0) {
    for (std::size_t k = 0; k < graph.operators.size(); ++k)
      made_by_[index(graph.operators[k].output)] = k + 1;
  }

  std::string draw(std::string_view title) {
    box(0, "input", "input", "", graph_.tensor(graph_.input));
    for (std::size_t k = 0; k < graph_.operators.size(); ++k) {
      const Operator& op = graph_.operators[k];
      box(k + 1, op.output == graph_.output ? "output" : "operator",
          fmt::format("{} {}: {}", k, op.name, kind_name(op.kind)), details(graph_, op),
          graph_.tensor(op.output));
    }
    connect();
    return begin(title) + svg_ + "</svg>\n";
  }

 private:
  static std::size_t index(TensorId id) { return static_cast<std::size_t>(id); }
  static double top(std::size_t box) { return kTop + static_cast<double>(box) * (kHeight + kGap); }

  std::string begin(std::string_view title) const {
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
        "height=\"{1:.0f}\" font-family=\"sans-serif\" font-size=\"12\">\n"
        "<style>text{{fill:#222}} rect{{stroke:#555;fill:#e8f0fb;rx:5}} .input{{fill:#dff3e8}} "
        ".output{{fill:#f8e3de}} .page{{fill:#fff;stroke:none}} .name{{font-weight:bold}} "
        "path{{stroke:#3b6ea8;stroke-width:1.5;fill:none}} .head{{fill:#3b6ea8;stroke:none}}</style>\n"
        "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n"
        "<text x=\"{2:.0f}\" y=\"24\" font-size=\"14\">{3}{4}</text>\n",
        kLeft + kWidth + kLane * static_cast<double>(lane_ends_.size() + 1) + 8.0,
        top(graph_.operators.size() + 1), kLeft, svg_text(graph_.name), svg_text(title));
  }

  void box(std::size_t number, const char* kind, const std::string& name, const std::string& what,
           const Tensor& output) {
    const double y = top(number);
    svg_ += fmt::format(
        "<rect class=\"{}\" x=\"{:.0f}\" y=\"{:.0f}\" width=\"{:.0f}\" "
        "height=\"{:.0f}\"><title>{}</title></rect>\n",
        kind, kLeft, y, kWidth, kHeight, svg_text(what));
    const auto line = [&](double below, const char* style, const std::string& text) {
      svg_ += fmt::format("<text{} x=\"{:.0f}\" y=\"{:.0f}\">{}</text>\n", style, kLeft + 10.0, y + below,
                          svg_text(shortened(text)));
    };
    line(17.0, " class=\"name\"", name);
    if (!what.empty()) line(34.0, "", what);
    line(51.0, "", tensor_text(output));
  }

  void connect() {
    std::vector<std::vector<std::size_t>> later(graph_.tensors.size());  // readers that do not come next
    for (std::size_t k = 0; k < graph_.operators.size(); ++k) {
      std::vector<TensorId> inputs = graph_.operators[k].inputs;
      std::sort(inputs.begin(), inputs.end());
      inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
      for (const TensorId id : inputs) {
        if (made_by_[index(id)] == k)
          arrow_down(k);
        else
          later[index(id)].push_back(k + 1);
      }
    }
    for (std::size_t tensor = 0; tensor < later.size(); ++tensor)
      if (!later[tensor].empty()) line_aside(graph_.tensors[tensor].name, made_by_[tensor], later[tensor]);
  }

  void arrow_down(std::size_t from) {
    const double x = kLeft + kWidth / 2.0, y = top(from + 1);
    svg_ += fmt::format(
        "<path d=\"M{0:.0f} {1:.0f}V{2:.0f}\"/><path class=\"head\" d=\"M{0:.0f} {2:.0f}l-5 -8h10z\"/>\n", x,
        top(from) + kHeight, y);
  }

  /// On the first lane that is free between the two ends.
  void line_aside(const std::string& name, std::size_t from, const std::vector<std::size_t>& readers) {
    const auto free =
        std::find_if(lane_ends_.begin(), lane_ends_.end(), [&](std::size_t end) { return end <= from; });
    const double right = kLeft + kWidth;
    const double lane = right + kLane * static_cast<double>(free - lane_ends_.begin() + 1);
    if (free == lane_ends_.end())
      lane_ends_.push_back(readers.back());
    else
      *free = readers.back();
    svg_ += fmt::format("<path d=\"M{:.0f} {:.0f}H{:.0f}", right, top(from) + kHeight - kPort, lane);
    for (const std::size_t reader : readers)
      svg_ += fmt::format("V{0:.0f}H{1:.0f}M{2:.0f} {0:.0f}", top(reader) + kPort, right, lane);
    svg_ += fmt::format("\"><title>{}</title></path>\n", svg_text(name));
    for (const std::size_t reader : readers)
      svg_ +=
          fmt::format("<path class=\"head\" d=\"M{:.0f} {:.0f}l8 -5v10z\"/>\n", right, top(reader) + kPort);
  }

  const Graph& graph_;
  std::vector<std::size_t> made_by_;    ///< box that makes the tensor; 0: the input
  std::vector<std::size_t> lane_ends_;  ///< box at which the last line of each lane ends
  std::string svg_;
};

}  // namespace

std::string drawn_as_svg(const Graph& graph, std::string_view title) {
  return Picture(graph).draw(title);
}

std::string svg_text(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      default:
        result += static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f ? '?' : letter;
    }
  }
  return result;
}

}  // namespace parsimony::ir
