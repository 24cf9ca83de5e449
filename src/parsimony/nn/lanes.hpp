#pragma once

#include <cstdint>

namespace parsimony::nn {

/// Rows of channels are padded with zeros to whole vectors of 64 bytes, so that no kernel has a tail.
template <typename T>
inline constexpr int kLanes = 64 / static_cast<int>(sizeof(T));

/// Channels of a row in memory: `channels` rounded up to whole vectors.
template <typename T>
constexpr int padded(int channels) {
  return (channels + kLanes<T> - 1) / kLanes<T> * kLanes<T>;
}

template <typename T>
struct VectorOf;
template <>
struct VectorOf<float> {
  using type [[gnu::vector_size(64), gnu::may_alias]] = float;
};
template <>
struct VectorOf<double> {
  using type [[gnu::vector_size(64), gnu::may_alias]] = double;
};

/// 64 bytes of T in one register (GCC's vector extension; lowered to what the processor has).
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
