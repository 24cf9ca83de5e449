#include <fmt/format.h>

#include <iterator>

#include "parsimony/base/sha256.hpp"
#include "parsimony/ir/text.hpp"

namespace parsimony::ir {
namespace {

constexpr std::size_t kHexPerLine = 64;
constexpr std::size_t kNumbersPerLine = 8;

/// `"` and `\` behind a backslash, control bytes as \xNN: any string stays on one line.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result.append({'\\', c});
    } else if (byte < 0x20 || byte == 0x7f) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  return result += '"';
}

class Writer {
 public:
  template <typename... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += '\n';
  }

  /// "key count" and the values, eight a line; nothing when there are none.
  template <typename Number>
  void numbers(std::string_view key, const std::vector<Number>& values,
               fmt::format_string<const Number&> format) {
    if (values.empty()) return;
    line("{} {}", key, values.size());
    for (std::size_t k = 0; k < values.size(); ++k) {
      text_ += k % kNumbersPerLine == 0 ? "   " : "";
      text_ += ' ';
      fmt::format_to(std::back_inserter(text_), format, values[k]);
      if (k % kNumbersPerLine == kNumbersPerLine - 1 || k + 1 == values.size()) text_ += '\n';
    }
  }

  /// "key count" and the bytes in hexadecimal; each row starts a line.
  void bytes(std::string_view key, const std::vector<std::int8_t>& values, std::size_t row) {
    constexpr char kDigits[] = "0123456789abcdef";
    if (values.empty()) return;
    line("{} {}", key, values.size());
    for (std::size_t k = 0; k < values.size(); ++k) {
      if (k % row % kHexPerLine == 0) text_ += k == 0 ? "    " : "\n    ";
      const auto byte = static_cast<std::uint8_t>(values[k]);
      text_.append({kDigits[byte >> 4], kDigits[byte & 15]});
    }
    text_ += '\n';
  }

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

/// Elements of a row of weights: an output channel's, or one tap of a depthwise convolution.
std::size_t weight_row(const Graph& graph, const Operator& op) {
  const auto channels = static_cast<std::size_t>(std::max(output_channels(graph, op), 1));
  if (op.kind == OperatorKind::depthwise_convolution) return channels;
  return std::max<std::size_t>(op.weights.size() / channels, 1);
}

void write_operator(Writer& writer, const Graph& graph, const Operator& op) {
  writer.line("operator {} {}", kind_name(op.kind), op.name);
  std::string inputs;
  for (const TensorId id : op.inputs) inputs += " " + graph.tensor(id).name;
  writer.line("  read{}", inputs);
  writer.line("  write {}", graph.tensor(op.output).name);
  for (const Window& window : op.windows)
    writer.line("  window kernel {} stride {} pad {} {}{}", window.kernel, window.stride, window.pad_before,
                window.pad_after, window.dilation == 1 ? "" : fmt::format(" dilation {}", window.dilation));
  writer.line("  clamp {} {}", op.activation_min, op.activation_max);
  if (op.kind == OperatorKind::concatenation) writer.line("  axis {}", op.axis);
  if (op.kind == OperatorKind::slice) writer.line("  begin {}", op.begin);
  if (op.kind == OperatorKind::softmax) writer.line("  beta {:.9g}", op.beta);
  if (!op.constants_of.empty()) return writer.line("  constants_of {}", op.constants_of);
  if (!op.constant.shape.empty())
    writer.line("  constant {} shape {} scale {:.9g} zero_point {}", op.constant.first ? "first" : "second",
                fmt::join(op.constant.shape, " "), op.constant.quantisation.scale,
                op.constant.quantisation.zero_point);
  writer.numbers("  weight_scales", op.weight_scales, "{:.9g}");
  writer.numbers("  bias", op.bias, "{}");
  writer.bytes("  weights", op.weights, weight_row(graph, op));
  writer.bytes("  table", op.table, op.table.size());
  writer.bytes("  values", op.constant.values, op.constant.values.size());
}

}  // namespace

std::string to_text(const Graph& graph) {
  Writer writer;
  writer.line("parsimony-graph 1 rounding {}", kRoundings[static_cast<std::size_t>(graph.rounding)]);
  writer.line("name {}", quoted(graph.name));
  for (const std::string& name : graph.class_names) writer.line("class {}", quoted(name));
  for (const Tensor& tensor : graph.tensors)
    writer.line("tensor {} shape {} scale {:.9g} zero_point {}", tensor.name, fmt::join(tensor.shape, " "),
                tensor.quantisation.scale, tensor.quantisation.zero_point);
  writer.line("input {}", graph.tensor(graph.input).name);
  writer.line("output {}", graph.tensor(graph.output).name);
  writer.numbers("mean", graph.normalisation.mean, "{:.9g}");
  writer.numbers("divisor", graph.normalisation.divisor, "{:.9g}");
  if (const auto& front_end = graph.log_mel)
    writer.line("log_mel rate {} samples {} frame {} hop {} bands {} low {} high {}", front_end->rate,
                front_end->samples, front_end->frame, front_end->hop, front_end->bands, front_end->low,
                front_end->high);
  for (const Operator& op : graph.operators) write_operator(writer, graph, op);
  writer.line("end");
  return writer.take();
}

std::string model_hash(const Graph& graph) {
  return sha256(to_text(graph));
}

}  // namespace parsimony::ir
