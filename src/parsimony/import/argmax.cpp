#include <fmt/format.h>

#include "parsimony/import/operators.hpp"

namespace parsimony::tflite {

void import_argmax(const Call& call, GraphBuilder& builder) {
  const auto rank = static_cast<std::int32_t>(builder.file().shape(call.input(0), call.place).size());
  const std::vector<std::int32_t> axes = builder.file().int32_values(call.input(1), call.place);
  if (axes.size() != 1 || (axes[0] != -1 && axes[0] != rank - 1))
    call.place.fail(fmt::format("finds the largest along axis {}", fmt::join(axes, ", ")),
                    fmt::format("the last, {}", rank - 1));
  Value input = builder.value(call, 0);
  const ir::Tensor& tensor = builder.tensor(input.id);
  if (tensor.shape.back() == input.shape.back()) input.shape = tensor.shape;  // rows of the same length
  ir::Operator op = operator_of(ir::OperatorKind::argmax, {builder.reshaped(call, input)});
  builder.produce_index(call, std::move(op),
                        static_cast<std::int32_t>(elements(input.shape) / input.shape.back()));
}

}  // namespace parsimony::tflite
