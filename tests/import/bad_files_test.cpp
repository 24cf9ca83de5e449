#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "import_test_support.hpp"

namespace parsimony::tflite {
namespace {

// bad/bad-*.tflite, by bad/make_bad.py; beside each a part of its message.
TEST(BadFiles, AreRefusedWithTheirMessage) {
  const auto files = files_in(std::filesystem::path(PARSIMONY_TEST_DIR) / "bad", ".tflite");
  ASSERT_GE(files.size(), 60u);
  for (const auto& path : files) {
    std::string message = read_file(std::filesystem::path(path).replace_extension(".txt"));
    message.pop_back();
    const std::string name = path.filename().string();
    EXPECT_THAT(refusal_of(read_file(path), name),
                testing::AllOf(testing::StartsWith(name + ": "), testing::HasSubstr(message)))
        << name;
  }
}

/// Every byte of a small model in turn set to the values that hurt: a network or an InputError, nothing else.
TEST(BadFiles, AnyDamagedByteIsSurvived) {
  for (const char* const name : {"squeeze_excite", "constants", "constant_operands", "byte_ends"}) {
    const std::string good = read_file(golden_folder() / (std::string(name) + ".tflite"));
    int refused = 0;
    for (std::size_t at = 0; at < good.size(); ++at)
      for (const char value : {'\0', '\1', '\x7f', '\x80', '\xff'}) {
        std::string damaged = good;
        damaged[at] = value;
        refused += refusal_of(damaged, "damaged.tflite").empty() ? 0 : 1;
      }
    EXPECT_GT(refused, 500);
  }
}

/// found/*: what fuzzers once found. Sanitizers see more than the test does.
TEST(BadFiles, WhatFuzzersFoundIsSurvived) {
  const auto files = files_in(std::filesystem::path(PARSIMONY_TEST_DIR) / "found", ".tflite");
  ASSERT_FALSE(files.empty());
  for (const auto& path : files) refusal_of(read_file(path), path.filename().string());
}

TEST(BadFiles, AConstantThatIsNoNumberIsNamed) {
  const std::string name = "constant_that_is_no_number.tflite";
  EXPECT_THAT(refusal_of(read_file(std::filesystem::path(PARSIMONY_TEST_DIR) / "found" / name), name),
              ::testing::HasSubstr("holds a value that is no number"));
}

TEST(BadFiles, AnyCutIsRefused) {
  const std::string good = read_file(golden_folder() / "conv.tflite");
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_NE(refusal_of(good.substr(0, size), "cut.tflite"), "") << size;
}

/// Files are not always loaded at a multiple of 16.
TEST(BadFiles, AGoodOneIsReadFromAnyAddress) {
  const std::string good = read_file(golden_folder() / "conv.tflite");
  const ir::Graph graph = import_bytes(good, "conv.tflite");
  for (std::size_t shift = 1; shift < 16; ++shift) {
    const std::string shifted = std::string(shift, ' ') + good;
    EXPECT_EQ(import_model({reinterpret_cast<const std::uint8_t*>(shifted.data()) + shift, good.size()},
                           "conv.tflite"),
              graph);
  }
}

}  // namespace
}  // namespace parsimony::tflite
