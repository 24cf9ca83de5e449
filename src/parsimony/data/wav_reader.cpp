#include "parsimony/data/wav_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <span>

#include "parsimony/base/errors.hpp"
#include "parsimony/data/file_tree.hpp"
#include "parsimony/data/named_cases.hpp"
#include "parsimony/data/recordings.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

std::uint32_t little_endian(std::string_view bytes, std::size_t place, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(bytes[place + i]);
  return value;
}

/// What the chunk "fmt " says.
struct Coding {
  std::uint32_t tag = 0, channels = 0, rate = 0, block = 0, bits = 0;
};

constexpr std::uint32_t kPcm = 1, kFloat = 3, kExtensible = 0xfffe;

Coding read_coding(std::string_view chunk, const std::string& where) {
  if (chunk.size() < 16)
    throw InputError(where, fmt::format("has a fmt chunk of {} bytes", chunk.size()), "16 or more");
  Coding coding{little_endian(chunk, 0, 2), little_endian(chunk, 2, 2), little_endian(chunk, 4, 4),
                little_endian(chunk, 12, 2), little_endian(chunk, 14, 2)};
  if (coding.tag == kExtensible && chunk.size() >= 26) coding.tag = little_endian(chunk, 24, 2);
  const bool pcm = coding.tag == kPcm && coding.bits >= 8 && coding.bits <= 32 && coding.bits % 8 == 0;
  if (!pcm && !(coding.tag == kFloat && coding.bits == 32))
    throw InputError(where, fmt::format("is coded as {} with {} bits", coding.tag, coding.bits),
                     "1 (PCM) with 8, 16, 24 or 32 bits, 3 (float) with 32");
  if (coding.channels < 1 || coding.channels > 64 || coding.rate < 1 || coding.rate > 1'000'000 ||
      coding.block != coding.channels * coding.bits / 8)
    throw InputError(
        where,
        fmt::format("has {} channels, {} Hz, {} bytes a sample", coding.channels, coding.rate, coding.block),
        "1 to 64 channels, 1 to 1000000 Hz");
  return coding;
}

float sample(std::string_view bytes, std::size_t place, const Coding& coding) {
  const std::uint32_t raw = little_endian(bytes, place, coding.bits / 8);
  if (coding.tag == kFloat) return 32768.0f * std::bit_cast<float>(raw);
  if (coding.bits == 8) return (static_cast<float>(raw) - 128.0f) * 256.0f;
  const std::uint32_t unused = 32 - coding.bits;
  return std::ldexp(static_cast<float>(static_cast<std::int32_t>(raw << unused)), -16);
}

struct WavFile {
  std::string name, where;
  Wav wav;
};

features::LogMel log_mel_of(const FeatureOptions& wanted, std::int32_t rate, std::int64_t window) {
  const auto number = [](std::int64_t value) { return static_cast<std::int32_t>(value); };
  return {.rate = rate,
          .samples = number(window),
          .frame = number(in_samples(wanted.frame, "data.features.frame", rate)),
          .hop = number(in_samples(wanted.hop, "data.features.hop", rate)),
          .bands = number(wanted.bands),
          .low = number(wanted.low),
          .high = number(wanted.high)};
}

/// Files that are alike, as the first one is; of sounds with a front end, the features of their windows.
class WavFiles {
 public:
  explicit WavFiles(const SourceOptions& options) : options_(options) {}

  std::vector<WavFile> read(const fs::path& path) {
    std::vector<WavFile> files;
    visit_files(path, {".wav"}, [&](const std::string& name, const std::string& bytes) {
      WavFile file{name, place_of(path, name), {}};
      file.wav = parse_wav(bytes, file.where);
      if (!first_) begin_with(file);
      expect_alike(file);
      if (front_end_) file.wav = features_of(file.wav);
      files.push_back(std::move(file));
    });
    return files;
  }

  /// What the values as read are cut by.
  SourceOptions cut() const {
    SourceOptions cut = options_;
    cut.rate = first_->wav.rate;
    if (front_end_) cut.window = cut.stride = {static_cast<double>(front_end_->settings().frames()), false};
    return cut;
  }

  std::vector<std::string> channel_names() const {
    std::vector<std::string> names;
    if (front_end_)
      for (std::int32_t band = 0; band < front_end_->settings().bands; ++band)
        names.push_back(fmt::format("{:.0f} Hz", front_end_->middle(band)));
    else
      for (std::int32_t c = 0; c < first_->wav.channels; ++c)
        names.push_back(fmt::format("microphone {}", c + 1));
    return names;
  }

  /// Features as an image, where they are to be one: the same bytes in another shape.
  void lay_out(Dataset& data) const {
    if (!front_end_) return;
    data.log_mel = front_end_->settings();
    if (options_.features->layout == "series") return;
    data.height = data.length;
    data.length *= data.channels;
    data.channels = 1;
    data.channel_names = {"log-mel"};
  }

  /// The sample at which a window begins that is cut at this step.
  std::int64_t sample_of(std::int64_t step) const {
    return front_end_ ? step / front_end_->settings().frames() * rule_.stride : step;
  }

 private:
  void begin_with(const WavFile& file) {
    first_ = WavFile{file.name, file.where, {file.wav.rate, file.wav.channels, {}}};
    SourceOptions timed = options_;
    timed.rate = file.wav.rate;
    rule_ = window_rule(timed);
    if (options_.features)
      front_end_.emplace(log_mel_of(*options_.features, file.wav.rate, rule_.window), "data.features");
  }

  void expect_alike(const WavFile& file) const {
    const Wav &wav = file.wav, &first = first_->wav;
    if (options_.rate > 0.0 && options_.rate != wav.rate)
      throw InputError(file.where, fmt::format("has {} Hz", wav.rate),
                       fmt::format("{} Hz, as data.rate says", options_.rate));
    if (options_.features && wav.channels != 1)
      throw InputError(file.where, fmt::format("has {} channels", wav.channels), "1 with data.features");
    if (wav.rate != first.rate || wav.channels != first.channels)
      throw InputError(file.where, fmt::format("has {} Hz, {} channels", wav.rate, wav.channels),
                       fmt::format("{} Hz, {} channels, as {}", first.rate, first.channels, first_->where));
  }

  /// [windows · frames, bands]
  Wav features_of(const Wav& sound) const {
    std::vector<std::int16_t> samples;
    for (const float value : sound.values) samples.push_back(features::to_sample(value));
    const auto window = static_cast<std::size_t>(rule_.window),
               stride = static_cast<std::size_t>(rule_.stride);
    samples.resize(std::max(samples.size(), window), 0);
    Wav result{sound.rate, front_end_->settings().bands, {}};
    for (std::size_t start = 0; start + window <= samples.size(); start += stride) {
      const auto values = front_end_->features(std::span(samples).subspan(start, window));
      result.values.insert(result.values.end(), values.begin(), values.end());
    }
    return result;
  }

  const SourceOptions& options_;
  std::optional<WavFile> first_;
  std::optional<features::FrontEnd> front_end_;
  WindowRule rule_;
};

/// Each file as one stretch, silence behind one that is shorter than a window.
std::vector<Recording> recordings_of(std::vector<WavFile> files, std::int64_t window, bool may_lack_labels) {
  std::vector<Recording> recordings;
  for (WavFile& file : files) {
    const std::string label =
        folder_label_of(file.name, file.where, "a folder of the class's name", may_lack_labels);
    const auto channels = static_cast<std::size_t>(file.wav.channels);
    Recording recording{file.name, file.where, std::move(file.wav.values), {}};
    recording.values.resize(std::max(recording.values.size(), static_cast<std::size_t>(window) * channels),
                            0.0f);
    recording.segments.push_back({0, recording.values.size() / channels, label, "", 0});
    recordings.push_back(std::move(recording));
  }
  return recordings;
}

}  // namespace

Wav parse_wav(std::string_view bytes, const std::string& where) {
  if (bytes.size() < 12 || !bytes.starts_with("RIFF") || bytes.substr(8, 4) != "WAVE")
    throw InputError(where, "does not begin as a WAV file does", "RIFF ... WAVE");
  std::optional<Coding> coding;
  for (std::size_t at = 12; bytes.size() - at >= 8;) {
    const std::string_view id = bytes.substr(at, 4);
    const std::size_t size = little_endian(bytes, at + 4, 4);
    if (size > bytes.size() - at - 8)
      throw InputError(where, fmt::format("ends in its chunk \"{:.4}\"; is it cut off?", id));
    const std::string_view chunk = bytes.substr(at + 8, size);
    if (id == "fmt ") coding = read_coding(chunk, where);
    if (id == "data") {
      if (!coding) throw InputError(where, "has its data before its fmt chunk");
      if (size == 0 || size % coding->block != 0)
        throw InputError(where, fmt::format("holds {} bytes of samples", size),
                         fmt::format("a multiple of {}, not 0", coding->block));
      Wav wav{static_cast<std::int32_t>(coding->rate), static_cast<std::int32_t>(coding->channels), {}};
      for (std::size_t place = 0; place < size; place += coding->bits / 8)
        wav.values.push_back(sample(chunk, place, *coding));
      if (!std::all_of(wav.values.begin(), wav.values.end(),
                       [](float value) { return std::isfinite(value); }))
        throw InputError(where, "holds a sample that is no finite number");
      return wav;
    }
    at += 8 + std::min(size + size % 2, bytes.size() - at - 8);
  }
  throw InputError(where, "holds no data chunk; is it cut off?");
}

DataSource read_wav(const fs::path& path, const fs::path& test_path, const SourceOptions& options) {
  WavFiles files(options);
  auto [train, test] = divided_by_folder(files.read(path));
  if (!test_path.empty()) test = divided_by_folder(files.read(test_path)).first;
  const SourceOptions cut = files.cut();
  const std::int64_t window = window_rule(cut).window;
  RecordingParts parts{recordings_of(std::move(train), window, false), std::nullopt, files.channel_names()};
  if (test) parts.test = recordings_of(std::move(*test), window, false);
  DataSource source = source_of_recordings(parts, path.string(), cut);
  files.lay_out(source.train);
  files.lay_out(source.test);
  return source;
}

NamedCases read_wav_cases(const fs::path& path, const SourceOptions& options) {
  WavFiles files(options);
  std::vector<WavFile> read = test_part_or_all(files.read(path));
  const SourceOptions cut = files.cut();
  const auto recordings = recordings_of(std::move(read), window_rule(cut).window, options.may_lack_labels);
  NamedCases cases = cut_windows(recordings, files.channel_names(), cut, path.string());
  for (std::int64_t& start : cases.starts) start = files.sample_of(start);
  files.lay_out(cases.data);
  return cases;
}

}  // namespace parsimony::data
