#include "parsimony/features/log_mel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/features/log_mel_kernel.h"

namespace parsimony::features {
namespace {

constexpr std::int32_t kShortestFrame = 32, kLongestFrame = 4096, kMostBands = 256;
constexpr std::int32_t kMostSamples = 1'000'000, kMostRate = 1'000'000;
constexpr double kOne = 32768.0;

double mel(double hertz) {
  return 1127.0 * std::log1p(hertz / 700.0);
}
double hertz(double mel) {
  return 700.0 * std::expm1(mel / 1127.0);
}

/// Where on the mel scale band number `edge` begins, the one before it peaks and the one before that ends.
double mel_edge(const LogMel& settings, std::int32_t edge) {
  const double low = mel(settings.low), high = mel(settings.high);
  return low + (high - low) * edge / (settings.bands + 1);
}

double mel_of_bin(const LogMel& settings, std::int32_t bin) {
  return mel(static_cast<double>(bin) * settings.rate / settings.fft());
}

std::uint16_t q15(double fraction) {
  return static_cast<std::uint16_t>(std::lround(kOne * fraction));
}

/// The first bin above 0 Hz, below half the rate, that lies at the edge or beyond it.
std::int32_t edge_bin(const LogMel& settings, std::int32_t edge) {
  const double at = mel_edge(settings, edge);
  std::int32_t first = 1, end = settings.fft() / 2;
  while (first < end) {
    const std::int32_t middle = first + (end - first) / 2;
    if (mel_of_bin(settings, middle) < at)
      first = middle + 1;
    else
      end = middle;
  }
  return first;
}

/// The first band of weight nowhere, or −1.
std::int32_t empty_band(const LogMel& settings) {
  const Tables tables = tables_of(settings);
  for (std::int32_t band = 0; band < settings.bands; ++band) {
    const auto begin = static_cast<std::size_t>(band);
    std::uint32_t weight = 0;
    for (std::size_t bin = tables.edges[begin]; bin < tables.edges[begin + 2]; ++bin) {
      const std::uint32_t rising = tables.weights[bin - tables.edges[0]];
      weight += bin < tables.edges[begin + 1] ? rising : static_cast<std::uint32_t>(kOne) - rising;
    }
    if (weight == 0) return band;
  }
  return -1;
}

Misfit outside(std::string_view field, std::int64_t value, std::int64_t low, std::int64_t high,
               std::string_view unit) {
  if (value >= low && value <= high) return {};
  return {std::string(field), fmt::format("is {}{}", value, unit),
          fmt::format("{} to {}{}", low, high, unit)};
}

}  // namespace

std::int32_t LogMel::fft() const {
  return static_cast<std::int32_t>(std::bit_ceil(static_cast<std::uint32_t>(frame)));
}

std::int32_t LogMel::frames() const {
  return samples < frame ? 0 : 1 + (samples - frame) / hop;
}

Misfit misfit(const LogMel& settings) {
  const Misfit fields[] = {
      outside("rate", settings.rate, 1, kMostRate, " Hz"),
      outside("samples", settings.samples, 1, kMostSamples, ""),
      outside("frame", settings.frame, kShortestFrame, kLongestFrame, " samples"),
      outside("frame", settings.frame, kShortestFrame, settings.samples, " samples of the window"),
      outside("hop", settings.hop, 1, 65535, " samples"),
      outside("bands", settings.bands, 1, kMostBands, ""),
      outside("high", settings.high, 1, settings.rate / 2, " Hz"),
      outside("low", settings.low, 0, settings.high - 1, " Hz"),
  };
  for (const Misfit& field : fields)
    if (field) return field;
  if (weight_count(settings) == 0)
    return {"high",
            fmt::format("is {} Hz: no frequency of the FFT lies between {} Hz and it", settings.high,
                        settings.low),
            "a wider range"};
  return {};
}

std::int64_t weight_count(const LogMel& settings) {
  return edge_bin(settings, settings.bands + 1) - edge_bin(settings, 0);
}

Tables tables_of(const LogMel& settings) {
  PARSIMONY_EXPECTS(!misfit(settings));
  Tables tables;
  for (std::int32_t n = 0; 2 * n < settings.frame; ++n) {
    const double root = std::sin(std::numbers::pi * (n + 0.5) / settings.frame);
    tables.window.push_back(q15(root * root));
  }
  for (std::int32_t k = 0; 4 * k <= settings.fft(); ++k)
    tables.sine.push_back(q15(std::sin(2.0 * std::numbers::pi * k / settings.fft())));
  for (std::int32_t edge = 0; edge <= settings.bands + 1; ++edge)
    tables.edges.push_back(static_cast<std::uint16_t>(edge_bin(settings, edge)));
  for (std::int32_t band = 0; band <= settings.bands; ++band) {
    const double begin = mel_edge(settings, band), end = mel_edge(settings, band + 1);
    const auto edge = static_cast<std::size_t>(band);
    for (std::int32_t bin = tables.edges[edge]; bin < tables.edges[edge + 1]; ++bin)
      tables.weights.push_back(q15((mel_of_bin(settings, bin) - begin) / (end - begin)));
  }
  return tables;
}

FrontEnd::FrontEnd(const LogMel& settings, std::string_view where) : settings_(settings) {
  if (const Misfit found = misfit(settings))
    throw InputError(fmt::format("{}.{}", where, found.field), found.problem, found.allowed);
  if (const std::int32_t band = empty_band(settings); band >= 0)
    throw InputError(
        fmt::format("{}.bands", where),
        fmt::format("is {}: no frequency of the FFT of {} samples lies in band {}, round {:.0f} Hz",
                    settings.bands, settings.fft(), band + 1, middle(band)),
        "fewer bands, a longer frame or a wider range from low to high");
  tables_ = tables_of(settings);
}

std::vector<float> FrontEnd::features(std::span<const std::int16_t> samples) const {
  PARSIMONY_EXPECTS(static_cast<std::int64_t>(samples.size()) == settings_.samples);
  const parsimony_features_tables tables{.window = tables_.window.data(),
                                         .sine = tables_.sine.data(),
                                         .weights = tables_.weights.data(),
                                         .edges = tables_.edges.data(),
                                         .frame = static_cast<std::uint16_t>(settings_.frame),
                                         .bands = static_cast<std::uint16_t>(settings_.bands),
                                         .fft = static_cast<std::uint16_t>(settings_.fft())};
  const auto bands = static_cast<std::size_t>(settings_.bands);
  std::vector<float> values(static_cast<std::size_t>(settings_.frames()) * bands);
  std::vector<std::int16_t> scratch(static_cast<std::size_t>(settings_.fft()));
  for (std::int32_t frame = 0; frame < settings_.frames(); ++frame)
    parsimony_features_frame(&tables, samples.data() + frame * settings_.hop, scratch.data(),
                             values.data() + static_cast<std::size_t>(frame) * bands);
  return values;
}

double FrontEnd::middle(std::int32_t band) const {
  return hertz(mel_edge(settings_, band + 1));
}

std::int16_t to_sample(float value) {
  return static_cast<std::int16_t>(std::lround(std::clamp(value, -32768.0f, 32767.0f)));
}

}  // namespace parsimony::features
