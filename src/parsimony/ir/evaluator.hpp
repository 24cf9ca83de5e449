#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "parsimony/ir/graph.hpp"

namespace parsimony::ir {

/// Which kernels an Evaluator uses: the widest that this build has (AVX-512 VNNI, AVX2, else plain C++), AVX2
/// or less, or plain C++. All give the same bytes.
enum class VectorUnit { widest, avx2, portable };

/// The int8 graph on the host at the speed of its vector units, byte for byte the interpreter's results:
/// weights packed once, several samples at a time. One evaluator serves one thread.
class Evaluator {
 public:
  /// The graph is verified and no skeleton; it is not looked at after construction.
  explicit Evaluator(const Graph& graph, VectorUnit unit = VectorUnit::widest);
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;

  /// @param inputs   [n, elements of the input]
  /// @param n        samples, >= 0
  /// @param outputs  [n, elements of the output]
  void run(std::span<const std::int8_t> inputs, std::int64_t n, std::span<std::int8_t> outputs);

 private:
  struct Program;
  std::unique_ptr<Program> program_;
};

}  // namespace parsimony::ir
