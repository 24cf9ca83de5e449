#include "parsimony/ir/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "parsimony/base/errors.hpp"
#include "parsimony/ir/verify_patches.hpp"
#include "parsimony/ir/verify_values.hpp"

namespace parsimony::ir {
namespace {

bool is_identifier(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && name.size() <= 200 && letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || digit(c); });
}

std::string shape_text(const Tensor& tensor) {
  return fmt::format("[{}]", fmt::join(tensor.shape, ", "));
}

void verify_names(const Graph& graph, const Blame& blame) {
  std::vector<std::string_view> names;
  const auto check_unique = [&](const char* what) {
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) blame.fail(fmt::format("two {}s are named '{}'", what, *twice), "unique names");
    names.clear();
  };
  const auto check_identifier = [&](const char* what, std::string_view name) {
    if (!is_identifier(name))
      blame.fail(fmt::format("the {} name '{}' is no C identifier", what, name),
                 "letters, digits and _, 200 at most, no digit first");
  };
  for (const Tensor& tensor : graph.tensors) {
    check_identifier("tensor", tensor.name);
    names.push_back(tensor.name);
  }
  check_unique("tensor");
  for (const Operator& op : graph.operators) {
    check_identifier("operator", op.name);
    names.push_back(op.name);
  }
  check_unique("operator");
}

void verify_shapes(const Graph& graph, const Blame& blame) {
  for (const Tensor& tensor : graph.tensors) {
    const Blame here = blame.tensor(tensor.name);
    if (tensor.shape.empty() || tensor.shape.size() > 3)
      here.fail(fmt::format("has {} axes", tensor.shape.size()), "1 to 3");
    std::int64_t elements = 1;
    for (const std::int32_t length : tensor.shape) {
      if (length < 1 || length > kMaxDimension)
        here.fail(fmt::format("has an axis of {}", length), fmt::format("1 to {}", kMaxDimension));
      elements *= length;
      if (elements > kMaxElements)
        here.fail(fmt::format("has shape {}", shape_text(tensor)),
                  fmt::format("{} elements at most", kMaxElements));
    }
  }
}

void verify_input_count(const Operator& op, const Blame& here) {
  constexpr std::size_t kMostParts = 1024;
  if (op.kind == OperatorKind::concatenation || op.kind == OperatorKind::join) {
    if (op.inputs.empty() || op.inputs.size() > kMostParts)
      here.fail(fmt::format("has {} inputs", op.inputs.size()), fmt::format("1 to {}", kMostParts));
    return;
  }
  const std::size_t wanted = is_binary(op.kind) && op.constant.shape.empty() ? 2 : 1;
  if (op.inputs.size() != wanted)
    here.fail(fmt::format("has {} inputs", op.inputs.size()), fmt::format("{}", wanted));
}

/// Ids in range, every tensor produced once and before it is read, the output produced by an operator.
void verify_order(const Graph& graph, const Blame& blame) {
  const auto count = static_cast<std::int64_t>(graph.tensors.size());
  const auto check_id = [&](const Blame& here, const char* what, TensorId id) {
    const auto index = static_cast<std::int64_t>(id);
    if (index < 0 || index >= count)
      here.fail(fmt::format("{} is tensor {}", what, index), fmt::format("0 to {}", count - 1));
    return static_cast<std::size_t>(index);
  };
  if (graph.operators.empty()) blame.fail("there are no operators", "one at least");
  std::vector<bool> produced(graph.tensors.size(), false);
  produced[check_id(blame, "the input", graph.input)] = true;
  check_id(blame, "the output", graph.output);
  for (const Operator& op : graph.operators) {
    const Blame here = blame.op(op.name);
    verify_input_count(op, here);
    for (const TensorId id : op.inputs) {
      const std::size_t index = check_id(here, "an input", id);
      if (!produced[index])
        here.fail(fmt::format("reads tensor '{}' before it is produced", graph.tensors[index].name));
    }
    const std::size_t index = check_id(here, "the output", op.output);
    if (produced[index]) here.fail(fmt::format("produces tensor '{}' again", graph.tensors[index].name));
    produced[index] = true;
  }
  const auto missing = std::find(produced.begin(), produced.end(), false);
  if (missing != produced.end())
    blame.tensor(graph.tensors[static_cast<std::size_t>(missing - produced.begin())].name)
        .fail("is produced by no operator");
  if (graph.output == graph.input)
    blame.fail("the output is the input", "a tensor that an operator produces");
}

void expect_output_shape(const Graph& graph, const Operator& op, const std::vector<std::int32_t>& shape,
                         const Blame& here) {
  const Tensor& output = graph.tensor(op.output);
  if (output.shape != shape)
    here.fail(fmt::format("output '{}' has shape {}", output.name, shape_text(output)),
              fmt::format("[{}]", fmt::join(shape, ", ")));
}

void verify_window(const Window& window, std::int32_t length, const Blame& here) {
  const auto check = [&](const char* what, std::int32_t value, std::int32_t low) {
    if (value < low || value > kMaxDimension)
      here.fail(fmt::format("has a window with {} {}", what, value),
                fmt::format("{} to {}", low, kMaxDimension));
  };
  check("kernel", window.kernel, 1);
  check("stride", window.stride, 1);
  check("pad before", window.pad_before, 0);
  check("pad after", window.pad_after, 0);
  check("dilation", window.dilation, 1);
  if (std::max(window.pad_before, window.pad_after) >= window.span())
    here.fail(fmt::format("has a window with pads {} and {}", window.pad_before, window.pad_after),
              fmt::format("less than the kernel's span, {}", window.span()));
  const std::int64_t padded = std::int64_t{length} + window.pad_before + window.pad_after;
  if (padded < window.span())
    here.fail(fmt::format("has a kernel of {} over {} padded inputs", window.span(), padded));
}

/// Convolutions and pools.
void verify_windowed(const Graph& graph, const Operator& op, const Blame& here) {
  const Tensor& input = graph.tensor(op.inputs[0]);
  if (input.shape.size() < 2)
    here.fail("has an input without a spatial axis", "[length, c] or [height, width, c]");
  if (op.windows.size() != input.shape.size() - 1)
    here.fail(fmt::format("has {} windows", op.windows.size()),
              fmt::format("{}: one for each spatial axis", input.shape.size() - 1));
  std::vector<std::int32_t> expected;
  for (std::size_t axis = 0; axis < op.windows.size(); ++axis) {
    verify_window(op.windows[axis], input.shape[axis], here);
    expected.push_back(op.windows[axis].outputs(input.shape[axis]));
  }
  const std::int32_t outputs = graph.tensor(op.output).shape.back();
  const std::int32_t channels = input.shape.back();
  switch (op.kind) {
    case OperatorKind::convolution:
      expected.push_back(outputs);
      break;
    case OperatorKind::depthwise_convolution:
      if (outputs % channels != 0)
        here.fail(fmt::format("makes {} channels of {}", outputs, channels),
                  fmt::format("a multiple of {}", channels));
      expected.push_back(outputs);
      break;
    default:
      expected.push_back(channels);
  }
  expect_output_shape(graph, op, expected, here);
}

void verify_concatenation(const Graph& graph, const Operator& op, const Blame& here) {
  std::vector<std::int32_t> expected = graph.tensor(op.inputs[0]).shape;
  const auto rank = static_cast<std::int32_t>(expected.size());
  if (op.axis < 0 || op.axis >= rank)
    here.fail(fmt::format("concatenates along axis {}", op.axis), fmt::format("0 to {}", rank - 1));
  const auto axis = static_cast<std::size_t>(op.axis);
  std::int64_t length = 0;
  for (const TensorId id : op.inputs) {
    std::vector<std::int32_t> shape = graph.tensor(id).shape;
    if (shape.size() == expected.size()) {
      length += shape[axis];
      shape[axis] = expected[axis];
    }
    if (shape != expected)
      here.fail(fmt::format("concatenates {} to {} along axis {}", shape_text(graph.tensor(id)),
                            shape_text(graph.tensor(op.inputs[0])), op.axis),
                "equal lengths along the other axes");
  }
  if (length > kMaxDimension)
    here.fail(fmt::format("makes an axis of {}", length), fmt::format("1 to {}", kMaxDimension));
  expected[axis] = static_cast<std::int32_t>(length);
  expect_output_shape(graph, op, expected, here);
}

void verify_slice(const Graph& graph, const Operator& op, const Blame& here) {
  std::vector<std::int32_t> expected = graph.tensor(op.inputs[0]).shape;
  const Tensor& output = graph.tensor(op.output);
  const std::int32_t rows = output.shape[0];
  if (op.begin < 0 || rows > expected[0] || op.begin > expected[0] - rows)
    here.fail(fmt::format("takes {} rows from row {} on", rows, op.begin),
              fmt::format("rows of 0 to {}", expected[0] - 1));
  expected[0] = rows;
  expect_output_shape(graph, op, expected, here);
}

void verify_pad(const Graph& graph, const Operator& op, const Blame& here) {
  std::vector<std::int32_t> expected = graph.tensor(op.inputs[0]).shape;
  if (op.windows.size() != expected.size())
    here.fail(fmt::format("has {} windows", op.windows.size()),
              fmt::format("{}: one for each axis", expected.size()));
  for (std::size_t axis = 0; axis < expected.size(); ++axis) {
    const Window& window = op.windows[axis];
    if (window != Window{.pad_before = window.pad_before, .pad_after = window.pad_after} ||
        window.pad_before < 0 || window.pad_after < 0 ||
        std::int64_t{window.pad_before} + window.pad_after + expected[axis] > kMaxDimension)
      here.fail("has a window that is no padding", "kernel, stride and dilation 1, pads from 0");
    expected[axis] += window.pad_before + window.pad_after;
  }
  expect_output_shape(graph, op, expected, here);
}

/// Products of sizes stay below 2^20 · 2^20 · 2^20 only one factor at a time.
void verify_weight_count(const Graph& graph, const Operator& op, const Blame& here) {
  std::int64_t count = op.kind == OperatorKind::fully_connected ? graph.tensor(op.inputs[0]).elements()
                       : op.kind == OperatorKind::convolution   ? graph.tensor(op.inputs[0]).shape.back()
                                                                : 1;
  count *= output_channels(graph, op);
  for (const Window& window : op.windows) {
    if (count > kMaxElements) break;
    count *= window.kernel;
  }
  if (count > kMaxElements) here.fail("has too many weights", fmt::format("{} at most", kMaxElements));
}

/// An operand of the input's shape or [c].
void verify_combination(const Graph& graph, const Operator& op, const Blame& here) {
  const Tensor& input = graph.tensor(op.inputs[0]);
  const std::vector<std::int32_t>& second =
      op.constant.shape.empty() ? graph.tensor(op.inputs[1]).shape : op.constant.shape;
  if (second != input.shape && second != std::vector{input.shape.back()})
    here.fail(fmt::format("combines {} with [{}]", shape_text(input), fmt::join(second, ", ")),
              fmt::format("{} or [{}]", shape_text(input), input.shape.back()));
  expect_output_shape(graph, op, input.shape, here);
}

void verify_argmax(const Graph& graph, const Operator& op, const Blame& here) {
  constexpr std::int32_t kMost = 256;  // indices in a byte
  const Tensor& input = graph.tensor(op.inputs[0]);
  if (input.shape.back() > kMost)
    here.fail(fmt::format("has {} classes", input.shape.back()), fmt::format("{} at most", kMost));
  expect_output_shape(graph, op, {static_cast<std::int32_t>(input.elements() / input.shape.back())}, here);
}

/// Whether the kind has a fused clamp.
bool clamps(OperatorKind kind) {
  return has_weights(kind) || has_spatial_windows(kind) || is_binary(kind) || kind == OperatorKind::mean;
}

void verify_operator_shapes(const Graph& graph, const Operator& op, const Blame& here) {
  if (op.activation_min > op.activation_max || op.activation_min < -128 || op.activation_max > 127)
    here.fail(fmt::format("clamps to {} … {}", op.activation_min, op.activation_max),
              "ordered, in -128 … 127");
  const Tensor& input = graph.tensor(op.inputs[0]);
  switch (op.kind) {
    case OperatorKind::convolution:
    case OperatorKind::depthwise_convolution:
    case OperatorKind::average_pool:
    case OperatorKind::max_pool:
      verify_windowed(graph, op, here);
      break;
    case OperatorKind::fully_connected:
      expect_output_shape(graph, op, {graph.tensor(op.output).shape.back()}, here);
      break;
    case OperatorKind::mean:
      if (input.shape.size() < 2) here.fail("averages an input without a spatial axis");
      expect_output_shape(graph, op, {input.shape.back()}, here);
      break;
    case OperatorKind::add:
    case OperatorKind::subtract:
    case OperatorKind::multiply:
      verify_combination(graph, op, here);
      break;
    case OperatorKind::argmax:
      verify_argmax(graph, op, here);
      break;
    case OperatorKind::concatenation:
      verify_concatenation(graph, op, here);
      break;
    case OperatorKind::join:
      if (op.axis != 0) here.fail(fmt::format("joins along axis {}", op.axis), "0");
      verify_concatenation(graph, op, here);
      break;
    case OperatorKind::slice:
      verify_slice(graph, op, here);
      break;
    case OperatorKind::pad:
      verify_pad(graph, op, here);
      break;
    case OperatorKind::reshape:
      if (graph.tensor(op.output).elements() != input.elements())
        here.fail(fmt::format("makes {} of {}", shape_text(graph.tensor(op.output)), shape_text(input)),
                  "as many elements");
      break;
    case OperatorKind::table:
    case OperatorKind::softmax:
      expect_output_shape(graph, op, input.shape, here);
      break;
    default:
      here.fail(fmt::format("is of unknown kind {}", static_cast<int>(op.kind)));
  }
  if (!clamps(op.kind) && (op.activation_min != -128 || op.activation_max != 127))
    here.fail(fmt::format("clamps a {}", kind_name(op.kind)), "-128 … 127");
  if (!has_spatial_windows(op.kind) && op.kind != OperatorKind::pad && !op.windows.empty())
    here.fail("has windows", "none for this kind");
  if (!is_binary(op.kind) && op.constant != Constant{}) here.fail("has a constant", "none for this kind");
  if (op.constant.first && (op.kind != OperatorKind::subtract || op.constant.shape.empty()))
    here.fail("has its constant first", "only what subtracts from it");
  if (op.kind != OperatorKind::slice && op.begin != 0)
    here.fail(fmt::format("begins at row {}", op.begin), "0; others for slices");
  if (op.kind == OperatorKind::softmax ? !(std::isfinite(op.beta) && op.beta > 0.0f) : op.beta != 1.0f)
    here.fail(fmt::format("has beta {}", op.beta), "finite and above 0; 1 for all but softmax");
  verify_weight_count(graph, op, here);
}

/// One missing scale must not pass a trained graph off as a skeleton.
void verify_skeleton(const Graph& graph, const Blame& blame) {
  for (const Tensor& tensor : graph.tensors)
    if (tensor.quantisation.scale != 0.0f)
      blame.tensor(tensor.name)
          .fail(fmt::format("has scale {}, others have 0", tensor.quantisation.scale),
                "0 everywhere (a graph of shapes alone) or nowhere");
}

/// The front end's settings are sound, and its frames are the input.
void verify_log_mel(const Graph& graph, const Blame& blame) {
  if (!graph.log_mel) return;
  if (const features::Misfit found = features::misfit(*graph.log_mel))
    blame.fail(fmt::format("log_mel: {} {}", found.field, found.problem), found.allowed);
  const Tensor& input = graph.tensor(graph.input);
  const std::vector<std::int32_t> series{graph.log_mel->frames(), graph.log_mel->bands};
  std::vector<std::int32_t> image = series;
  image.push_back(1);
  if (input.shape != series && input.shape != image)
    blame.fail(fmt::format("log_mel: the input has shape {}", shape_text(input)),
               fmt::format("[{}] or [{}]", fmt::join(series, ", "), fmt::join(image, ", ")));
}

}  // namespace

void verify(const Graph& graph, std::string_view where) {
  const Blame blame(where);
  verify_names(graph, blame);
  verify_shapes(graph, blame);
  verify_order(graph, blame);
  for (const Operator& op : graph.operators) verify_operator_shapes(graph, op, blame.op(op.name));
  verify_patches(graph, blame);
  verify_log_mel(graph, blame);
  const std::int64_t outputs = graph.tensor(graph.output).elements();
  if (!graph.class_names.empty() && static_cast<std::int64_t>(graph.class_names.size()) != outputs)
    blame.fail(fmt::format("there are {} class names", graph.class_names.size()),
               fmt::format("none, or {}: one for each output", outputs));
  if (is_skeleton(graph))
    verify_skeleton(graph, blame);
  else
    verify_values(graph, blame);
}

}  // namespace parsimony::ir
