#include "parsimony/data/file_tree.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/data/text_lines.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

/// libarchive's reader; its failures become InputErrors that name the archive.
class ArchiveReader {
 public:
  ArchiveReader(std::string where, std::int64_t packed_bytes, const UnpackLimits& limits)
      : where_(std::move(where)), limits_(limits), left_(limits.bytes_free + limits.ratio * packed_bytes) {
    PARSIMONY_EXPECTS(handle_ != nullptr);
    archive_read_support_filter_all(handle_.get());
  }

  archive* handle() { return handle_.get(); }
  void check(int status) const {
    if (status == ARCHIVE_OK || status == ARCHIVE_WARN) return;
    const char* const text = archive_error_string(handle_.get());
    throw InputError(where_, fmt::format("cannot be unpacked: {}; is it cut off?", text ? text : "corrupt"));
  }
  archive_entry* next() {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(handle_.get(), &entry);
    if (status == ARCHIVE_EOF) return nullptr;
    check(status);
    if (++entries_ > limits_.files)
      throw InputError(where_, "holds too many files", fmt::format("up to {}", limits_.files));
    return entry;
  }

  /// The bytes of the entry that next() gave, within the limits.
  std::string bytes(const std::string& name) {
    std::string bytes;
    char part[1 << 16];
    for (;;) {
      const la_ssize_t size = archive_read_data(handle_.get(), part, sizeof part);
      if (size < 0) check(static_cast<int>(size));
      if (size <= 0) return bytes;
      left_ -= size;
      bytes.append(part, static_cast<std::size_t>(size));
      if (left_ < 0 || static_cast<std::int64_t>(bytes.size()) > limits_.file)
        throw InputError(where_, fmt::format("unpacks to too many bytes, in \"{}\"", name),
                         fmt::format("a file of up to {} B, in all {} B and {} for each packed byte",
                                     limits_.file, limits_.bytes_free, limits_.ratio));
    }
  }

 private:
  std::unique_ptr<archive, decltype(&archive_read_free)> handle_{archive_read_new(), archive_read_free};
  std::string where_;
  UnpackLimits limits_;
  std::int64_t left_;
  std::int64_t entries_ = 0;
};

/// The entry's name without "./", refused where it would leave the folder.
std::string safe_name(const std::string& where, const char* given) {
  if (given == nullptr) throw InputError(where, "holds a file whose name is no UTF-8");
  const fs::path path = fs::path(given).lexically_normal();
  const bool leaves = std::find(path.begin(), path.end(), "..") != path.end();
  if (path.is_absolute() || leaves || path.empty() || path.string().find('\\') != std::string::npos)
    throw InputError(where, fmt::format("holds a file \"{}\", which is not inside its folder", given),
                     "relative names without '..'");
  return path.generic_string();
}

bool ends_with_any(const std::string& name, const std::vector<std::string>& endings) {
  const std::string small = lower_case(name);
  return std::any_of(endings.begin(), endings.end(),
                     [&](const std::string& ending) { return small.ends_with(ending); });
}

bool hidden(const fs::path& name) {
  return std::any_of(name.begin(), name.end(),
                     [](const fs::path& part) { return part.string().starts_with('.'); });
}

/// [files] names below the folder, sorted.
std::vector<std::string> names_below(const fs::path& folder, const std::vector<std::string>& endings) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, fs::directory_options::follow_directory_symlink, error),
       end;
       at != end; at.increment(error)) {
    if (error || at.depth() > 32) throw InputError(folder.string(), "cannot be listed, or is too deep");
    const fs::path name = at->path().lexically_relative(folder);
    if (at->is_regular_file(error) && !hidden(name) && ends_with_any(name.string(), endings))
      names.push_back(name.generic_string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

[[noreturn]] void fail_nothing(const fs::path& path, const std::vector<std::string>& endings) {
  throw InputError(path.string(), "holds no such file", fmt::format("files *{}", fmt::join(endings, ", *")));
}

/// The first folder that all names share, with its '/'; empty where they do not.
std::string common_folder(const std::vector<std::string>& names) {
  const std::string folder = names.front().substr(0, names.front().find('/') + 1);
  const bool shared = std::all_of(names.begin(), names.end(),
                                  [&](const std::string& name) { return name.starts_with(folder); });
  return shared ? folder : "";
}

void visit_archived(const fs::path& path, const std::vector<std::string>& endings, const VisitFile& visit) {
  std::vector<std::string> names;
  std::vector<std::string> contents;
  visit_archive(path, [&](const std::string& name, std::string bytes) {
    if (hidden(name) || !ends_with_any(name, endings)) return;
    names.push_back(name);
    contents.push_back(std::move(bytes));
  });
  if (names.empty()) fail_nothing(path, endings);
  const std::size_t prefix = common_folder(names).size();
  for (std::size_t i = 0; i < names.size(); ++i) visit(names[i].substr(prefix), std::move(contents[i]));
}

}  // namespace

bool names_archive(const fs::path& path) {
  static const std::vector<std::string> endings = {".tar",     ".tar.gz", ".tgz", ".tar.xz",
                                                   ".tar.bz2", ".zip",    ".npz"};
  return ends_with_any(path.string(), endings);
}

std::string place_of(const fs::path& path, const std::string& name) {
  const bool several = fs::is_directory(path) || names_archive(path);
  return (several ? path / name : path).string();
}

std::string data_name(const fs::path& path) {
  const fs::path clean = fs::absolute(path).lexically_normal();
  fs::path name = (clean.has_filename() ? clean : clean.parent_path()).filename();
  if (fs::is_directory(path)) return name.string();
  if (!names_archive(name)) return name.stem().string();
  return (name.stem().extension() == ".tar" ? name.stem().stem() : name.stem()).string();
}

void visit_archive(const fs::path& path, const VisitFile& visit, const UnpackLimits& limits) {
  std::error_code error;
  const auto packed = fs::file_size(path, error);
  if (error) throw InputError(path.string(), "cannot be read: " + error.message());
  ArchiveReader reader(path.string(), static_cast<std::int64_t>(packed), limits);
  archive_read_support_format_tar(reader.handle());
  archive_read_support_format_zip(reader.handle());
  reader.check(archive_read_open_filename(reader.handle(), path.c_str(), 1 << 16));
  while (archive_entry* const entry = reader.next()) {
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr) continue;
    const std::string name = safe_name(path.string(), archive_entry_pathname(entry));
    visit(name, reader.bytes(name));
  }
}

std::string decompressed(const std::string& bytes, const std::string& where, const UnpackLimits& limits) {
  const bool packed = bytes.starts_with("\x1f\x8b") ||
                      bytes.starts_with(
                          "\xfd"
                          "7zXZ") ||
                      bytes.starts_with("BZh");
  if (!packed) return bytes;
  ArchiveReader reader(where, static_cast<std::int64_t>(bytes.size()), limits);
  archive_read_support_format_raw(reader.handle());
  reader.check(archive_read_open_memory(reader.handle(), bytes.data(), bytes.size()));
  return reader.next() == nullptr ? std::string() : reader.bytes(where);
}

void visit_files(const fs::path& path, const std::vector<std::string>& endings, const VisitFile& visit) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    const auto names = names_below(path, endings);
    if (names.empty()) fail_nothing(path, endings);
    for (const std::string& name : names) visit(name, read_file(path / name));
  } else if (names_archive(path)) {
    visit_archived(path, endings, visit);
  } else {
    visit(path.filename().string(), read_file(path));
  }
}

}  // namespace parsimony::data
