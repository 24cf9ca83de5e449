#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parsimony::features {

/// A log-mel front end: what takes sound of 16 bits to a network's input, the same on the host and on a board
/// (runtime/kernels/log_mel.c; docs/audio.md).
struct LogMel {
  std::int32_t rate = 16000;            ///< [Hz]
  std::int32_t samples = 16000;         ///< of a case
  std::int32_t frame = 480, hop = 320;  ///< [samples] of a frame, from one frame's begin to the next one's
  std::int32_t bands = 40;              ///< triangles, evenly spaced over the mel scale
  std::int32_t low = 20, high = 4000;   ///< [Hz] begin of the first, end of the last
  bool operator==(const LogMel&) const = default;

  std::int32_t fft() const;     ///< the least power of two that holds a frame
  std::int32_t frames() const;  ///< that lie in a case, which need not end with one
};

/// What is wrong with one of the settings, and what would do; empty when nothing is.
struct Misfit {
  std::string field, problem, allowed;
  explicit operator bool() const { return !problem.empty(); }
};
Misfit misfit(const LogMel& settings);

/// What lies in a board's flash. Q15 is a fraction of 32768.
struct Tables {
  std::vector<std::uint16_t> window;  ///< [⌈frame/2⌉] Hann's, sin²(π (n + ½) / frame); the rest mirrors it
  std::vector<std::uint16_t> sine;     ///< [fft/4 + 1] sin(2π k / fft)
  std::vector<std::uint16_t> weights;  ///< [edges.back() − edges[0]] of a bin in the band that rises there
  std::vector<std::uint16_t> edges;    ///< [bands + 2] bins at which bands begin, peak and end
};
/// @param settings  without a misfit
std::int64_t weight_count(const LogMel& settings);  ///< of Tables::weights, in a microsecond
Tables tables_of(const LogMel& settings);

/// The front end on this computer.
class FrontEnd {
 public:
  /// @param where  what errors call the settings: "data.features"
  /// @throws InputError naming the field, for a misfit or a band in which no bin of the FFT lies
  FrontEnd(const LogMel& settings, std::string_view where);

  const LogMel& settings() const { return settings_; }

  /// A board's bytes before it quantises them: whole numbers, 256 a doubling of energy.
  /// @param samples  [settings().samples]
  /// @return         [frames, bands]
  std::vector<float> features(std::span<const std::int16_t> samples) const;

  double middle(std::int32_t band) const;  ///< [Hz] where the band has its peak

 private:
  LogMel settings_;
  Tables tables_;
};

/// A sample's value in the unit of 16 bits as a driver would hand it over: rounded, and held within int16.
std::int16_t to_sample(float value);

}  // namespace parsimony::features
