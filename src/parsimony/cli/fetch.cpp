#include "parsimony/cli/fetch.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <vector>

#include "parsimony/base/errors.hpp"
#include "parsimony/cli/renewed_line.hpp"
#include "parsimony/data/catalogue.hpp"
#include "parsimony/data/download.hpp"
#include "parsimony/data/source.hpp"

namespace parsimony::cli {
namespace {

std::string loaded_text(const std::string& name, std::int64_t here, std::int64_t all) {
  return fmt::format("{}: {}{} MB", name, here >> 20, all > 0 ? fmt::format(" of {}", all >> 20) : "");
}

/// Loads a URL into a file of the folder, under the name that the URL ends with.
std::filesystem::path load_into(const std::filesystem::path& folder, const std::string& url,
                                const std::string& checksum) {
  const std::string name = std::filesystem::path(url.substr(0, url.find_first_of("?#"))).filename().string();
  if (name.empty()) throw InputError(url, "ends in no file's name", "https://…/NAME.zip");
  const std::filesystem::path file = folder / name;
  if (std::filesystem::exists(file)) return file;
  data::DownloadOptions options;
  options.sha256 = checksum;
  RenewedLine line;
  options.progress = [&](std::int64_t here, std::int64_t all) { line.show(loaded_text(name, here, all)); };
  data::download(url, file, options);
  return file;
}

/// The URLs' files in a folder: an archive's content, or the files themselves.
void load(const std::vector<std::string>& urls, const std::filesystem::path& folder,
          const std::string& checksum) {
  if (urls.size() == 1 && data::names_archive(urls.front())) {
    if (std::filesystem::exists(folder))
      throw InputError(folder.string(), "exists", "a folder that does not: --to DIR");
    const std::filesystem::path archive = load_into(folder.parent_path(), urls.front(), checksum);
    data::unpack(archive, folder);
    std::filesystem::remove(archive);
    return;
  }
  for (const std::string& url : urls) load_into(folder, url, checksum);
}

std::filesystem::path fetch_folder(const FetchArguments& arguments, const std::string& below) {
  if (!arguments.to.empty()) return std::filesystem::absolute(arguments.to).lexically_normal();
  const std::filesystem::path data = data::data_directory_from_environment();
  if (data.empty())
    throw InputError("data fetch", "does not know where to: $PARSIMONY_DATA is not set",
                     "--to DIR, or $PARSIMONY_DATA");
  return data / below;
}

void check_known(const data::KnownData& known, const std::filesystem::path& folder) {
  data::SourceOptions options;
  options.format = known.format;
  options.path = folder.string();
  const std::string found = data::content_checksum(data::open_source(options, {}));
  if (found != known.checksum)
    throw InputError(folder.string(),
                     fmt::format("is not the {} that is known: its checksum is {}", known.name, found),
                     known.checksum);
}

}  // namespace

int run_fetch(const FetchArguments& arguments) {
  const data::KnownData* known = data::find_known_data(arguments.name);
  const bool url = arguments.name.find("://") != std::string::npos;
  if (known == nullptr && !url)
    throw InputError(arguments.name, "is no known data set and no URL",
                     "a name of `parsimony data list`, or https://…");
  std::vector<std::string> urls{arguments.name};
  if (known != nullptr) urls = data::download_urls(*known);
  if (urls.empty())
    throw InputError(arguments.name, "cannot be loaded by the program",
                     known->path.empty() ? "nothing to load: it is generated" : known->licence);
  const std::filesystem::path folder =
      fetch_folder(arguments, known != nullptr ? std::string(known->path) : data::data_name(arguments.name));
  if (known != nullptr) fmt::print("{}: {}; {}\n", known->name, known->source, known->licence);
  load(urls, folder, arguments.sha256);
  if (known != nullptr) check_known(*known, folder);
  fmt::print("{}\n", folder.string());
  return 0;
}

}  // namespace parsimony::cli
