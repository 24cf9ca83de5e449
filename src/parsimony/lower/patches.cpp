#include "parsimony/lower/patches.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "parsimony/base/contracts.hpp"
#include "parsimony/lower/passes.hpp"

namespace parsimony::lower {
namespace {

using Kind = ir::OperatorKind;

constexpr std::int64_t kWord = 4;  ///< [B] slices and parts of a join begin at multiples of it

/// Rows of a tensor, the last not counted.
struct Rows {
  std::int32_t begin = 0, end = 0;
  std::int32_t count() const { return end - begin; }
  bool operator==(const Rows&) const = default;
};

std::size_t index(ir::TensorId id) {
  return static_cast<std::size_t>(id);
}

std::int64_t row_bytes(const ir::Tensor& tensor) {
  return tensor.elements() / tensor.shape[0];
}

/// Whether the operator makes each row from a window of rows of its inputs.
bool works_by_rows(const ir::Graph& graph, const ir::Operator& op) {
  if (graph.tensor(op.output).shape.size() < 2 || op.constant.shape.size() > 1) return false;
  switch (op.kind) {
    case Kind::convolution:
    case Kind::depthwise_convolution:
    case Kind::average_pool:
    case Kind::max_pool:
    case Kind::add:
    case Kind::subtract:
    case Kind::multiply:
    case Kind::table:
      return true;
    case Kind::concatenation:
      return op.axis > 0;
    default:
      return false;
  }
}

/// The rows of an input that some rows of the output need, and what of the padding is left.
struct Reach {
  Rows rows;
  ir::Window window;
};

Reach reach(const ir::Tensor& input, const ir::Window& window, Rows output) {
  const std::int32_t begin = output.begin * window.stride - window.pad_before;
  const std::int32_t end =
      (output.end - 1) * window.stride - window.pad_before + static_cast<std::int32_t>(window.span());
  const std::int32_t length = input.shape[0];
  Reach result{{std::max(begin, 0), std::min(end, length)}, window};
  result.window.pad_before = std::max(-begin, 0);
  result.window.pad_after = std::max(end - length, 0);
  return result;
}

/// As `reach`, for any operator that works by rows; without a window for the first axis the rows are the
/// output's.
Reach reach_of(const ir::Graph& graph, const ir::Operator& op, ir::TensorId input, Rows output) {
  return reach(graph.tensor(input), op.windows.empty() ? ir::Window{} : op.windows[0], output);
}

/// An input of each channel's own, the same for all rows.
bool is_broadcast(const ir::Graph& graph, const ir::Operator& op, ir::TensorId input) {
  return graph.tensor(input).shape.size() < graph.tensor(op.output).shape.size();
}

/// The bands of `length` rows; a band begins where its bytes begin at a word. Empty: there are not so many.
std::vector<Rows> bands_of(std::int32_t length, std::int64_t bytes, std::int32_t bands) {
  const auto unit = static_cast<std::int32_t>(kWord / std::gcd(kWord, bytes));
  std::vector<Rows> result;
  std::int32_t begin = 0;
  for (std::int32_t k = 1; k <= bands; ++k) {
    const std::int32_t end = k == bands ? length : length * k / bands / unit * unit;
    if (end <= begin) return {};
    result.push_back({begin, end});
    begin = end;
  }
  return result;
}

/// The slices of a graph by tensor, first row and the one behind the last.
using Slices = std::map<std::tuple<ir::TensorId, std::int32_t, std::int32_t>, ir::TensorId>;

/// Writes the operators of one segment, band by band, behind those written before.
class Bands {
 public:
  Bands(const ir::Graph& from, const Segment& segment, ir::Graph& to, Slices& slices)
      : from_(from), segment_(segment), to_(to), slices_(slices) {}

  /// False: a slice would not begin at a word, or there are not so many bands.
  bool write() {
    const ir::Operator& last = op(segment_.last);
    const ir::Tensor& whole = from_.tensor(last.output);
    const std::vector<Rows> bands = bands_of(whole.shape[0], row_bytes(whole), segment_.bands);
    ir::Operator join;
    join.kind = Kind::join;
    join.name = last.name + "_join";
    join.output = last.output;
    for (const Rows& band : bands) {
      find_rows(band);
      for (std::size_t k = segment_.first; k <= segment_.last; ++k)
        if (!repeat(op(k))) return false;
      join.inputs.push_back(held_[index(last.output)].id);
      ++band_;
    }
    to_.operators.push_back(std::move(join));
    return !bands.empty();
  }

 private:
  /// Rows of a tensor that this band makes.
  struct Held {
    ir::TensorId id{};
    Rows rows;
  };

  const ir::Operator& op(std::size_t k) const { return from_.operators[k]; }

  /// Backwards from the band: what each operator of the segment must make.
  void find_rows(Rows band) {
    held_.clear();
    held_[index(op(segment_.last).output)].rows = band;
    for (std::size_t k = segment_.last + 1; k-- > segment_.first;) {
      const Rows made = held_[index(op(k).output)].rows;
      for (const ir::TensorId id : op(k).inputs) {
        if (!is_made_inside(id)) continue;
        const Rows rows = reach_of(from_, op(k), id, made).rows;
        const auto [held, is_new] = held_.try_emplace(index(id), Held{{}, rows});
        if (!is_new)
          held->second.rows = {std::min(held->second.rows.begin, rows.begin),
                               std::max(held->second.rows.end, rows.end)};
      }
    }
  }

  bool is_made_inside(ir::TensorId id) const {
    for (std::size_t k = segment_.first; k <= segment_.last; ++k)
      if (op(k).output == id) return true;
    return false;
  }

  bool repeat(const ir::Operator& op) {
    ir::Operator copy = op;
    copy.name = named(op.name);
    const bool constants = ir::has_weights(op.kind) || op.kind == Kind::table || !op.constant.shape.empty();
    if (band_ > 0 && constants) copy.constants_of = fmt::format("{}_p0", op.name);
    Held& made = held_[index(op.output)];
    for (ir::TensorId& input : copy.inputs) {
      if (is_broadcast(from_, op, input)) continue;
      const Reach needed = reach_of(from_, op, input, made.rows);
      if (!copy.windows.empty()) copy.windows[0] = needed.window;
      const std::optional<ir::TensorId> rows = rows_of(input, needed.rows);
      if (!rows) return false;
      input = *rows;
    }
    made.id = copy.output =
        add_tensor(from_.tensor(op.output), named(from_.tensor(op.output).name), made.rows);
    to_.operators.push_back(std::move(copy));
    return true;
  }

  /// Those rows of a tensor: itself where it holds no others, else a slice.
  std::optional<ir::TensorId> rows_of(ir::TensorId id, Rows rows) {
    const auto inside = held_.find(index(id));
    const Held from = inside == held_.end() ? Held{id, {0, from_.tensor(id).shape[0]}} : inside->second;
    if (from.rows == rows) return from.id;
    const auto [known, is_new] = slices_.try_emplace({from.id, rows.begin, rows.end});
    if (!is_new) return known->second;
    ir::Operator slice;
    slice.kind = Kind::slice;
    slice.name = fmt::format("{}_rows_{}_{}", to_.tensor(from.id).name, rows.begin, rows.end);
    slice.inputs = {from.id};
    slice.begin = rows.begin - from.rows.begin;
    if (slice.begin * row_bytes(from_.tensor(id)) % kWord != 0) return std::nullopt;
    known->second = slice.output = add_tensor(from_.tensor(id), slice.name, rows);
    to_.operators.push_back(std::move(slice));
    return known->second;
  }

  ir::TensorId add_tensor(const ir::Tensor& whole, std::string name, Rows rows) {
    ir::Tensor tensor = whole;
    tensor.name = std::move(name);
    tensor.shape[0] = rows.count();
    to_.tensors.push_back(std::move(tensor));
    return static_cast<ir::TensorId>(to_.tensors.size() - 1);
  }

  std::string named(const std::string& name) const { return fmt::format("{}_p{}", name, band_); }

  const ir::Graph& from_;
  const Segment& segment_;
  ir::Graph& to_;
  Slices& slices_;
  std::map<std::size_t, Held> held_;  ///< by tensor of from_: what the band makes of it
  std::int32_t band_ = 0;
};

}  // namespace

bool can_be_cut(const ir::Graph& graph, std::size_t first, std::size_t last) {
  std::vector<bool> inside(graph.tensors.size(), false);
  for (std::size_t k = first; k <= last; ++k) {
    const ir::Operator& op = graph.operators[k];
    if (!works_by_rows(graph, op)) return false;
    for (const ir::TensorId id : op.inputs)
      if (inside[index(id)] && is_broadcast(graph, op, id)) return false;
    inside[index(op.output)] = true;
  }
  inside[index(graph.operators[last].output)] = false;
  if (inside[index(graph.output)]) return false;
  for (std::size_t k = 0; k < graph.operators.size(); ++k)
    for (const ir::TensorId id : graph.operators[k].inputs)
      if (inside[index(id)] && (k < first || k > last)) return false;
  return true;
}

std::optional<ir::Graph> cut_into_bands(const ir::Graph& graph, std::span<const Segment> segments) {
  ir::Graph cut = graph;
  cut.operators.clear();
  Slices slices;
  std::size_t next = 0;
  for (const Segment& segment : segments) {
    PARSIMONY_EXPECTS(segment.first >= next && can_be_cut(graph, segment.first, segment.last));
    for (; next < segment.first; ++next) cut.operators.push_back(graph.operators[next]);
    if (!Bands(graph, segment, cut, slices).write()) return std::nullopt;
    next = segment.last + 1;
  }
  for (; next < graph.operators.size(); ++next) cut.operators.push_back(graph.operators[next]);
  return drop_unused(std::move(cut));
}

}  // namespace parsimony::lower
