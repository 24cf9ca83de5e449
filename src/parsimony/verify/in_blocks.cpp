#include "parsimony/verify/in_blocks.hpp"

#include <algorithm>
#include <chrono>

namespace parsimony::verify {
namespace {

constexpr std::size_t kFirst = 16;
/// A hundredth of the usual limit of a run: a machine that becomes many times slower in between is still
/// within it.
constexpr std::chrono::seconds kShort{3};

}  // namespace

std::size_t in_blocks(std::size_t rows, const std::function<bool(const Block&)>& run) {
  std::size_t begun = 0, wanted = kFirst;
  for (bool good = true; good && begun < rows;) {
    const Block block{begun, std::min(wanted, rows - begun)};
    const auto start = std::chrono::steady_clock::now();
    good = run(block);
    begun += block.count;
    if (std::chrono::steady_clock::now() - start < kShort) wanted *= 2;
  }
  return begun;
}

}  // namespace parsimony::verify
