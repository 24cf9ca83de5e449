#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parsimony::data {

/// A stretch of a recording, in samples or, by the recording's rate, in seconds.
struct Extent {
  double amount = 0.0;  ///< 0: not given
  bool in_seconds = false;
  bool operator==(const Extent&) const = default;
};

/// "128", "2.5 s" or "30 ms"; nothing for any other text, or an amount that is not above 0.
std::optional<Extent> parse_extent(std::string_view text);
std::string to_text(const Extent& extent);

/// Log-mel features in place of a sound's samples (`data.features`): the defaults of keyword spotting.
struct FeatureOptions {
  Extent frame{0.03, true}, hop{0.02, true};
  std::int64_t bands = 40, low = 20, high = 4000;  ///< low, high: [Hz]
  std::string layout = "image";                    ///< [frames, bands, 1], or "series": [frames, bands]
  bool operator==(const FeatureOptions&) const = default;
};

/// What a study's `data:` field says. What a format does not know keeps its default; source_keys() says which
/// format knows what.
struct SourceOptions {
  std::string format = "uea";  ///< one of known_formats()
  std::string path{};          ///< see resolve_path; empty where the format is generated
  std::string test{};          ///< the test part's path; empty: held out of `path`
  std::uint64_t seed = 1;      ///< of what is generated, held out for test, or left out by `cases`

  std::string unequal = "pad";  ///< or "resample": how series come to one length
  std::int64_t length = 0;      ///< steps of every series; 0: the longest training one's

  Extent window{}, stride{};  ///< stride not given: the window's
  double rate = 0.0;          ///< [Hz]; 0: not given
  std::string label_column{}, group_column{}, time_column{};
  std::vector<std::string> channels{};  ///< columns; empty: all others
  bool mix_recordings = false;          ///< windows of one recording may stand in two parts
  std::optional<FeatureOptions> features{};

  std::string size{};    ///< "HEIGHTxWIDTH" that images are brought to; empty: all have one size
  std::string colour{};  ///< "rgb" or "grey"; empty: as the files have it
  std::string axes{};    ///< of arrays, such as "ncl"; empty: by the number of axes

  std::int64_t cases = 0, test_cases = 0;  ///< keep so many, stratified; 0: all

  /// No key of a study: cases without a label are taken, with the label "" (open_cases).
  bool may_lack_labels = false;
};

/// A key of `data:` besides format and path.
struct SourceKey {
  using Member = std::variant<std::string SourceOptions::*, std::vector<std::string> SourceOptions::*,
                              std::uint64_t SourceOptions::*, std::int64_t SourceOptions::*,
                              double SourceOptions::*, bool SourceOptions::*, Extent SourceOptions::*,
                              std::optional<FeatureOptions> SourceOptions::*>;
  std::string name;
  Member member;
  std::vector<std::string> formats;       ///< that know it
  double low = 0.0, high = 0.0;           ///< of a number
  std::vector<std::string> choices = {};  ///< of a text; empty: any
};

/// All of them.
const std::vector<SourceKey>& source_keys();

/// Those that a format knows.
std::vector<SourceKey> source_keys_of(std::string_view format);

}  // namespace parsimony::data
