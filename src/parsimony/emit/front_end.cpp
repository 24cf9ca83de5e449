#include "parsimony/emit/front_end.hpp"

#include <bit>

#include "parsimony/base/contracts.hpp"
#include "parsimony/ir/quantise_input.hpp"

namespace parsimony::emit {
namespace {

// runtime/kernels/log_mel.c
constexpr std::int64_t kParameters = 40, kLogarithms = 33;

/// [B] of 16-bit values, padded.
constexpr std::int64_t table_bytes(std::int64_t values) {
  return (2 * values + 3) / 4 * 4;
}

void write_table(CWriter& writer, Identifier name, const std::vector<std::uint16_t>& values) {
  const std::vector<std::int32_t> wide(values.begin(), values.end());
  writer.array("uint16_t", name, std::span<const std::int32_t>(wide));
}

}  // namespace

std::int64_t front_end_scratch(const features::LogMel& log_mel) {
  constexpr std::int64_t kPoint = 2, kFeature = 4;
  return kPoint * log_mel.fft() + kFeature * log_mel.bands;
}

std::int64_t front_end_constant_bytes(const features::LogMel& log_mel) {
  return table_bytes((log_mel.frame + 1) / 2) + table_bytes(log_mel.fft() / 4 + 1) +
         table_bytes(features::weight_count(log_mel)) + table_bytes(log_mel.bands + 2) +
         table_bytes(kLogarithms) + kParameters;
}

Work front_end_work(const ir::Graph& graph) {
  PARSIMONY_EXPECTS(graph.log_mel.has_value());
  const features::LogMel& log_mel = *graph.log_mel;
  const bool shared = graph.normalisation.mean.size() == 1;
  const std::int32_t channels = shared ? 1 : graph.tensor(graph.input).shape.back();
  const double frames = log_mel.frames(), points = log_mel.fft() / 2.0;
  const double stages = std::countr_zero(static_cast<std::uint32_t>(log_mel.fft())) - 1;
  return {1,
          frames,
          frames * log_mel.frame,
          frames * (log_mel.fft() - log_mel.frame),
          frames * points,
          frames * stages,
          frames * stages * points / 2,
          frames * static_cast<double>(features::weight_count(log_mel)),
          frames * log_mel.bands,
          frames * (log_mel.bands / channels)};
}

void write_front_end(CWriter& writer, const Emission& emission) {
  const features::LogMel& log_mel = *emission.graph.log_mel;
  const features::Tables tables = features::tables_of(log_mel);
  const auto channels = static_cast<std::int64_t>(emission.graph.normalisation.mean.size());
  const std::int64_t zero_point = emission.graph.tensor(emission.graph.input).quantisation.zero_point;
  writer.line(Comment{"Front end: sound to the raw values of the input."});
  write_table(writer, {"mel_window"}, tables.window);
  write_table(writer, {"mel_sine"}, tables.sine);
  write_table(writer, {"mel_weights"}, tables.weights);
  write_table(writer, {"mel_edges"}, tables.edges);
  writer.open("static const struct parsimony_quantize_values frame_normalisation = ");
  writer.line(".mean = input_mean, .divisor = input_divisor, .length = ", Integer{log_mel.bands / channels},
              ", .channels = ", Integer{channels}, ", .zero_point = ", Integer{zero_point});
  writer.close(";");
  writer.open("static const struct parsimony_log_mel front_end = ");
  writer.line(
      ".window = mel_window, .sine = mel_sine, .weights = mel_weights, .edges = mel_edges, "
      ".normalisation = &frame_normalisation,");
  writer.line(".input = ", Unsigned{emission.offset(emission.graph.input)},
              ", .scratch = ", Unsigned{emission.plan.filling.offset},
              ", .frames = ", Integer{log_mel.frames()}, ", .frame = ", Integer{log_mel.frame}, ",");
  writer.line(".hop = ", Integer{log_mel.hop}, ", .bands = ", Integer{log_mel.bands},
              ", .fft = ", Integer{log_mel.fft()});
  writer.close(";");
  writer.line();
}

std::vector<std::int8_t> features_input(const ir::Graph& graph, std::span<const std::int16_t> samples) {
  PARSIMONY_EXPECTS(graph.log_mel.has_value());
  const std::vector<float> raw = features::FrontEnd(*graph.log_mel, graph.name).features(samples);
  std::vector<std::int8_t> input(raw.size());
  ir::quantise_input(graph, raw, input);
  return input;
}

std::vector<std::int16_t> golden_samples(const features::LogMel& log_mel) {
  std::uint32_t random = 1;
  std::vector<std::int16_t> samples(static_cast<std::size_t>(log_mel.samples));
  for (std::int16_t& sample : samples) {
    random = random * 1664525u + 1013904223u;
    sample = static_cast<std::int16_t>(static_cast<std::int32_t>(random >> 16) - 32768);
  }
  return samples;
}

}  // namespace parsimony::emit
