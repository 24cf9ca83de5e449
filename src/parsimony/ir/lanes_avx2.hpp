#pragma once

#if defined(__AVX2__)
#define PARSIMONY_LANES_AVX2 1

#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "parsimony/ir/packed_operator.hpp"

namespace parsimony::ir {

/// PortableLanes by AVX2: products of 16 bits, even and odd bytes apart (PMADDUBSW would saturate).
struct Avx2Lanes {
  static constexpr int kRows = 2;
  static constexpr int kVectors = 2;

  struct Sums {
    __m256i low, high;
  };

  static Sums load(const std::int32_t* values) { return {load32(values), load32(values + 8)}; }

  static Sums widen(const std::uint8_t* bytes, std::int32_t offset) {
    const __m256i by = _mm256_set1_epi32(offset);
    return {_mm256_sub_epi32(_mm256_cvtepu8_epi32(load8(bytes)), by),
            _mm256_sub_epi32(_mm256_cvtepu8_epi32(load8(bytes + 8)), by)};
  }

  static Sums add(Sums a, Sums b) {
    return {_mm256_add_epi32(a.low, b.low), _mm256_add_epi32(a.high, b.high)};
  }
  static Sums multiply(Sums a, Sums b) {
    return {_mm256_mullo_epi32(a.low, b.low), _mm256_mullo_epi32(a.high, b.high)};
  }

  static void dot_same(Sums& sums, const std::uint8_t* bytes, const std::int8_t* weights) {
    std::int32_t four;
    std::memcpy(&four, bytes, sizeof four);
    const __m256i same = _mm256_set1_epi32(four);
    sums.low = dot(sums.low, same, load32(weights));
    sums.high = dot(sums.high, same, load32(weights + 32));
  }

  static void dot_taps(Sums& sums, const std::uint8_t* const (&taps)[4], const std::int8_t* weights) {
    sums.low = dot(sums.low, by_channel(taps, 0), load32(weights));
    sums.high = dot(sums.high, by_channel(taps, 8), load32(weights + 32));
  }

  static void store(std::uint8_t* bytes, Sums sums, const PackedRequantisation& by, std::int64_t channel) {
    const __m256i low = requantise(sums.low, by, static_cast<std::size_t>(channel));
    const __m256i high = requantise(sums.high, by, static_cast<std::size_t>(channel) + 8);
    const __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), 0xD8);
    const __m128i result =
        _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(bytes), result);
  }

  static void look_up(const std::uint8_t* from, std::uint8_t* to, std::int64_t count,
                      const std::uint8_t* table) {
    for (std::int64_t k = 0; k < count; ++k) to[k] = table[from[k]];
  }

 private:
  static __m256i load32(const void* bytes) { return _mm256_loadu_si256(static_cast<const __m256i*>(bytes)); }
  static __m128i load8(const std::uint8_t* bytes) {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes));
  }

  /// sums[k] + Σ_j bytes[4k + j] · weights[4k + j], bytes unsigned.
  static __m256i dot(__m256i sums, __m256i bytes, __m256i weights) {
    const __m256i even = _mm256_madd_epi16(_mm256_and_si256(bytes, _mm256_set1_epi16(255)),
                                           _mm256_srai_epi16(_mm256_slli_epi16(weights, 8), 8));
    const __m256i odd = _mm256_madd_epi16(_mm256_srli_epi16(bytes, 8), _mm256_srai_epi16(weights, 8));
    return _mm256_add_epi32(sums, _mm256_add_epi32(even, odd));
  }

  /// Byte 4k + j of the result is byte k of tap j, for eight channels.
  static __m256i by_channel(const std::uint8_t* const (&taps)[4], int channel) {
    const __m128i first = _mm_unpacklo_epi8(load8(taps[0] + channel), load8(taps[1] + channel));
    const __m128i second = _mm_unpacklo_epi8(load8(taps[2] + channel), load8(taps[3] + channel));
    return _mm256_set_m128i(_mm_unpackhi_epi16(first, second), _mm_unpacklo_epi16(first, second));
  }

  /// As Avx512Lanes::store, eight lanes.
  static __m256i requantise(__m256i sums, const PackedRequantisation& by, std::size_t index) {
    const __m256i mantissa = load32(&by.mantissa[index]), mask = load32(&by.mask[index]);
    const __m256i shifted = _mm256_sllv_epi32(sums, load32(&by.left[index]));
    const __m256i nudge = _mm256_set1_epi64x(std::int64_t{1} << 30);
    const __m256i even = _mm256_add_epi64(_mm256_mul_epi32(shifted, mantissa), nudge);
    const __m256i odd = _mm256_add_epi64(
        _mm256_mul_epi32(_mm256_srli_epi64(shifted, 32), _mm256_srli_epi64(mantissa, 32)), nudge);
    const __m256i high = _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_slli_epi64(odd, 1), 0xAA);
    const __m256i threshold = _mm256_sub_epi32(_mm256_srli_epi32(mask, 1), _mm256_srai_epi32(high, 31));
    const __m256i up = _mm256_cmpgt_epi32(_mm256_and_si256(high, mask), threshold);
    const __m256i rounded = _mm256_sub_epi32(_mm256_srav_epi32(high, load32(&by.right[index])), up);
    const __m256i value = _mm256_add_epi32(rounded, _mm256_set1_epi32(by.zero_point));
    return _mm256_min_epi32(_mm256_max_epi32(value, _mm256_set1_epi32(by.low)), _mm256_set1_epi32(by.high));
  }
};

}  // namespace parsimony::ir

#endif
