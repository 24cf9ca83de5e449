// AVERAGE_POOL_2D, MAX_POOL_2D, MEAN and REDUCE_MAX.
#include <fmt/format.h>

#include <algorithm>

#include "parsimony/import/operators.hpp"

namespace parsimony::tflite {
namespace {

void import_pool(const Call& call, GraphBuilder& builder, ir::OperatorKind kind) {
  const auto& options = call.options<schema::Pool2DOptions>();
  const Value input = builder.value(call, 0);
  if (input.shape.size() != 3)
    call.place.fail(fmt::format("reads shape [{}]", fmt::join(input.shape, ", ")),
                    "[1, height, width, channels]");
  ir::Operator op = operator_of(kind, {builder.reshaped(call, input)});
  op.windows = {
      padded_window(call, options.padding(), input.shape[0], {options.filter_h(), options.stride_h(), 1}),
      padded_window(call, options.padding(), input.shape[1], {options.filter_w(), options.stride_w(), 1})};
  set_fused_clamp(call, builder, options.activation(), op);
  const auto shape = output_shape(call, op.windows, input.shape, input.shape[2]);
  builder.expect_shape(call, shape);
  builder.produce(call, std::move(op), shape);
}

/// Axes of the file's tensor that are reduced away.
std::vector<bool> reduced_axes(const Call& call, GraphBuilder& builder, std::size_t rank) {
  std::vector<bool> reduced(rank, false);
  for (const std::int32_t axis : builder.file().int32_values(call.input(1), call.place)) {
    const std::int64_t from_front = axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis;
    if (from_front < 0 || from_front >= static_cast<std::int64_t>(rank))
      call.place.fail(fmt::format("reduces axis {}", axis), fmt::format("0 to {}", rank - 1));
    reduced[static_cast<std::size_t>(from_front)] = true;
  }
  return reduced;
}

/// All spatial axes and no other. Axes of length 1 may be reduced or not: it changes nothing.
void expect_spatial_reduction(const Call& call, GraphBuilder& builder) {
  const std::vector<std::int32_t> shape = builder.file().shape(call.input(0), call.place);
  const std::vector<bool> reduced = reduced_axes(call, builder, shape.size());
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    const bool is_spatial = axis + 1 < shape.size();
    if (shape[axis] != 1 && reduced[axis] != is_spatial)
      call.place.fail(fmt::format("{} axis {} of [{}]", reduced[axis] ? "reduces" : "does not reduce", axis,
                                  fmt::join(shape, ", ")),
                      "all spatial axes reduced and no other");
  }
}

}  // namespace

void import_average_pool(const Call& call, GraphBuilder& builder) {
  import_pool(call, builder, ir::OperatorKind::average_pool);
}

void import_max_pool(const Call& call, GraphBuilder& builder) {
  import_pool(call, builder, ir::OperatorKind::max_pool);
}

void import_mean(const Call& call, GraphBuilder& builder) {
  expect_spatial_reduction(call, builder);
  const Value input = builder.value(call, 0);
  ir::Operator op = operator_of(ir::OperatorKind::mean, {builder.reshaped(call, input)});
  builder.produce(call, std::move(op), {input.shape.back()});
}

/// A max pool whose window is the image.
void import_reduce_max(const Call& call, GraphBuilder& builder) {
  expect_spatial_reduction(call, builder);
  Value input = builder.value(call, 0);
  if (input.shape.size() == 1) input.shape.insert(input.shape.begin(), 1);
  ir::Operator op = operator_of(ir::OperatorKind::max_pool, {builder.reshaped(call, input)});
  for (std::size_t axis = 0; axis + 1 < input.shape.size(); ++axis) {
    op.windows.push_back({.kernel = input.shape[axis]});
    input.shape[axis] = 1;
  }
  builder.produce(call, std::move(op), input.shape);
}

}  // namespace parsimony::tflite
