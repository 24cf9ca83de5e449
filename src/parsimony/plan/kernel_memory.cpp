#include "parsimony/plan/kernel_memory.hpp"

#include <algorithm>
#include <limits>
#include <ranges>

namespace parsimony::plan {
namespace {

/// From the last access to the first: each write must end before the begin of every later read.
std::int64_t below_of(std::span<const Access> accesses, std::int32_t input, std::int64_t at_least) {
  std::int64_t below = at_least;
  std::int64_t first_read = std::numeric_limits<std::int64_t>::max() / 2;
  for (const Access& access : accesses | std::views::reverse) {
    if (access.kind == Access::Kind::write) {
      below = std::max(below, access.end() - first_read);
    } else if (access.input == input) {
      first_read = std::min(first_read, access.begin);
    }
  }
  return below;
}

/// The same upwards: each write must begin after the end of every later read.
std::int64_t above_of(std::span<const Access> accesses, std::int32_t input, std::int64_t at_least) {
  std::int64_t above = at_least;
  std::int64_t last_read = std::numeric_limits<std::int64_t>::min() / 2;
  for (const Access& access : accesses | std::views::reverse) {
    if (access.kind == Access::Kind::write) {
      above = std::max(above, last_read - access.begin);
    } else if (access.input == input) {
      last_read = std::max(last_read, access.end());
    }
  }
  return above;
}

}  // namespace

Clearance clearance_of(std::span<const Access> forward, std::span<const Access> reverse, std::int32_t input,
                       std::int64_t input_bytes, std::int64_t output_bytes) {
  return {.below = std::min(below_of(forward, input, -input_bytes), output_bytes),
          .above =
              reverse.empty() ? input_bytes : std::min(above_of(reverse, input, -output_bytes), input_bytes)};
}

}  // namespace parsimony::plan
