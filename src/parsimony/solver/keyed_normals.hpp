#pragma once

#include <cstdint>
#include <span>

namespace parsimony::solver {

/// Fills with standard normal numbers that depend on (key, stream) alone: Philox 4×32-10 (Salmon et al. 2011)
/// and the transformation of Box and Muller in single precision, sixteen at a time. For the millions that
/// directions need; everything else draws from RandomStream. Values lie within ±5.9.
void fill_normals(std::uint64_t key, std::uint64_t stream, std::span<float> numbers);

/// The words behind it: word w of lane l of block b is word w of Philox 4×32-10 at counter
/// (16·b + l, 0, low half of stream, high half of stream): [4, 16], for tests against another implementation.
void philox_block(std::uint64_t key, std::uint64_t stream, std::uint32_t block,
                  std::span<std::uint32_t, 64> words);

}  // namespace parsimony::solver
