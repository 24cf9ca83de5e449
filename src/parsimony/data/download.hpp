#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "parsimony/data/file_tree.hpp"

namespace parsimony::data {

struct DownloadOptions {
  std::string sha256{};  ///< of the file, in small hexadecimal digits; empty: not checked
  std::int64_t largest = std::int64_t{16} << 30;  ///< [B]
  int tries = 4;                                  ///< each goes on where the one before broke off
  long stalled_seconds = 60;                      ///< without a byte a second: the try has failed
  std::function<void(std::int64_t here, std::int64_t all)> progress{};  ///< [B]; all: 0 while unknown
};

/// Loads a URL (https, http, file) into a file. What a broken try left, also of an earlier program, stays as
/// `<file>.part` and is gone on from where the server can; the file itself appears whole, its checksum right,
/// or not at all.
/// @throws InputError for a URL that the server does not know, a file over `largest`, or another checksum
/// (the part is
///         then removed); EnvironmentError when the server cannot be reached or breaks off in every try
void download(const std::string& url, const std::filesystem::path& file, const DownloadOptions& options = {});

/// Unpacks an archive into a new folder (visit_archive), which appears whole or not at all; a first folder
/// that all files share is taken off. @throws InputError as visit_archive; when the folder exists
void unpack(const std::filesystem::path& archive, const std::filesystem::path& folder,
            const UnpackLimits& limits = {});

}  // namespace parsimony::data
