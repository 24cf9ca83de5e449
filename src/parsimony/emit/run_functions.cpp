#include <numeric>

#include "parsimony/emit/emission.hpp"

namespace parsimony::emit {
namespace {

// The generator of the self-test's inputs (Numerical Recipes' constants); its upper byte is used.
constexpr std::uint32_t kFactor = 1664525, kIncrement = 1013904223;
// FNV-1a
constexpr std::uint32_t kHashBasis = 2166136261u, kHashPrime = 16777619;

/// The function of that part of the name, its body from its arena's check on.
class Functions {
 public:
  Functions(CWriter& writer, const Emission& emission) : writer_(writer), emission_(emission) {}

  void write_invoke() {
    begin("_invoke", "(void *arena)");
    writer_.line("parsimony_run_steps(steps, steps + ", Identifier{macro("_STEPS")}, ", (int8_t *)arena);");
    writer_.line("return 0;");
    end();
  }

  void write_run() {
    begin("_run", "(const int8_t *input, int8_t *output, void *arena)");
    writer_.line("memcpy(", Identifier{name("_input")}, "(arena), input, ", Identifier{macro("_INPUT_BYTES")},
                 ");");
    writer_.line("(void)", Identifier{name("_invoke")}, "(arena);");
    writer_.line("memcpy(output, ", Identifier{name("_output")}, "(arena), ",
                 Identifier{macro("_OUTPUT_BYTES")}, ");");
    writer_.line("return 0;");
    end();
  }

  void write_invoke_from() {
    begin("_invoke_from", "(void *arena, int step)");
    writer_.open("if (step < 0 || step >= ", Identifier{macro("_STEPS")}, ") ");
    writer_.line("return -1;");
    writer_.close();
    writer_.line("parsimony_run_steps(steps + step, steps + step + 1, (int8_t *)arena);");
    writer_.line("return step + 1 < ", Identifier{macro("_STEPS")}, " ? step + 1 : 0;");
    end();
  }

  void write_selftest() {
    writer_.array("uint32_t", {"selftest_hashes"}, std::span<const std::uint32_t>(emission_.selftest_hashes));
    writer_.line();
    begin("_selftest", "(void *arena)");
    writer_.open("for (uint32_t test = 0; test < ", Unsigned{kSelftests}, "; ++test) ");
    writer_.line("int8_t *const input = ", Identifier{name("_input")}, "(arena);");
    writer_.line("const int8_t *const output = ", Identifier{name("_output")}, "(arena);");
    writer_.line("uint32_t random = test, hash = ", Unsigned{kHashBasis}, ";");
    writer_.open("for (uint32_t i = 0; i < ", Identifier{macro("_INPUT_BYTES")}, "; ++i) ");
    writer_.line("random = random * ", Unsigned{kFactor}, " + ", Unsigned{kIncrement}, ";");
    writer_.line("input[i] = (int8_t)((int32_t)(random >> 24) - 128);");
    writer_.close();
    writer_.line("(void)", Identifier{name("_invoke")}, "(arena);");
    writer_.open("for (uint32_t i = 0; i < ", Identifier{macro("_OUTPUT_BYTES")}, "; ++i) ");
    writer_.line("hash = (hash ^ (uint8_t)output[i]) * ", Unsigned{kHashPrime}, ";");
    writer_.close();
    writer_.open("if (hash != selftest_hashes[test]) ");
    writer_.line("return (int)test + 1;");
    writer_.close();
    writer_.close();
    writer_.line("return 0;");
    end();
  }

  void write_features() {
    begin("_features", "(void *arena, const int16_t *samples)");
    writer_.line("parsimony_log_mel(&front_end, (int8_t *)arena, samples);");
    writer_.line("return 0;");
    end();
    begin("_features_frame", "(void *arena, const int16_t *samples, int8_t *row)");
    writer_.line("parsimony_log_mel_frame(&front_end, (int8_t *)arena, samples, row);");
    writer_.line("return 0;");
    end();
  }

 private:
  std::string name(const char* part) const { return emission_.prefix + part; }
  std::string macro(const char* part) const { return emission_.macro + part; }

  void begin(const char* part, const char* parameters) {
    writer_.line(Identifier{macro("_CODE")}, " int ", Identifier{name(part)}, parameters);
    writer_.open();
    writer_.open("if (arena == NULL || ((uintptr_t)arena & (", Identifier{macro("_ARENA_ALIGN")},
                 " - 1u)) != 0u) ");
    writer_.line("return -1;");
    writer_.close();
  }

  void end() {
    writer_.close();
    writer_.line();
  }

  CWriter& writer_;
  const Emission& emission_;
};

}  // namespace

std::vector<std::int8_t> selftest_input(const ir::Graph& graph, std::uint32_t test) {
  std::vector<std::int8_t> input(static_cast<std::size_t>(graph.tensor(graph.input).elements()));
  for (std::int8_t& value : input) {
    test = test * kFactor + kIncrement;
    value = static_cast<std::int8_t>(static_cast<std::int32_t>(test >> 24) - 128);
  }
  return input;
}

std::uint32_t selftest_hash(std::span<const std::int8_t> output) {
  return std::accumulate(output.begin(), output.end(), kHashBasis, [](std::uint32_t hash, std::int8_t value) {
    return (hash ^ static_cast<std::uint8_t>(value)) * kHashPrime;
  });
}

void write_run_functions(CWriter& writer, const Emission& emission) {
  Functions functions(writer, emission);
  if (emission.graph.log_mel) functions.write_features();
  functions.write_invoke();
  functions.write_run();
  functions.write_invoke_from();
  functions.write_selftest();
}

}  // namespace parsimony::emit
