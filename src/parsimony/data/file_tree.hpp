#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace parsimony::data {

/// What unpacking may cost: a bomb is refused before memory or disk is full.
struct UnpackLimits {
  std::int64_t bytes_free = std::int64_t{64} << 20;  ///< [B] allowed whatever the archive's size
  std::int64_t ratio = 200;                          ///< besides: so many bytes for each of the archive's
  std::int64_t file = std::int64_t{1} << 30;         ///< [B] of a single file
  std::int64_t files = 2'000'000;
};

/// Takes a file's name, its folders divided by '/', and its bytes.
using VisitFile = std::function<void(const std::string& name, std::string bytes)>;

/// Whether the name ends as an archive's that visit_archive reads: .tar, .tar.gz, .tgz, .tar.xz, .tar.bz2,
/// .zip, .npz.
bool names_archive(const std::filesystem::path& path);

/// What a data set at that path is called: the file's or folder's name, without an archive's or file's
/// ending.
std::string data_name(const std::filesystem::path& path);

/// What messages call the file of that name which visit_files found at `path`.
std::string place_of(const std::filesystem::path& path, const std::string& name);

/// Every regular file of an archive, in its order. A common first folder of all names is left in place.
/// @throws InputError naming the archive and the entry when it is corrupt, cut off or over a limit, or a
///         name is absolute or leaves its folder by ".."
void visit_archive(const std::filesystem::path& archive, const VisitFile& visit,
                   const UnpackLimits& limits = {});

/// One gzip, xz or bzip2 stream from memory, or the bytes themselves when they are none.
/// @param where  what messages call them
std::string decompressed(const std::string& bytes, const std::string& where, const UnpackLimits& limits = {});

/// The files below a folder whose names end in one of `endings` (small letters; case is ignored), sorted by
/// name; hidden ones (".…") are passed over. Of an archive likewise, in its order, and without the first
/// folder where all names share it. A single file is visited under its own name, whatever its ending.
/// @throws InputError as visit_archive; when there is no such file
void visit_files(const std::filesystem::path& path, const std::vector<std::string>& endings,
                 const VisitFile& visit);

}  // namespace parsimony::data
