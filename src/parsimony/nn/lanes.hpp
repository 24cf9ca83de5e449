#pragma once

#include <cstdint>

namespace parsimony::nn {

/// A register of the machine that this is built for. GCC keeps wider vectors in memory.
#if defined(__AVX512F__)
inline constexpr int kVectorBytes = 64;
#elif defined(__AVX__)
inline constexpr int kVectorBytes = 32;
#else
inline constexpr int kVectorBytes = 16;
#endif

/// Rows of channels are padded with zeros to whole vectors, so that no kernel has a tail.
template <typename T>
inline constexpr int kLanes = kVectorBytes / static_cast<int>(sizeof(T));

/// Channels of a row in memory: `channels` rounded up to whole vectors.
template <typename T>
constexpr int padded(int channels) {
  return (channels + kLanes<T> - 1) / kLanes<T> * kLanes<T>;
}

template <typename T>
struct VectorOf;
template <>
struct VectorOf<float> {
  using type [[gnu::vector_size(kVectorBytes), gnu::may_alias]] = float;
};
template <>
struct VectorOf<double> {
  using type [[gnu::vector_size(kVectorBytes), gnu::may_alias]] = double;
};

/// As many T as a register holds (GCC's vector extension; lowered to what the processor has).
template <typename T>
using Vector = typename VectorOf<T>::type;

template <typename T>
inline Vector<T>& at(T* pointer) {
  return *reinterpret_cast<Vector<T>*>(pointer);
}
template <typename T>
inline const Vector<T>& at(const T* pointer) {
  return *reinterpret_cast<const Vector<T>*>(pointer);
}

}  // namespace parsimony::nn
