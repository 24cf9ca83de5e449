#include "parsimony/data/file_tree.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "data_test_support.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/data/download.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;

/// An archive of these files, its format by its ending; a name "l->TARGET" becomes a symbolic link.
void write_archive(const fs::path& path, const Files& files) {
  archive* const out = archive_write_new();
  ASSERT_EQ(archive_write_set_format_filter_by_ext(out, path.c_str()), ARCHIVE_OK);
  ASSERT_EQ(archive_write_open_filename(out, path.c_str()), ARCHIVE_OK);
  for (const auto& [name, bytes] : files) {
    archive_entry* const entry = archive_entry_new();
    const std::size_t arrow = name.find("->");
    archive_entry_set_pathname(entry, name.substr(0, arrow).c_str());
    archive_entry_set_filetype(entry, arrow == std::string::npos ? AE_IFREG : AE_IFLNK);
    if (arrow != std::string::npos) archive_entry_set_symlink(entry, name.substr(arrow + 2).c_str());
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    ASSERT_EQ(archive_write_header(out, entry), ARCHIVE_OK);
    archive_write_data(out, bytes.data(), bytes.size());
    archive_entry_free(entry);
  }
  archive_write_free(out);
}

Files visited(const fs::path& path, const std::vector<std::string>& endings = {""}) {
  Files files;
  visit_files(path, endings,
              [&](const std::string& name, std::string bytes) { files[name] = std::move(bytes); });
  return files;
}

/// Bytes that no archive makes smaller.
std::string random_bytes(std::size_t count) {
  RandomStream random(1, 0, "test.bytes");
  std::string bytes;
  while (bytes.size() < count) bytes.push_back(static_cast<char>(random.below(256)));
  return bytes;
}

class FileTree : public testing::Test {
 protected:
  TemporaryFolder folder{"tree"};
  Files files{{"a/1.csv", "one"}, {"a/2.TXT", ""}, {"b/c/3.csv", random_bytes(30000)}};
};

TEST_F(FileTree, AFolderAndItsArchivesHoldTheSame) {
  for (const auto& [name, bytes] : files) write_file(folder.path() / "plain" / name, bytes);
  EXPECT_EQ(visited(folder.path() / "plain"), files);
  for (const char* name : {"x.zip", "x.tar", "x.tar.gz", "x.tgz", "x.tar.xz", "x.tar.bz2"}) {
    write_archive(folder.path() / name, files);
    EXPECT_EQ(visited(folder.path() / name), files) << name;
  }
}

TEST_F(FileTree, TakesOnlyTheEndingsAskedFor) {
  write_archive(folder.path() / "x.zip", files);
  EXPECT_THAT(visited(folder.path() / "x.zip", {".txt"}), testing::ElementsAre(testing::Key("2.TXT")));
  EXPECT_THAT(
      [&] {
        visited(folder.path() / "x.zip", {".wav", ".flac"});
      },
      testing::ThrowsMessage<InputError>(
          testing::EndsWith("holds no such file; allowed: files *.wav, *.flac")));
}

TEST_F(FileTree, TakesOffTheFirstFolderThatAllNamesShare) {
  write_archive(folder.path() / "x.tar", {{"set/a/1", "one"}, {"set/b/2", "two"}});
  EXPECT_EQ(visited(folder.path() / "x.tar"), (Files{{"a/1", "one"}, {"b/2", "two"}}));
}

TEST_F(FileTree, PassesOverHiddenFilesAndLinks) {
  write_archive(folder.path() / "x.tar", {{"a/1", "one"}, {"b/.2", "two"}, {"c->/etc/passwd", ""}});
  EXPECT_THAT(visited(folder.path() / "x.tar"), testing::ElementsAre(testing::Key("1")));
}

TEST_F(FileTree, RefusesNamesThatLeaveTheFolder) {
  for (const char* name : {"../evil", "a/../../evil", "/etc/evil", "a\\evil"}) {
    write_archive(folder.path() / "x.tar", {{name, "one"}});
    EXPECT_THAT([&] { visited(folder.path() / "x.tar"); },
                testing::ThrowsMessage<InputError>(testing::HasSubstr("which is not inside its folder")))
        << name;
  }
}

TEST_F(FileTree, RefusesABombBeforeItIsUnpacked) {
  write_archive(folder.path() / "x.tar.gz", {{"zeros", std::string(4 << 20, '\0')}});
  const UnpackLimits limits{.bytes_free = 1 << 20, .ratio = 10};
  EXPECT_THAT(
      [&] {
        visit_archive(
            folder.path() / "x.tar.gz", [](const std::string&, std::string) {}, limits);
      },
      testing::ThrowsMessage<InputError>(testing::HasSubstr("unpacks to too many bytes, in \"zeros\"")));
  const std::string bytes = read_file(folder.path() / "x.tar.gz");
  EXPECT_THROW(decompressed(bytes, "x", limits), InputError);
}

TEST_F(FileTree, RefusesEveryCutOfAnArchiveOrReadsWholeFilesOnly) {
  for (const char* name : {"x.zip", "x.tar.gz", "x.tar.xz"}) {
    const fs::path path = folder.path() / name;
    write_archive(path, files);
    const std::string whole = read_file(path);
    for (std::size_t bytes = 0; bytes < whole.size(); bytes += 1 + whole.size() / 100) {
      write_file(path, whole.substr(0, bytes));
      try {
        for (const auto& [file, content] : visited(path)) EXPECT_EQ(content, files.at(file)) << name << bytes;
      } catch (const InputError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr(name));
      }
    }
  }
}

TEST_F(FileTree, DecompressesOneStreamAndLeavesOtherBytesAlone) {
  EXPECT_EQ(decompressed("plain bytes", "x"), "plain bytes");
  write_archive(folder.path() / "x.tar.gz", {{"a", "content"}});
  const std::string tar = decompressed(read_file(folder.path() / "x.tar.gz"), "x");
  EXPECT_THAT(tar, testing::HasSubstr("content"));
}

TEST_F(FileTree, UnpacksAFolderThatAppearsWholeOrNotAtAll) {
  write_archive(folder.path() / "x.zip", {{"set/a/1", "one"}, {"set/b/2", "two"}});
  unpack(folder.path() / "x.zip", folder.path() / "set");
  EXPECT_EQ(read_file(folder.path() / "set/a/1"), "one");
  EXPECT_THAT([&] { unpack(folder.path() / "x.zip", folder.path() / "set"); },
              testing::ThrowsMessage<InputError>(testing::HasSubstr("set: exists")));
  write_archive(folder.path() / "y.tar", {{"a", "one"}, {"b/../../evil", "two"}});
  EXPECT_THROW(unpack(folder.path() / "y.tar", folder.path() / "other"), InputError);
  EXPECT_FALSE(fs::exists(folder.path() / "other"));
  EXPECT_FALSE(fs::exists(folder.path() / "evil"));
}

TEST_F(FileTree, NamesADataSetWithoutItsArchivesEnding) {
  EXPECT_EQ(data_name("a/set.tar.gz"), "set");
  EXPECT_EQ(data_name("a/set.v2.zip"), "set.v2");
  EXPECT_EQ(data_name("a/x.csv"), "x");
  EXPECT_EQ(data_name(folder.path() / ""), "tree");
}

}  // namespace
}  // namespace parsimony::data
