#pragma once

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512VL__) && defined(__AVX512VNNI__) && \
    defined(__AVX512VBMI__)
#define PARSIMONY_LANES_AVX512 1

#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "parsimony/ir/packed_operator.hpp"

namespace parsimony::ir {

/// PortableLanes by AVX-512: u8 · s8 dot products of VNNI, 64-bit products for the requantisation.
struct Avx512Lanes {
  static constexpr int kRows = 6;  ///< 6·4 accumulators, 4 weight vectors and a broadcast: 29 of 32 registers
  static constexpr int kVectors = 4;

  using Sums = __m512i;

  static Sums load(const std::int32_t* values) { return _mm512_loadu_si512(values); }

  static Sums widen(const std::uint8_t* bytes, std::int32_t offset) {
    return _mm512_sub_epi32(_mm512_cvtepu8_epi32(load16(bytes)), _mm512_set1_epi32(offset));
  }

  static Sums add(Sums a, Sums b) { return _mm512_add_epi32(a, b); }
  static Sums multiply(Sums a, Sums b) { return _mm512_mullo_epi32(a, b); }

  static void dot_same(Sums& sums, const std::uint8_t* bytes, const std::int8_t* weights) {
    std::int32_t four;
    std::memcpy(&four, bytes, sizeof four);
    sums = _mm512_dpbusd_epi32(sums, _mm512_set1_epi32(four), _mm512_loadu_si512(weights));
  }

  static void dot_taps(Sums& sums, const std::uint8_t* const (&taps)[4], const std::int8_t* weights) {
    const __m512i by_tap = _mm512_inserti32x4(
        _mm512_inserti32x4(_mm512_inserti32x4(_mm512_castsi128_si512(load16(taps[0])), load16(taps[1]), 1),
                           load16(taps[2]), 2),
        load16(taps[3]), 3);
    sums =
        _mm512_dpbusd_epi32(sums, _mm512_permutexvar_epi8(by_channel(), by_tap), _mm512_loadu_si512(weights));
  }

  /// As multiply_by, sixteen at once. ⌊(product + 2^30) / 2^31⌋: the even lanes' results lie in the low
  /// halves of 64 bits after a shift right by 31, the odd lanes' in the high halves after a shift left by 1.
  static void store(std::uint8_t* bytes, Sums sums, const PackedRequantisation& by, std::int64_t channel) {
    const auto index = static_cast<std::size_t>(channel);
    const __m512i mantissa = load(&by.mantissa[index]);
    const __m512i right = load(&by.right[index]);
    const __m512i mask = load(&by.mask[index]);
    const __m512i shifted = _mm512_sllv_epi32(sums, load(&by.left[index]));
    const __m512i nudge = _mm512_set1_epi64(std::int64_t{1} << 30);
    const __m512i even = _mm512_add_epi64(_mm512_mul_epi32(shifted, mantissa), nudge);
    const __m512i odd = _mm512_add_epi64(
        _mm512_mul_epi32(_mm512_srli_epi64(shifted, 32), _mm512_srli_epi64(mantissa, 32)), nudge);
    const __m512i high =
        _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(even, 31), _mm512_slli_epi64(odd, 1));
    const __m512i remainder = _mm512_and_si512(high, mask);
    const __m512i threshold = _mm512_sub_epi32(_mm512_srli_epi32(mask, 1), _mm512_srai_epi32(high, 31));
    const __mmask16 up = _mm512_cmpgt_epi32_mask(remainder, threshold);
    const __m512i floor = _mm512_srav_epi32(high, right);
    const __m512i rounded = _mm512_mask_add_epi32(floor, up, floor, _mm512_set1_epi32(1));
    const __m512i value = _mm512_add_epi32(rounded, _mm512_set1_epi32(by.zero_point));
    const __m512i clamped =
        _mm512_min_epi32(_mm512_max_epi32(value, _mm512_set1_epi32(by.low)), _mm512_set1_epi32(by.high));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(bytes), _mm512_cvtepi32_epi8(clamped));
  }

  static void look_up(const std::uint8_t* from, std::uint8_t* to, std::int64_t count,
                      const std::uint8_t* table) {
    const __m512i t0 = _mm512_loadu_si512(table), t1 = _mm512_loadu_si512(table + 64);
    const __m512i t2 = _mm512_loadu_si512(table + 128), t3 = _mm512_loadu_si512(table + 192);
    for (std::int64_t k = 0; k < count; k += 64) {
      const __mmask64 here = count - k >= 64 ? ~__mmask64{0} : (__mmask64{1} << (count - k)) - 1;
      const __m512i index = _mm512_maskz_loadu_epi8(here, from + k);
      const __m512i low = _mm512_permutex2var_epi8(t0, index, t1);
      const __m512i high = _mm512_permutex2var_epi8(t2, index, t3);
      _mm512_mask_storeu_epi8(to + k, here, _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), low, high));
    }
  }

 private:
  static __m128i load16(const std::uint8_t* bytes) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
  }

  /// Byte 4k + j of the result is byte k of tap j.
  static __m512i by_channel() {
    const __m512i channel = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    return _mm512_add_epi32(_mm512_mullo_epi32(channel, _mm512_set1_epi32(0x01010101)),
                            _mm512_set1_epi32(0x30201000));
  }
};

}  // namespace parsimony::ir

#endif
