// AVERAGE_POOL_2D, MAX_POOL_2D and MEAN.
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
  builder.produce(call, std::move(op), shape);
}

/// Axes of the file's tensor that MEAN averages away.
std::vector<bool> averaged_axes(const Call& call, GraphBuilder& builder, std::size_t rank) {
  std::vector<bool> averaged(rank, false);
  for (const std::int32_t axis : builder.file().int32_values(call.input(1), call.place)) {
    const std::int64_t from_front = axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis;
    if (from_front < 0 || from_front >= static_cast<std::int64_t>(rank))
      call.place.fail(fmt::format("averages over axis {}", axis), fmt::format("0 to {}", rank - 1));
    averaged[static_cast<std::size_t>(from_front)] = true;
  }
  return averaged;
}

}  // namespace

void import_average_pool(const Call& call, GraphBuilder& builder) {
  import_pool(call, builder, ir::OperatorKind::average_pool);
}

void import_max_pool(const Call& call, GraphBuilder& builder) {
  import_pool(call, builder, ir::OperatorKind::max_pool);
}

void import_mean(const Call& call, GraphBuilder& builder) {
  const Value input = builder.value(call, 0);
  const std::vector<std::int32_t> shape = builder.file().shape(call.input(0), call.place);
  const std::vector<bool> averaged = averaged_axes(call, builder, shape.size());
  // Axes of length 1 may be averaged or not: the sum and its count stay.
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    const bool is_spatial = axis + 1 < shape.size();
    if (shape[axis] != 1 && averaged[axis] != is_spatial)
      call.place.fail(fmt::format("{} over axis {} of [{}]", averaged[axis] ? "averages" : "does not average",
                                  axis, fmt::join(shape, ", ")),
                      "the mean over all spatial axes");
  }
  ir::Operator op = operator_of(ir::OperatorKind::mean, {builder.reshaped(call, input)});
  builder.produce(call, std::move(op), {input.shape.back()});
}

}  // namespace parsimony::tflite
