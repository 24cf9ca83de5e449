#include "parsimony/solver/keyed_normals.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <numbers>

namespace parsimony::solver {
namespace {

constexpr std::size_t kLanes = 16;
using Lanes = std::array<std::uint32_t, kLanes>;

/// The loops over lanes are what the compiler vectorises.
void philox_round(Lanes& a, Lanes& b, Lanes& c, Lanes& d, std::uint32_t key0, std::uint32_t key1) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const std::uint64_t p = std::uint64_t{0xD2511F53u} * a[lane], q = std::uint64_t{0xCD9E8D57u} * c[lane];
    a[lane] = static_cast<std::uint32_t>(q >> 32) ^ b[lane] ^ key0;
    c[lane] = static_cast<std::uint32_t>(p >> 32) ^ d[lane] ^ key1;
    b[lane] = static_cast<std::uint32_t>(q);
    d[lane] = static_cast<std::uint32_t>(p);
  }
}

using Floats = Eigen::Array<float, 32, 1>;

/// 32 pairs of words into 64 normal numbers.
void box_muller(std::span<const std::uint32_t, 64> words, float* numbers) {
  const Eigen::Map<const Eigen::Array<std::uint32_t, 32, 1>> first(words.data()), second(words.data() + 32);
  Floats u, v;  // the upper 24 bits, in the middle of their cells: inside (0, 1)
  for (int i = 0; i < 32; ++i) {
    u(i) = (static_cast<float>(static_cast<std::int32_t>(first(i) >> 8)) + 0.5f) * 0x1p-24f;
    v(i) = static_cast<float>(static_cast<std::int32_t>(second(i) >> 8)) * 0x1p-24f;
  }
  const Floats radius = (-2.0f * u.log()).max(0.0f).sqrt();
  const Floats angle = (2.0f * std::numbers::pi_v<float>)*v;
  Eigen::Map<Floats> cosines(numbers), sines(numbers + 32);
  cosines = radius * angle.cos();
  sines = radius * angle.sin();
}

}  // namespace

void philox_block(std::uint64_t key, std::uint64_t stream, std::uint32_t block,
                  std::span<std::uint32_t, 64> words) {
  Lanes a, b{}, c, d;
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    a[lane] = block * kLanes + static_cast<std::uint32_t>(lane);
  c.fill(static_cast<std::uint32_t>(stream));
  d.fill(static_cast<std::uint32_t>(stream >> 32));
  auto key0 = static_cast<std::uint32_t>(key), key1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    philox_round(a, b, c, d, key0, key1);
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  const Lanes* const all[] = {&a, &b, &c, &d};
  for (std::size_t word = 0; word < 4; ++word)
    std::copy(all[word]->begin(), all[word]->end(),
              words.begin() + static_cast<std::ptrdiff_t>(word * kLanes));
}

void fill_normals(std::uint64_t key, std::uint64_t stream, std::span<float> numbers) {
  std::array<std::uint32_t, 64> words;
  std::array<float, 64> last;
  for (std::size_t start = 0; start < numbers.size(); start += 64) {
    philox_block(key, stream, static_cast<std::uint32_t>(start / 64), words);
    const std::size_t count = std::min<std::size_t>(64, numbers.size() - start);
    box_muller(words, last.data());
    std::copy_n(last.begin(), count, numbers.begin() + static_cast<std::ptrdiff_t>(start));
  }
}

}  // namespace parsimony::solver
