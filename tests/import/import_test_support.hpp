#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/import/tflite.hpp"

namespace parsimony::tflite {

using Values = std::vector<std::int8_t>;

inline ir::Graph import_bytes(const std::string& bytes, const std::string& where) {
  return import_model({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, where);
}

inline ir::Graph import_file(const std::filesystem::path& path) {
  return import_bytes(read_file(path), path.filename().string());
}

/// The message with which the bytes are refused; "" when they are not.
inline std::string refusal_of(const std::string& bytes, const std::string& where) {
  try {
    import_bytes(bytes, where);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

inline std::filesystem::path golden_folder() {
  return std::filesystem::path(PARSIMONY_TEST_DIR) / "golden";
}

inline std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder,
                                                   const std::string& ending) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ending) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// The four networks of MLPerf Tiny: $PARSIMONY_MODELS, else ../shared/models beside the project.
inline std::filesystem::path real_models() {
  const char* const directory = std::getenv("PARSIMONY_MODELS");
  return (directory != nullptr ? std::filesystem::path(directory)
                               : std::filesystem::path(PARSIMONY_SOURCE_DIR) / "../shared/models") /
         "mlperf_tiny";
}

inline Values bytes_of(std::string_view hex) {
  Values values;
  for (std::size_t k = 0; k + 1 < hex.size(); k += 2)
    values.push_back(static_cast<std::int8_t>(std::stoi(std::string(hex.substr(k, 2)), nullptr, 16)));
  return values;
}

/// The same bytes as bench/import/peer_bytes.py makes of a seed.
inline Values seeded_values(std::uint32_t state, std::int64_t elements) {
  Values values;
  for (std::int64_t k = 0; k < elements; ++k) {
    state = state * 1664525u + 1013904223u;
    values.push_back(static_cast<std::int8_t>(static_cast<int>(state >> 24) - 128));
  }
  return values;
}

/// The pairs of lines "input HEX" or "seed NUMBER", and "output HEX" of a file.
inline std::vector<std::pair<Values, Values>> read_runs(const std::filesystem::path& path,
                                                        std::int64_t elements) {
  std::vector<std::pair<Values, Values>> runs;
  const std::string text = read_file(path);
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = std::string_view(text).substr(start, end - start);
    start = end + 1;
    if (line.starts_with("input "))
      runs.push_back({bytes_of(line.substr(6)), {}});
    else if (line.starts_with("seed "))
      runs.push_back(
          {seeded_values(static_cast<std::uint32_t>(std::stoul(std::string(line.substr(5)))), elements), {}});
    else if (line.starts_with("output "))
      runs.back().second = bytes_of(line.substr(7));
  }
  return runs;
}

}  // namespace parsimony::tflite
