#pragma once

#include <cstddef>
#include <vector>

#include "parsimony/base/quantities.hpp"
#include "parsimony/plan/buffers.hpp"

namespace parsimony::plan {

/// The least arena that each step asks for, by the kernel that runs its operator: what chooses between
/// kernels.
class LeastBytes {
 public:
  explicit LeastBytes(const ir::Graph& graph);

  Bytes of(std::size_t step, const KernelMemory& memory);

 private:
  const ir::Graph& graph_;
  Buffers tensors_;
  std::vector<Bytes> alive_;       ///< [operators] tensors alone
  std::vector<Overlap> overlaps_;  ///< of the step asked for
};

}  // namespace parsimony::plan
