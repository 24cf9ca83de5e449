#include "parsimony/data/npz_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "data_test_support.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/data/npy_array.hpp"

namespace parsimony::data {
namespace {

std::string npy(const std::string& descr, const std::string& shape, const std::string& content,
                const std::string& order = "False") {
  const std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': ({}), }}\n", descr, order, shape);
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size() & 255) +
         static_cast<char>(header.size() >> 8) + header + content;
}

template <typename T>
std::string bytes_of(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

std::string floats(const std::vector<float>& values, const std::string& shape) {
  return npy("<f4", shape, bytes_of(values));
}

TEST(Npz, ReadsWhatNumpyWrote) {
  const DataSource source = read_npz(std::filesystem::path(PARSIMONY_TEST_DIR) / "by_numpy.npz", {});
  EXPECT_EQ(source.train.channels, 3);
  EXPECT_EQ(source.train.length, 4);
  EXPECT_THAT(source.train.case_values(1),
              testing::ElementsAre(12, 16, 20, 13, 17, 21, 14, 18, 22, 15, 19, 23));
  EXPECT_THAT(source.test.case_values(0).subspan(0, 4), testing::ElementsAre(100, 104, 108, 101));
  EXPECT_EQ(source.train.class_names, (std::vector<std::string>{"on", "äus"}));
  EXPECT_EQ(source.test.labels, (std::vector<std::int32_t>{0, 0}));
  EXPECT_EQ(source.train.groups, (std::vector<std::int32_t>{0, 1}));
}

TEST(Npz, NeverReadsPickledObjects) {
  EXPECT_THAT(
      [] { read_npz(std::filesystem::path(PARSIMONY_TEST_DIR) / "by_numpy_objects.npz", {}); },
      testing::ThrowsMessage<InputError>(testing::HasSubstr("X: is of type '|O'; allowed: bool, integers")));
}

/// The elements of an array of shape [2, 3, 2, 2], by axes; the value spells the indices.
TEST(Npz, TakesTheAxesAsSpelt) {
  for (const std::string axes : {"nchw", "nhwc", "hnwc", "chwn"}) {
    const std::map<char, int> size{{'n', 10}, {'c', 3}, {'h', 2}, {'w', 4}};
    std::vector<float> values;
    std::map<char, int> index;
    for (index[axes[0]] = 0; index[axes[0]] < size.at(axes[0]); ++index[axes[0]])
      for (index[axes[1]] = 0; index[axes[1]] < size.at(axes[1]); ++index[axes[1]])
        for (index[axes[2]] = 0; index[axes[2]] < size.at(axes[2]); ++index[axes[2]])
          for (index[axes[3]] = 0; index[axes[3]] < size.at(axes[3]); ++index[axes[3]])
            values.push_back(
                static_cast<float>(1000 * index['n'] + 100 * index['h'] + 10 * index['w'] + index['c']));
    const TemporaryFolder folder("arrays");
    const std::string shape =
        fmt::format("{}, {}, {}, {}", size.at(axes[0]), size.at(axes[1]), size.at(axes[2]), size.at(axes[3]));
    for (const char* part : {"train", "test"}) {
      write_file(folder.path() / fmt::format("X_{}.npy", part), floats(values, shape));
      write_file(folder.path() / fmt::format("y_{}.npy", part), npy("|u1", "10,", std::string(10, 'a')));
    }
    const DataSource source = read_npz(folder.path(), {.axes = axes});
    EXPECT_EQ(source.train.height, 2);
    EXPECT_EQ(source.train.width(), 4);
    const auto seventh = source.train.case_values(7);
    EXPECT_EQ(seventh[0], 7000) << axes;
    EXPECT_EQ(seventh[1], 7001) << axes;
    EXPECT_EQ(seventh[3], 7010) << axes;
    EXPECT_EQ(seventh[12], 7100) << axes;
  }
}

TEST(Npz, HoldsOutATestPartWhereThereIsNone) {
  const TemporaryFolder folder("arrays");
  write_file(folder.path() / "x.npy", floats(std::vector<float>(20), "10, 2"));
  write_file(folder.path() / "y.npy", npy("|b1", "10, 1", std::string("\0\1\0\1\0\1\0\1\0\1", 10)));
  const DataSource source = read_npz(folder.path(), {});
  EXPECT_EQ(source.train.size(), 8);
  EXPECT_EQ(source.test.size(), 2);
  EXPECT_EQ(source.train.channels, 1);
}

TEST(NpyArray, ReadsEveryTypeOfNumber) {
  const auto first = [](const std::string& bytes) { return NpyArray(bytes, "x").number(0); };
  EXPECT_EQ(first(npy("<f8", "1,", bytes_of<double>({-2.5}))), -2.5f);
  EXPECT_EQ(first(npy("|i1", "1,", "\xfe")), -2);
  EXPECT_EQ(first(npy(">i2", "1,", "\xff\xfe")), -2);
  EXPECT_EQ(first(npy("<i8", "1,", bytes_of<std::int64_t>({-3000000}))), -3000000);
  EXPECT_EQ(first(npy("<u4", "1,", bytes_of<std::uint32_t>({4000000000}))), 4e9f);
  EXPECT_EQ(first(npy("<f2", "1,", std::string("\x00\xc1", 2))), -2.5f);
  EXPECT_EQ(first(npy("<f2", "1,", std::string("\x01\x00", 2))), std::ldexp(1.0f, -24));
}

TEST(NpyArray, RefusesHostileHeaders) {
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"", "x: does not begin as a .npy file does"},
      {"\x93NUMPY", "x: does not begin as a .npy file does"},
      {std::string("\x93NUMPY\x09\x00\x00\x00\x00\x00", 12), "x: is of version 9; allowed: 1 to 3"},
      {std::string("\x93NUMPY\x01\x00\xff\xff{", 11), "x: ends in its header; is it cut off?"},
      {npy("<f4", "2,", "1234567"),
       "x: holds 7 bytes behind its header; is it cut off?; allowed: as many as its shape says"},
      {npy("<f4", "4611686018427387904, 4", ""),
       "x: holds 0 bytes behind its header; is it cut off?; allowed: as many as its shape says"},
      {npy("<f4", "18446744073709551616", ""), "x: has the shape (18446744073709551616)"},
      {npy("<f4", "-1,", ""), "x: has the shape (-1,)"},
      {npy("<c8", "1,", "12345678"),
       "x: is of type '<c8'; allowed: bool, integers, float16 to float64, text; no pickled objects"},
      {npy("<f4", "1,", "1234", "Maybe"), "x: has a header without fortran_order and shape"},
      {npy("<U99999", "1,", ""),
       "x: is of type '<U99999'; allowed: bool, integers, float16 to float64, text; no pickled objects"},
  };
  for (const auto& one : bad)
    EXPECT_THAT([&] { NpyArray(one.first, "x"); }, testing::ThrowsMessage<InputError>(one.second));
}

TEST(NpyArray, SurvivesAnyDamage) {
  const std::string whole = npy("<i4", "3, 2", std::string(24, 'x'));
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    RandomStream random(seed, 0, "test.damage");
    std::string damaged = whole;
    for (std::uint64_t k = 1 + random.below(4); k > 0; --k)
      damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    try {
      const NpyArray array(damaged, "x");
      for (std::uint64_t i = 0; i < array.size(); ++i) array.name(i);
    } catch (const InputError&) {
    }
  }
}

TEST(Npz, RefusesWhatDoesNotFitTogether) {
  const TemporaryFolder folder("arrays");
  const auto path = folder.path();
  const auto refuses = [&](const std::string& message, const SourceOptions& options = {}) {
    EXPECT_THAT([&] { read_npz(path, options); },
                testing::ThrowsMessage<InputError>(testing::HasSubstr(message)));
  };
  write_file(path / "X.npy", floats({1, 2, 3, 4}, "2, 2"));
  refuses("holds no array y, only X; allowed: X_train");
  write_file(path / "y.npy", npy("|u1", "3,", "abc"));
  refuses("y: has the shape (3); allowed: (2), one for each case");
  write_file(path / "y.npy", npy("<f4", "2,", bytes_of<float>({0.5f, 1})));
  refuses("y: element 0 is 0.5; allowed: text or whole numbers");
  refuses("X: has 2 axes, data.axes is \"nc\"; allowed: one letter an axis", {.axes = "nc"});
  refuses("X: has 2 axes, data.axes is \"ncl\"", {.axes = "ncl"});
  write_file(path / "X.npy", floats({1, std::numeric_limits<float>::quiet_NaN(), 3, 4}, "2, 2"));
  refuses("X: element 1 is nan; allowed: finite numbers that a float can hold");
  write_file(path / "X.npy", floats({}, "0, 2"));
  refuses("X: has the shape (0, 2)");
}

}  // namespace
}  // namespace parsimony::data
