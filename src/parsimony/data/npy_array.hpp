#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parsimony::data {

/// An array of NumPy's .npy format (version 1 to 3), looked at where it lies. Pickled objects are never read.
class NpyArray {
 public:
  /// @param bytes  the file's; must outlive this
  /// @param where  what messages call it
  /// @throws InputError when the header is none, of another type than bool, integers, floats or text, or its
  /// shape does
  ///         not fit the bytes behind it
  NpyArray(std::string_view bytes, std::string where);

  const std::vector<std::uint64_t>& shape() const { return shape_; }
  std::uint64_t size() const { return size_; }
  const std::string& where() const { return where_; }
  /// [axes] how far, in elements, the next one along an axis lies.
  std::vector<std::uint64_t> strides() const;

  /// The element that lies `place` elements behind the first. @throws InputError for text, and for a number
  /// that no float holds
  float number(std::uint64_t place) const;
  /// As a name: text as it stands, whole numbers in digits. @throws InputError for any other
  std::string name(std::uint64_t place) const;

 private:
  double value(std::uint64_t place) const;
  std::uint64_t bits(std::uint64_t place, std::uint64_t first, std::uint64_t count) const;
  [[noreturn]] void fail_element(std::uint64_t place, std::string_view problem,
                                 std::string_view allowed) const;
  void read_header();
  void read_type(std::string_view descr);

  std::string_view bytes_;
  std::string where_;
  std::vector<std::uint64_t> shape_;
  std::uint64_t size_ = 1, start_ = 0, item_bytes_ = 0;
  char kind_ = 0;  ///< NumPy's letter: b, i, u, f, U, S
  bool big_endian_ = false, fortran_ = false;
};

}  // namespace parsimony::data
