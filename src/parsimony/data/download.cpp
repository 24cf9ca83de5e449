#include "parsimony/data/download.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/base/sha256.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

/// One try: what libcurl's callbacks see.
struct Try {
  const DownloadOptions& options;
  std::FILE* out = nullptr;
  std::int64_t here = 0;  ///< [B] in the file
  bool too_large = false, disk_full = false;
};

std::size_t write_bytes(char* bytes, std::size_t, std::size_t count, void* context) {
  auto& at = *static_cast<Try*>(context);
  at.here += static_cast<std::int64_t>(count);
  at.too_large = at.here > at.options.largest;
  if (at.too_large) return 0;
  const std::size_t written = std::fwrite(bytes, 1, count, at.out);
  at.disk_full = written < count;
  return written;
}

int report(void* context, curl_off_t all, curl_off_t now, curl_off_t, curl_off_t) {
  auto& at = *static_cast<Try*>(context);
  if (at.options.progress) at.options.progress(at.here, all > 0 ? at.here + all - now : 0);
  return 0;
}

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

void set_options(CURL* curl, const std::string& url, Try& at) {
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http,file");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https,http");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 30L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, at.options.stalled_seconds);
  curl_easy_setopt(curl, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(at.here));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, write_bytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &at);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, report);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &at);
}

enum class Outcome { kDone, kBroken, kNotResumable };

/// @throws InputError, EnvironmentError for what another try would not mend
Outcome try_once(const std::string& url, const fs::path& part, const DownloadOptions& options,
                 std::string& problem) {
  const Curl curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) throw EnvironmentError("libcurl cannot be started");
  std::error_code error;
  Try at{options};
  at.here = fs::exists(part) ? static_cast<std::int64_t>(fs::file_size(part, error)) : 0;
  const bool resumes = at.here > 0;
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> out(std::fopen(part.c_str(), "ab"), std::fclose);
  if (!out) throw EnvironmentError(fmt::format("{}: cannot be written", part.string()));
  at.out = out.get();
  set_options(curl.get(), url, at);
  const CURLcode code = curl_easy_perform(curl.get());
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  problem = status >= 400 ? fmt::format("the server answers {}", status) : curl_easy_strerror(code);
  if (std::fflush(out.get()) != 0 || at.disk_full)
    throw EnvironmentError(fmt::format("{}: the disk is full", part.string()));
  if (at.too_large) throw InputError(url, "is too large", fmt::format("up to {} B", options.largest));
  if (code == CURLE_OK) return Outcome::kDone;
  const bool refused = code == CURLE_RANGE_ERROR || code == CURLE_BAD_DOWNLOAD_RESUME || status == 416;
  if (resumes && refused) return Outcome::kNotResumable;
  const bool users = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
                     code == CURLE_FILE_COULDNT_READ_FILE || (status >= 400 && status < 500);
  if (users) throw InputError(url, "cannot be loaded: " + problem);
  return Outcome::kBroken;
}

bool has_checksum(const fs::path& file, const std::string& wanted) {
  return wanted.empty() || sha256(read_file(file)) == wanted;
}

std::string without_common_folder(const std::vector<std::string>& names, const std::string& name) {
  const std::string folder = names.front().substr(0, names.front().find('/') + 1);
  for (const std::string& other : names)
    if (!other.starts_with(folder)) return name;
  return name.substr(folder.size());
}

}  // namespace

void download(const std::string& url, const fs::path& file, const DownloadOptions& options) {
  const fs::path part = file.string() + ".part";
  std::error_code error;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), error);
  std::string problem;
  bool done = false;
  for (int k = 0; k < options.tries && !done; ++k) {
    const Outcome outcome = try_once(url, part, options, problem);
    // a part that is the whole file already cannot be gone on from
    done = outcome == Outcome::kDone || (outcome == Outcome::kNotResumable && !options.sha256.empty() &&
                                         has_checksum(part, options.sha256));
    if (!done && outcome == Outcome::kNotResumable) fs::remove(part, error);
  }
  if (!done)
    throw EnvironmentError(
        fmt::format("{}: {}, in {} tries; what came is kept", url, problem, options.tries));
  if (!has_checksum(part, options.sha256)) {
    const std::string found = sha256(read_file(part));
    fs::remove(part, error);
    throw InputError(url, fmt::format("has the SHA-256 {}", found), options.sha256);
  }
  fs::rename(part, file, error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", file.string(), error.message()));
}

void unpack(const fs::path& archive, const fs::path& folder, const UnpackLimits& limits) {
  if (fs::exists(folder)) throw InputError(folder.string(), "exists", "a folder that does not");
  std::vector<std::string> names;
  visit_archive(
      archive, [&](const std::string& name, const std::string&) { names.push_back(name); }, limits);
  if (names.empty()) throw InputError(archive.string(), "holds no file");
  const fs::path fresh = folder.string() + ".unpacking";
  std::error_code error;
  fs::remove_all(fresh, error);
  visit_archive(
      archive,
      [&](const std::string& name, const std::string& bytes) {
        write_file(fresh / without_common_folder(names, name), bytes);
      },
      limits);
  fs::rename(fresh, folder, error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", folder.string(), error.message()));
}

}  // namespace parsimony::data
