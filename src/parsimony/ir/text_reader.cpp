#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <map>

#include "parsimony/base/errors.hpp"
#include "parsimony/ir/text.hpp"
#include "parsimony/ir/verify.hpp"

namespace parsimony::ir {
namespace {

/// The text as lines of words; knows where it is.
class Lines {
 public:
  Lines(std::string_view text, std::string_view where) : rest_(text), where_(where) { advance(); }

  /// Word `index` of the current line, "" past its end.
  std::string_view word(std::size_t index) const {
    return index < words_.size() ? words_[index] : std::string_view();
  }
  std::size_t words() const { return words_.size(); }
  bool at(std::string_view key) const { return word(0) == key; }

  /// The current line without its first word and the blank after it.
  std::string_view after_key() const {
    const std::size_t end = line_.find(' ', line_.find_first_not_of(' '));
    return end == std::string_view::npos ? std::string_view() : line_.substr(end + 1);
  }

  /// To the next line that is no comment (# in its first column).
  void advance() {
    do {
      ++number_;
      ended_ = rest_.empty();
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      line_ = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
    } while (line_.starts_with('#'));
    words_.clear();
    for (std::size_t start = 0; (start = line_.find_first_not_of(' ', start)) != std::string_view::npos;) {
      const std::size_t stop = std::min(line_.find(' ', start), line_.size());
      words_.push_back(line_.substr(start, stop - start));
      start = stop;
    }
  }

  bool ended() const { return ended_; }

  [[noreturn]] void fail(std::string_view problem, std::string_view allowed = {}) const {
    throw InputError(fmt::format("{}:{}", where_, number_), problem, allowed);
  }

  /// Stops unless the line is `key` with `count` words in all.
  void expect(std::string_view key, std::size_t count) const {
    if (!at(key))
      fail(ended_ ? "the file ends here" : fmt::format("'{}' found", shown(line_)),
           fmt::format("'{} …'", key));
    if (words_.size() != count)
      fail(fmt::format("'{}' has {} words", key, words_.size()), fmt::format("{}", count));
  }

  void expect_word(std::size_t index, std::string_view wanted) const {
    if (word(index) != wanted)
      fail(fmt::format("'{}' found", shown(word(index))), fmt::format("'{}'", wanted));
  }

  template <typename Number>
  Number number(std::string_view word) const {
    Number value{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    bool good = error == std::errc() && end == word.data() + word.size() && !word.empty();
    if constexpr (std::is_floating_point_v<Number>) good = good && std::isfinite(value);
    if (!good)
      fail(fmt::format("'{}' is no number here", shown(word)),
           std::is_floating_point_v<Number> ? "a finite float" : "a 32-bit integer");
    return value;
  }

  /// Bytes of text not read yet: no honest count is larger.
  std::size_t remaining() const { return rest_.size(); }

 private:
  static std::string shown(std::string_view text) {
    std::string result(text.substr(0, 40));
    for (char& c : result)
      if (static_cast<unsigned char>(c) < 0x20) c = '?';
    return result;
  }

  std::string_view rest_, line_;
  std::string where_;
  std::vector<std::string_view> words_;
  std::int64_t number_ = 0;
  bool ended_ = false;
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string unquoted(const Lines& lines) {
  const std::string_view text = lines.after_key();
  constexpr const char* kAllowed = "\"text\" with \\\", \\\\ and \\xNN";
  if (text.size() < 2 || text.front() != '"' || text.back() != '"')
    lines.fail("a string is not quoted", kAllowed);
  std::string result;
  const std::size_t end = text.size() - 1;
  for (std::size_t k = 1; k < end; ++k) {
    if (text[k] != '\\') {
      if (text[k] == '"') lines.fail("a string holds a bare quote", kAllowed);
      result += text[k];
    } else if (k + 1 < end && (text[k + 1] == '"' || text[k + 1] == '\\')) {
      result += text[++k];
    } else if (k + 3 < end && text[k + 1] == 'x' && hex_digit(text[k + 2]) >= 0 &&
               hex_digit(text[k + 3]) >= 0) {
      result += static_cast<char>(hex_digit(text[k + 2]) * 16 + hex_digit(text[k + 3]));
      k += 3;
    } else {
      lines.fail("a string has an unknown escape", kAllowed);
    }
  }
  return result;
}

/// "key count": the count, which the rest of the text must be able to hold at `least` characters a value.
std::size_t read_count(Lines& lines, std::string_view key, std::size_t least) {
  lines.expect(key, 2);
  const auto count = lines.number<std::int64_t>(lines.word(1));
  if (count < 1 || static_cast<std::uint64_t>(count) > lines.remaining() / least)
    lines.fail(fmt::format("'{}' announces {} values", key, count), "1 to what the file holds");
  lines.advance();
  return static_cast<std::size_t>(count);
}

template <typename Number>
std::vector<Number> read_numbers(Lines& lines, std::string_view key) {
  std::vector<Number> values;
  if (!lines.at(key)) return values;
  const std::size_t count = read_count(lines, key, 2);
  values.reserve(count);
  while (values.size() < count) {
    if (lines.words() == 0 || lines.words() > count - values.size())
      lines.fail(fmt::format("'{}' has {} of {} values before this line of {}", key, values.size(), count,
                             lines.words()));
    for (std::size_t k = 0; k < lines.words(); ++k) values.push_back(lines.number<Number>(lines.word(k)));
    lines.advance();
  }
  return values;
}

std::vector<std::int8_t> read_bytes(Lines& lines, std::string_view key) {
  std::vector<std::int8_t> values;
  if (!lines.at(key)) return values;
  const std::size_t count = read_count(lines, key, 2);
  values.reserve(count);
  while (values.size() < count) {
    const std::string_view row = lines.word(0);
    if (lines.words() != 1 || row.size() % 2 != 0 || row.size() / 2 > count - values.size())
      lines.fail(fmt::format("'{}' has {} of {} bytes before this line", key, values.size(), count),
                 "rows of two hexadecimal digits a byte");
    for (std::size_t k = 0; k < row.size(); k += 2) {
      const int high = hex_digit(row[k]), low = hex_digit(row[k + 1]);
      if (high < 0 || low < 0) lines.fail(fmt::format("'{}' is no byte", row.substr(k, 2)), "00 to ff");
      values.push_back(static_cast<std::int8_t>(high * 16 + low));
    }
    lines.advance();
  }
  return values;
}

using Names = std::map<std::string_view, TensorId>;

TensorId find_tensor(const Lines& lines, const Names& names, std::string_view name) {
  const auto found = names.find(name);
  if (found == names.end()) lines.fail(fmt::format("no tensor is named '{}'", name.substr(0, 40)));
  return found->second;
}

/// "KEY NAME shape … scale … zero_point …".
Tensor read_tensor(const Lines& lines) {
  if (lines.words() < 8)
    lines.fail(fmt::format("the line of a {} is too short", lines.word(0)),
               fmt::format("{} … shape … scale … zero_point …", lines.word(0)));
  const std::size_t last = lines.words();
  lines.expect_word(2, "shape");
  lines.expect_word(last - 4, "scale");
  lines.expect_word(last - 2, "zero_point");
  Tensor tensor;
  tensor.name = lines.word(1);
  for (std::size_t k = 3; k < last - 4; ++k)
    tensor.shape.push_back(lines.number<std::int32_t>(lines.word(k)));
  tensor.quantisation.scale = lines.number<float>(lines.word(last - 3));
  tensor.quantisation.zero_point = lines.number<std::int32_t>(lines.word(last - 1));
  return tensor;
}

Constant read_constant(Lines& lines) {
  const Tensor read = read_tensor(lines);
  if (read.name != "first") lines.expect_word(1, "second");
  lines.advance();
  return {read.shape, read.quantisation, read.name == "first", {}};
}

Window read_window(Lines& lines) {
  lines.expect("window", lines.words() == 10 ? 10 : 8);
  lines.expect_word(1, "kernel");
  lines.expect_word(3, "stride");
  lines.expect_word(5, "pad");
  const auto value = [&](std::size_t index) { return lines.number<std::int32_t>(lines.word(index)); };
  Window window{value(2), value(4), value(6), value(7)};
  if (lines.words() == 10) {
    lines.expect_word(8, "dilation");
    window.dilation = value(9);
  }
  lines.advance();
  return window;
}

/// Copies in all that a text may ask for [B]: a line is short, what it repeats may be long.
constexpr std::size_t kMostRepeated = std::size_t{1} << 26;

std::size_t bytes_of_constants(const Operator& op) {
  return 4 * (op.weight_scales.size() + op.bias.size()) + op.weights.size() + op.table.size() +
         op.constant.values.size();
}

/// The constants of an operator that is read already.
void repeat_constants(Lines& lines, const std::vector<Operator>& operators, std::size_t& repeated,
                      Operator& op) {
  lines.expect("constants_of", 2);
  op.constants_of = lines.word(1);
  const auto same = [&](const Operator& other) { return other.name == op.constants_of; };
  const auto owner = std::find_if(operators.begin(), operators.end(), same);
  if (owner == operators.end())
    lines.fail(fmt::format("no operator before is named '{}'", op.constants_of.substr(0, 40)));
  repeated += bytes_of_constants(*owner);
  if (repeated > kMostRepeated)
    lines.fail("constants are repeated too often", fmt::format("{} B in all", kMostRepeated));
  op.weight_scales = owner->weight_scales;
  op.bias = owner->bias;
  op.weights = owner->weights;
  op.table = owner->table;
  op.constant = owner->constant;
  lines.advance();
}

Operator read_operator(Lines& lines, const Names& names, const std::vector<Operator>& before,
                       std::size_t& repeated) {
  lines.expect("operator", 3);
  const auto kind = std::find(std::begin(kOperatorKinds), std::end(kOperatorKinds), lines.word(1));
  if (kind == std::end(kOperatorKinds))
    lines.fail(fmt::format("unknown operator '{}'", lines.word(1).substr(0, 40)),
               fmt::format("{}", fmt::join(kOperatorKinds, ", ")));
  Operator op;
  op.kind = static_cast<OperatorKind>(kind - std::begin(kOperatorKinds));
  op.name = lines.word(2);
  lines.advance();
  lines.expect("read", std::max<std::size_t>(lines.words(), 2));
  for (std::size_t k = 1; k < lines.words(); ++k)
    op.inputs.push_back(find_tensor(lines, names, lines.word(k)));
  lines.advance();
  lines.expect("write", 2);
  op.output = find_tensor(lines, names, lines.word(1));
  lines.advance();
  while (lines.at("window")) op.windows.push_back(read_window(lines));
  lines.expect("clamp", 3);
  op.activation_min = lines.number<std::int32_t>(lines.word(1));
  op.activation_max = lines.number<std::int32_t>(lines.word(2));
  lines.advance();
  if (op.kind == OperatorKind::concatenation) {
    lines.expect("axis", 2);
    op.axis = lines.number<std::int32_t>(lines.word(1));
    lines.advance();
  }
  if (op.kind == OperatorKind::slice) {
    lines.expect("begin", 2);
    op.begin = lines.number<std::int32_t>(lines.word(1));
    lines.advance();
  }
  if (op.kind == OperatorKind::softmax) {
    lines.expect("beta", 2);
    op.beta = lines.number<float>(lines.word(1));
    lines.advance();
  }
  if (lines.at("constants_of")) {
    repeat_constants(lines, before, repeated, op);
    return op;
  }
  if (lines.at("constant")) op.constant = read_constant(lines);
  op.weight_scales = read_numbers<float>(lines, "weight_scales");
  op.bias = read_numbers<std::int32_t>(lines, "bias");
  op.weights = read_bytes(lines, "weights");
  op.table = read_bytes(lines, "table");
  op.constant.values = read_bytes(lines, "values");
  return op;
}

TensorId read_reference(Lines& lines, const Names& names, std::string_view key) {
  lines.expect(key, 2);
  const TensorId id = find_tensor(lines, names, lines.word(1));
  lines.advance();
  return id;
}

features::LogMel read_log_mel(Lines& lines) {
  constexpr std::string_view kFields[] = {"rate", "samples", "frame", "hop", "bands", "low", "high"};
  std::int32_t values[std::size(kFields)];
  lines.expect("log_mel", 1 + 2 * std::size(kFields));
  for (std::size_t k = 0; k < std::size(kFields); ++k) {
    lines.expect_word(1 + 2 * k, kFields[k]);
    values[k] = lines.number<std::int32_t>(lines.word(2 + 2 * k));
  }
  lines.advance();
  return {values[0], values[1], values[2], values[3], values[4], values[5], values[6]};
}

Rounding read_header(Lines& lines) {
  lines.expect("parsimony-graph", 4);
  if (lines.word(1) != "1") lines.fail(fmt::format("format version '{}'", lines.word(1).substr(0, 40)), "1");
  lines.expect_word(2, "rounding");
  const auto rounding = std::find(std::begin(kRoundings), std::end(kRoundings), lines.word(3));
  if (rounding == std::end(kRoundings))
    lines.fail(fmt::format("rounding '{}'", lines.word(3).substr(0, 40)),
               fmt::format("{}", fmt::join(kRoundings, ", ")));
  lines.advance();
  return static_cast<Rounding>(rounding - std::begin(kRoundings));
}

}  // namespace

Graph from_text(std::string_view text, std::string_view where) {
  Lines lines(text, where);
  Graph graph;
  graph.rounding = read_header(lines);
  lines.expect("name", std::max<std::size_t>(lines.words(), 2));
  graph.name = unquoted(lines);
  for (lines.advance(); lines.at("class"); lines.advance()) graph.class_names.push_back(unquoted(lines));
  Names names;
  for (; lines.at("tensor"); lines.advance()) {
    graph.tensors.push_back(read_tensor(lines));
    const auto id = static_cast<TensorId>(graph.tensors.size() - 1);
    if (!names.emplace(lines.word(1), id).second) lines.fail("a second tensor has this name");
  }
  graph.input = read_reference(lines, names, "input");
  graph.output = read_reference(lines, names, "output");
  graph.normalisation.mean = read_numbers<float>(lines, "mean");
  graph.normalisation.divisor = read_numbers<float>(lines, "divisor");
  if (lines.at("log_mel")) graph.log_mel = read_log_mel(lines);
  std::size_t repeated = 0;
  while (lines.at("operator"))
    graph.operators.push_back(read_operator(lines, names, graph.operators, repeated));
  lines.expect("end", 1);
  lines.advance();
  if (!lines.ended()) lines.fail("there is text after 'end'", "nothing");
  verify(graph, where);
  return graph;
}

}  // namespace parsimony::ir
