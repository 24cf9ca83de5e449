#include "parsimony/data/source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "parsimony/base/errors.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

/// study/here and data/here, data/there; gone at the end of the test.
class ResolvePath : public testing::Test {
 protected:
  ResolvePath() {
    fs::create_directories(root / "study/here");
    fs::create_directories(root / "data/here");
    fs::create_directories(root / "data/there");
  }
  ~ResolvePath() override { fs::remove_all(root); }

  fs::path root = fs::temp_directory_path() / ("parsimony-source-" + std::to_string(::getpid()));
  DataPlaces places{root / "study", root / "data"};
};

TEST_F(ResolvePath, PrefersTheStudysFolderThenTheDataFolder) {
  EXPECT_EQ(resolve_path("here", places), root / "study/here");
  EXPECT_EQ(resolve_path("there", places), root / "data/there");
}

TEST_F(ResolvePath, TakesAnAbsolutePathAsItIs) {
  EXPECT_EQ(resolve_path((root / "data/there").string(), {}), root / "data/there");
}

TEST_F(ResolvePath, NamesThePlacesLookedAt) {
  EXPECT_THAT([&] { resolve_path("nowhere", places); },
              testing::ThrowsMessage<InputError>("data.path: \"nowhere\" does not exist; looked at " +
                                                 (root / "study/nowhere").string() + ", " +
                                                 (root / "data/nowhere").string()));
  EXPECT_THAT(
      [&] {
        resolve_path("nowhere", {root, {}});
      },
      testing::ThrowsMessage<InputError>(testing::EndsWith("; $PARSIMONY_DATA is not set")));
}

TEST(OpenSource, NamesTheKnownFormatNearestToAnUnknownOne) {
  EXPECT_THAT([] { open_source({.format = "motion"}, {}); },
              testing::ThrowsMessage<InputError>(testing::StartsWith(
                  "data.format: is \"motion\", do you mean motions?; allowed: motions, uea")));
}

TEST(OpenSource, GeneratesMotionsBySeed) {
  const DataSource one = open_source({.format = "motions", .seed = 1}, {});
  const DataSource two = open_source({.format = "motions", .seed = 2}, {});
  EXPECT_NE(one.train.values, two.train.values);
}

TEST(OpenSource, RefusesAPathForGeneratedData) {
  EXPECT_THROW(open_source({.format = "motions", .path = "x", .seed = 1}, {}), InputError);
}

}  // namespace
}  // namespace parsimony::data
