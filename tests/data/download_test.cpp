#include "parsimony/data/download.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data_test_support.hpp"
#include "file_server.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/base/sha256.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

std::string some_bytes(std::size_t count) {
  RandomStream random(1, 0, "test.download");
  std::string bytes;
  while (bytes.size() < count) bytes.push_back(static_cast<char>(random.below(256)));
  return bytes;
}

class Download : public testing::Test {
 protected:
  TemporaryFolder folder{"load"};
  fs::path file = folder.path() / "below/file.bin";
  std::string content = some_bytes(300'000);
};

TEST_F(Download, LoadsAFileWhole) {
  const FileServer server(content);
  download(server.url(), file, {.sha256 = sha256(content)});
  EXPECT_EQ(read_file(file), content);
  EXPECT_FALSE(fs::exists(file.string() + ".part"));
}

TEST_F(Download, GoesOnWhereTheServerBrokeOff) {
  const FileServer server(content, {.break_after = 100'000});
  download(server.url(), file, {.sha256 = sha256(content)});
  EXPECT_EQ(read_file(file), content);
  EXPECT_THAT(server.starts(), testing::ElementsAre(0, 100'000, 200'000));
}

TEST_F(Download, GoesOnWhereAnEarlierProgramStopped) {
  const FileServer server(content);
  write_file(file.string() + ".part", content.substr(0, 12345));
  download(server.url(), file, {.sha256 = sha256(content)});
  EXPECT_EQ(read_file(file), content);
  EXPECT_THAT(server.starts(), testing::ElementsAre(12345));
}

TEST_F(Download, TakesAPartThatIsWholeAlready) {
  const FileServer server(content);
  write_file(file.string() + ".part", content);
  download(server.url(), file, {.sha256 = sha256(content)});
  EXPECT_EQ(read_file(file), content);
}

TEST_F(Download, BeginsAgainWhereTheServerKnowsNoRanges) {
  const FileServer server(content, {.ranges = false});
  write_file(file.string() + ".part", "something else");
  download(server.url(), file, {.sha256 = sha256(content)});
  EXPECT_EQ(read_file(file), content);
}

TEST_F(Download, RefusesAnotherChecksumAndKeepsNothing) {
  const FileServer server(content);
  EXPECT_THAT([&] { download(server.url(), file, {.sha256 = sha256("other")}); },
              testing::ThrowsMessage<InputError>(
                  testing::AllOf(testing::HasSubstr(sha256(content)), testing::EndsWith(sha256("other")))));
  EXPECT_FALSE(fs::exists(file));
  EXPECT_FALSE(fs::exists(file.string() + ".part"));
}

TEST_F(Download, GivesUpAfterItsTriesAndKeepsWhatCame) {
  const FileServer server(content, {.break_after = 1000});
  EXPECT_THAT([&] { download(server.url(), file, {.tries = 3}); },
              testing::ThrowsMessage<EnvironmentError>(testing::EndsWith("in 3 tries; what came is kept")));
  EXPECT_FALSE(fs::exists(file));
  EXPECT_EQ(fs::file_size(file.string() + ".part"), 3000u);
}

TEST_F(Download, SaysWhatTheServerDoesNotKnow) {
  const FileServer server(content, {.status = 404});
  EXPECT_THAT(
      [&] { download(server.url(), file); },
      testing::ThrowsMessage<InputError>(testing::EndsWith("cannot be loaded: the server answers 404")));
  EXPECT_THROW(download("gopher://127.0.0.1/x", file), InputError);
}

TEST_F(Download, StopsAtTheLargestSize) {
  const FileServer server(content);
  EXPECT_THAT([&] { download(server.url(), file, {.largest = 1000}); },
              testing::ThrowsMessage<InputError>(testing::EndsWith("is too large; allowed: up to 1000 B")));
}

TEST_F(Download, ReportsHowMuchIsHere) {
  const FileServer server(content);
  std::int64_t last = 0, whole = 0;
  download(server.url(), file,
           {.progress = [&](std::int64_t here, std::int64_t all) { last = here, whole = all; }});
  EXPECT_EQ(last, 300'000);
  EXPECT_EQ(whole, 300'000);
}

}  // namespace
}  // namespace parsimony::data
