#include "parsimony/solver/ars_directions.hpp"

#include <algorithm>
#include <array>

#include "parsimony/base/contracts.hpp"
#include "parsimony/solver/keyed_normals.hpp"

namespace parsimony::solver {

DirectionTable::DirectionTable(std::uint64_t key, std::size_t length, ThreadPool& pool)
    : length_(length), numbers_(kPlaces + length) {
  constexpr std::size_t kOfChunk = std::size_t{1} << 16;
  const std::size_t chunks = (numbers_.size() + kOfChunk - 1) / kOfChunk;
  pool.for_each_chunk(static_cast<std::int64_t>(chunks), [&](std::int64_t chunk) {
    const std::size_t first = static_cast<std::size_t>(chunk) * kOfChunk;
    fill_normals(key, static_cast<std::uint64_t>(chunk),
                 std::span(numbers_).subspan(first, std::min(kOfChunk, numbers_.size() - first)));
  });
}

std::vector<std::uint32_t> DirectionTable::starts(std::uint64_t step_key, int count) const {
  PARSIMONY_EXPECTS(count >= 1 && static_cast<std::size_t>(count) <= kPlaces);
  const auto cell = static_cast<std::uint32_t>(kPlaces) / static_cast<std::uint32_t>(count);
  const auto turn = static_cast<std::uint32_t>(step_key >> 32);  // where the first cell begins
  std::vector<std::uint32_t> starts(static_cast<std::size_t>(count));
  std::array<std::uint32_t, 64> words;
  for (std::size_t k = 0; k < starts.size(); ++k) {
    if (k % 64 == 0) philox_block(step_key, 0, static_cast<std::uint32_t>(k / 64), words);
    starts[k] = (turn + static_cast<std::uint32_t>(k) * cell + words[k % 64] % cell) % kPlaces;
  }
  return starts;
}

}  // namespace parsimony::solver
