#include "parsimony/base/random.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "parsimony/base/contracts.hpp"

namespace parsimony {
namespace {

/// FNV-1a, 64 bits.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char character : text) hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3u;
  return hash;
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::uint64_t trial, std::string_view purpose, std::uint64_t index)
    : counter_{0, index, hash_of(purpose), trial}, key_{seed, 0x70617273696d6f6eu} {}

std::uint64_t RandomStream::bits() {
  if (used_ == 4) {
    r123::Philox4x64 philox;
    r123::Philox4x64::ctr_type counter;
    r123::Philox4x64::key_type key;
    for (int i = 0; i < 4; ++i) counter[i] = counter_[i];
    for (int i = 0; i < 2; ++i) key[i] = key_[i];
    const auto block = philox(counter, key);
    for (int i = 0; i < 4; ++i) block_[i] = block[i];
    ++counter_[0];
    used_ = 0;
  }
  return block_[used_++];
}

double RandomStream::uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

double RandomStream::uniform(double low, double high) { return low + (high - low) * uniform(); }

double RandomStream::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_normal_;
  }
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  const double angle = 2.0 * std::numbers::pi * uniform();
  spare_normal_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

std::uint64_t RandomStream::below(std::uint64_t count) {
  PARSIMONY_EXPECTS(count >= 1);
  const std::uint64_t rejected = (0 - count) % count;  // 2^64 mod count
  std::uint64_t value = bits();
  while (value < rejected) value = bits();
  return value % count;
}

std::vector<std::int64_t> RandomStream::permutation(std::int64_t count) {
  PARSIMONY_EXPECTS(count >= 0);
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  for (std::int64_t i = count - 1; i > 0; --i)
    std::swap(order[static_cast<std::size_t>(i)], order[below(static_cast<std::uint64_t>(i) + 1)]);
  return order;
}

}  // namespace parsimony
