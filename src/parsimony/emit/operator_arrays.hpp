#pragma once

#include <cstddef>
#include <cstdint>

#include "parsimony/emit/c_writer.hpp"
#include "parsimony/emit/emission.hpp"

namespace parsimony::emit {

/// [B] of an array that ends at a whole word.
constexpr std::int64_t padded(std::size_t bytes) {
  return static_cast<std::int64_t>((bytes + 3) / 4 * 4);
}

/// An operator's weights, biases, requantisation, table or constant operand, as its kernel reads them.
void write_arrays(CWriter& writer, const Emission& emission, const ir::Operator& op);

}  // namespace parsimony::emit
