#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/data/dataset.hpp"
#include "parsimony/data/named_cases.hpp"
#include "parsimony/data/source_options.hpp"

namespace parsimony::data {

/// Sound as a microphone's driver hands it over.
struct Wav {
  std::int32_t rate = 0, channels = 0;  ///< [Hz]
  std::vector<float> values;  ///< [samples, channels] in units of a 16-bit sample, −32768 … 32767
};

/// A RIFF WAVE file from memory: PCM of 8, 16, 24 or 32 bits, or float of 32 bits (1.0 is 32768).
/// @throws InputError for `where` when it is none, of another coding, or cut off
Wav parse_wav(std::string_view bytes, const std::string& where);

/// Reads *.wav below a folder or in an archive: the first folder is the class, folders train and test the
/// parts (divided_by_folder), each file a group. All files have one rate and number of channels. Windows are
/// cut as of other recordings; a file that is shorter than a window ends in silence. With options.features,
/// the values are the front end's: each window an image [frames, bands, 1] or a series [frames, bands].
/// @throws InputError naming the file that is corrupt, of another rate, or stands in no folder
DataSource read_wav(const std::filesystem::path& path, const std::filesystem::path& test,
                    const SourceOptions& options);

/// Every window below the path; of folders train and test those of test. A file may stand in no folder where
/// options.may_lack_labels.
NamedCases read_wav_cases(const std::filesystem::path& path, const SourceOptions& options);

}  // namespace parsimony::data
