#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "parsimony/base/random.hpp"
#include "parsimony/emit/emission.hpp"
#include "parsimony/emit/front_end.hpp"
#include "parsimony/ir/quantise_input.hpp"

namespace parsimony::emit {
namespace {

using Bytes8 = std::vector<std::int8_t>;

std::uint64_t seed_of(const Emission& emission) {
  return std::stoull(emission.hash.substr(0, 16), nullptr, 16);
}

/// Values round the whole int8 range, and those at which rounding, clamping and NaN show.
std::vector<float> raw_values(const Emission& emission) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kSpecial[] = {
      std::numeric_limits<float>::quiet_NaN(), kInfinity, -kInfinity, 3e38f, -3e38f, -0.0f, 1e-40f};
  const ir::Normalisation& normalisation = emission.graph.normalisation;
  RandomStream random(seed_of(emission), 0, "golden-raw");
  std::vector<float> raw(static_cast<std::size_t>(emission.graph.tensor(emission.graph.input).elements()));
  for (std::size_t k = 0; k < raw.size(); ++k) {
    const std::size_t channel = k % normalisation.mean.size();
    const double halves = std::round(random.uniform(-600.0, 600.0)) / 2.0;
    raw[k] = static_cast<float>(normalisation.mean[channel] + halves * normalisation.divisor[channel]);
    if (k % 5 == 4) raw[k] = kSpecial[k / 5 % std::size(kSpecial)];
  }
  return raw;
}

void write_rows(CWriter& writer, const char* type, const char* name, const char* count, const char* width,
                const std::vector<Bytes8>& rows) {
  writer.open("static const ", type, " ", Identifier{name}, "[", count, "][", width, "] = ");
  for (const Bytes8& row : rows) {
    writer.open();
    writer.values<Integer>(std::span<const std::int8_t>(row));
    writer.close(",");
  }
  writer.close(";");
  writer.line();
}

void write_raw(CWriter& writer, const Emission& emission) {
  const std::vector<float> raw = raw_values(emission);
  Bytes8 quantised(raw.size());
  ir::quantise_input(emission.graph, raw, quantised);
  std::vector<std::uint32_t> bits;
  for (const float value : raw) bits.push_back(std::bit_cast<std::uint32_t>(value));
  writer.line(Comment{"The floats' bits."});
  writer.open("static const uint32_t golden_raw[GOLDEN_RAW_CASES][NETWORK_INPUT_BYTES] = ");
  writer.open();
  writer.values<Unsigned>(std::span<const std::uint32_t>(bits));
  writer.close();
  writer.close(";");
  writer.line();
  write_rows(writer, "int8_t", "golden_quantized", "GOLDEN_RAW_CASES", "NETWORK_INPUT_BYTES", {quantised});
}

}  // namespace

std::string golden_header(const Emission& emission) {
  CWriter writer;
  write_banner(writer, emission);
  writer.line(Comment{"Inputs, and the bytes that the reference interpreter gives for them."});
  writer.line("#ifndef GOLDEN_H");
  writer.line("#define GOLDEN_H");
  writer.line();
  writer.line("#include \"network.h\"");
  writer.line();
  writer.define({"GOLDEN_CASES"}, Unsigned{static_cast<std::int64_t>(emission.golden_inputs.size())});
  writer.define({"GOLDEN_RAW_CASES"}, Unsigned{1});
  writer.line();
  write_rows(writer, "int8_t", "golden_inputs", "GOLDEN_CASES", "NETWORK_INPUT_BYTES",
             emission.golden_inputs);
  write_rows(writer, "int8_t", "golden_outputs", "GOLDEN_CASES", "NETWORK_OUTPUT_BYTES",
             emission.golden_outputs);
  write_raw(writer, emission);
  if (emission.graph.log_mel)
    write_rows(writer, "int8_t", "golden_features", "1", "NETWORK_INPUT_BYTES",
               {features_input(emission.graph, golden_samples(*emission.graph.log_mel))});
  writer.line("#endif");
  return writer.take();
}

}  // namespace parsimony::emit
