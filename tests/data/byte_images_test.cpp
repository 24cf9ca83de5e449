#include "parsimony/data/byte_images.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data_test_support.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
  return bytes;
}

std::string idx(const std::vector<std::uint32_t>& sizes, const std::string& content, char type = 8) {
  std::string bytes{'\0', '\0', type, static_cast<char>(sizes.size())};
  for (const std::uint32_t size : sizes) bytes += big_endian(size);
  return bytes + content;
}

/// Two images of 2 × 3 pixels to train, one to test.
void write_idx(const fs::path& folder) {
  write_file(folder / "train-images-idx3-ubyte",
             idx({2, 2, 3}, std::string("\0\1\2\3\4\5\xff\xfe\xfd\xfc\xfb\xfa", 12)));
  write_file(folder / "train-labels-idx1-ubyte", idx({2}, std::string("\7\3", 2)));
  write_file(folder / "t10k-images-idx3-ubyte", idx({1, 2, 3}, "abcdef"));
  write_file(folder / "t10k-labels-idx1-ubyte", idx({1}, "\3"));
}

TEST(Idx, ReadsImagesAndLabels) {
  const TemporaryFolder folder("digits");
  write_idx(folder.path());
  const DataSource source = read_idx(folder.path(), {});
  EXPECT_EQ(source.train.name, "digits");
  EXPECT_EQ(source.train.height, 2);
  EXPECT_EQ(source.train.width(), 3);
  EXPECT_EQ(source.train.class_names, (std::vector<std::string>{"3", "7"}));
  EXPECT_EQ(source.train.labels, (std::vector<std::int32_t>{1, 0}));
  EXPECT_EQ(source.train.values, (std::vector<float>{0, 1, 2, 3, 4, 5, 255, 254, 253, 252, 251, 250}));
  EXPECT_EQ(source.test.values, (std::vector<float>{'a', 'b', 'c', 'd', 'e', 'f'}));
}

TEST(Idx, RefusesHostileHeadersAndCuts) {
  const std::vector<std::string> bad = {"",
                                        idx({2, 2, 3}, ""),
                                        idx({2, 2, 3}, std::string(11, 'x')),
                                        idx({2, 2, 3}, std::string(13, 'x')),
                                        idx({0xffffffff, 0xffffffff, 0xffffffff}, "x"),
                                        idx({0x80000000, 8192, 8192}, ""),
                                        idx({0, 2, 3}, ""),
                                        idx({2, 0, 3}, ""),
                                        idx({12}, std::string(12, 'x')),
                                        idx({2, 2, 3}, std::string(12, 'x'), 13)};
  for (const std::string& bytes : bad) {
    const TemporaryFolder folder("digits");
    write_idx(folder.path());
    write_file(folder.path() / "train-images-idx3-ubyte", bytes);
    EXPECT_THAT([&] { read_idx(folder.path(), {}); },
                testing::ThrowsMessage<InputError>(testing::HasSubstr("train-images-idx3-ubyte: ")));
  }
}

TEST(Idx, RefusesAnotherCountOfLabels) {
  const TemporaryFolder folder("digits");
  write_idx(folder.path());
  write_file(folder.path() / "train-labels-idx1-ubyte", idx({3}, "abc"));
  EXPECT_THAT([&] { read_idx(folder.path(), {}); }, testing::ThrowsMessage<InputError>(testing::EndsWith(
                                                        "holds 3 labels; allowed: 2, one for each image")));
}

TEST(Idx, ReadsMnistPacked) {
  if (!fs::exists(real_data() / "mnist"))
    GTEST_SKIP() << "no real data at " << real_data() << " (PARSIMONY_DATA)";
  const DataSource source = read_idx(real_data() / "mnist", {.cases = 500});
  EXPECT_EQ(source.train.size(), 500);
  EXPECT_EQ(source.test.size(), 10000);
  EXPECT_EQ(source.train.width(), 28);
}

constexpr std::size_t kPlane = 1024;

std::string cifar_record(char label, char red, char green, char blue) {
  return label + std::string(kPlane, red) + std::string(kPlane, green) + std::string(kPlane, blue);
}

void write_cifar(const fs::path& folder) {
  for (int batch = 1; batch <= 5; ++batch)
    write_file(folder / ("data_batch_" + std::to_string(batch) + ".bin"),
               cifar_record(static_cast<char>(batch % 2), 1, 2, 3) + cifar_record(9, 4, 5, 6));
  write_file(folder / "test_batch.bin", cifar_record(9, 7, 8, '\xff'));
}

TEST(Cifar10, ReadsPlanesAsPixels) {
  const TemporaryFolder folder("cifar");
  write_cifar(folder.path());
  const DataSource source = read_cifar10(folder.path(), {});
  EXPECT_EQ(source.train.size(), 10);
  EXPECT_EQ(source.train.channels, 3);
  EXPECT_EQ(source.train.height, 32);
  EXPECT_THAT(source.train.case_values(1).subspan(0, 6), testing::ElementsAre(4, 5, 6, 4, 5, 6));
  EXPECT_THAT(source.test.case_values(0).subspan(3069), testing::ElementsAre(7, 8, 255));
  EXPECT_EQ(source.train.labels[1], 9);
}

TEST(Cifar10, RefusesCutsAndLabelsOverNine) {
  const TemporaryFolder folder("cifar");
  write_cifar(folder.path());
  write_file(folder.path() / "data_batch_3.bin", cifar_record(1, 1, 1, 1).substr(1));
  EXPECT_THAT([&] { read_cifar10(folder.path(), {}); },
              testing::ThrowsMessage<InputError>(
                  testing::HasSubstr("data_batch_3.bin: holds 3072 bytes; is it cut off?")));
  write_file(folder.path() / "data_batch_3.bin", cifar_record(10, 1, 1, 1));
  EXPECT_THAT([&] { read_cifar10(folder.path(), {}); },
              testing::ThrowsMessage<InputError>(
                  testing::EndsWith("data_batch_3.bin, record 0: has the label 10; allowed: 0 to 9")));
}

}  // namespace
}  // namespace parsimony::data
