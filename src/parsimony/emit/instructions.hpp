#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "parsimony/emit/kernel_work.hpp"

namespace parsimony::emit {

/// What the parts of a kernel take, measured (tools/measure_instructions).
struct InstructionRow {
  Family family = Family::portable;
  std::string_view target;  ///< "cortex-m4"
  Kernel kernel{};
  /// For each item of Work [1/1024 instructions], none negative: sums over them are exact in double.
  std::array<std::int32_t, kWorkItems> each{};
};

/// What the parts of `_features` take on one target, likewise (front_end_work).
struct FeaturesRow {
  std::string_view target;
  std::array<std::int32_t, kWorkItems> each{};
};

/// Of one inference.
struct InferenceInstructions {
  std::int64_t network = 0;   ///< `_invoke`; 0 where a kernel has no row
  std::int64_t features = 0;  ///< `_features`; 0 without a front end
  std::int64_t total() const { return network == 0 ? 0 : network + features; }
};

/// The rows of one target; what a family lacks, those of the DSP and the portable kernels say. Instructions
/// are QEMU's count, never cycles; what depends on values (shifts to the left, a softmax's differences)
/// counts as in the measured layers.
class InstructionCosts {
 public:
  InstructionCosts(std::string_view target, Family family);

  bool has(Kernel kernel) const;  ///< whether there is a row of it
  double of(Kernel kernel, const Work& work) const;
  /// Of one operator, its clamp included.
  double of(const ir::Graph& graph, const ir::Operator& op, const KernelChoice& choice) const;
  /// Of one `_features`; 0 without a front end.
  std::int64_t of_features(const ir::Graph& graph) const;
  InferenceInstructions of(const ir::Graph& graph, const KernelChoice& choice) const;

  /// Name and content, such as "cortex-m4/1f2e3d4c": what a study that searches by instructions records.
  std::string identity() const;

 private:
  std::string_view target_;
  std::array<Work, kKernels> each_{};
  Work features_{};
};

}  // namespace parsimony::emit
