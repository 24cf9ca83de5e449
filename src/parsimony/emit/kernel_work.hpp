#pragma once

#include <array>
#include <cstddef>

#include "parsimony/emit/kernels.hpp"
#include "parsimony/ir/graph.hpp"

namespace parsimony::emit {

constexpr std::size_t kWorkItems = 10;
/// How often each part of a kernel runs for one operator, by the kernel's own loops: calls, pixels, pixels
/// times channels, … A kernel's instructions are the sum of these, each times what that part takes
/// (instructions.hpp).
using Work = std::array<double, kWorkItems>;

/// From shapes alone. Kernels that only others call have none.
Work kernel_work(const ir::Graph& graph, const ir::Operator& op, Kernel kernel);

/// The same at any number of channels, loops over blocks of channels cut into fractions of a block: no item
/// exceeds that of `kernel_work` at whole counts, and each is a + b·in + c·out + d·in·out.
/// @param in   channels of the first input; of a fully connected layer all its elements
/// @param out  channels of the output
Work kernel_work_lower(const ir::Graph& graph, const ir::Operator& op, Kernel kernel, double in, double out);

}  // namespace parsimony::emit
