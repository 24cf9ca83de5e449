#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace parsimony::data {

inline std::string little_endian(std::uint32_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
  return bytes;
}

inline std::string chunk(const std::string& id, const std::string& content) {
  return id + little_endian(static_cast<std::uint32_t>(content.size()), 4) + content +
         std::string(content.size() % 2, '\0');
}

inline std::string coding(std::uint32_t tag, std::uint32_t channels, std::uint32_t rate, std::uint32_t bits) {
  return chunk("fmt ", little_endian(tag, 2) + little_endian(channels, 2) + little_endian(rate, 4) +
                           little_endian(rate * channels * bits / 8, 4) +
                           little_endian(channels * bits / 8, 2) + little_endian(bits, 2));
}

inline std::string wav(const std::string& chunks) {
  return "RIFF" + little_endian(static_cast<std::uint32_t>(chunks.size() + 4), 4) + "WAVE" + chunks;
}

/// 16-bit samples of one channel.
inline std::string wav_of(const std::vector<std::int16_t>& samples, std::uint32_t rate = 16000) {
  std::string content;
  for (const std::int16_t sample : samples) content += little_endian(static_cast<std::uint16_t>(sample), 2);
  return wav(coding(1, 1, rate, 16) + chunk("data", content));
}

}  // namespace parsimony::data
