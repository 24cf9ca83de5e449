#include <fmt/format.h>

#include "parsimony/emit/emission.hpp"

namespace parsimony::emit {
namespace {

void define_tensor(CWriter& writer, const std::string& stem, const ir::Tensor& tensor) {
  const auto name = [&](const char* part) { return stem + part; };
  writer.define({name("_BYTES")}, Unsigned{tensor.elements()});
  writer.define({name("_LENGTH")}, Unsigned{tensor.elements() / tensor.shape.back()});
  writer.define({name("_CHANNELS")}, Unsigned{tensor.shape.back()});
  writer.define({name("_SCALE")}, Real{tensor.quantisation.scale});
  writer.define({name("_ZERO_POINT")}, "(", Integer{tensor.quantisation.zero_point}, ")");
}

void define_figures(CWriter& writer, const Emission& emission) {
  const auto name = [&](const char* part) { return emission.macro + part; };
  writer.line(
      Comment{"All the RAM that the network needs but the stack: input, output, activations, scratch [B]."});
  writer.define({name("_ARENA_BYTES")}, Unsigned{emission.plan.arena.value});
  writer.define({name("_ARENA_ALIGN")}, Unsigned{plan::kArenaAlign});
  writer.line(Comment{"Operators that a run goes through: the steps of _invoke_from."});
  writer.define({name("_STEPS")}, Integer{step_count(emission)});
  writer.line();
  writer.line(Comment{
      "real = scale * (q - zero point), [length, channels] with the channels of one time step together."});
  define_tensor(writer, emission.macro + "_INPUT", emission.graph.tensor(emission.graph.input));
  define_tensor(writer, emission.macro + "_OUTPUT", emission.graph.tensor(emission.graph.output));
  writer.line();
}

void define_front_end(CWriter& writer, const Emission& emission) {
  if (!emission.graph.log_mel) return;
  const features::LogMel& log_mel = *emission.graph.log_mel;
  const auto define = [&](const char* part, std::int64_t value) {
    writer.define({emission.macro + part}, Unsigned{value});
  };
  writer.line(
      Comment{"Sound: 16-bit samples of one microphone, of which each frame becomes a row of the input."});
  define("_SAMPLE_RATE", log_mel.rate);
  define("_SAMPLES", log_mel.samples);
  define("_FRAMES", log_mel.frames());
  define("_FRAME_SAMPLES", log_mel.frame);
  define("_HOP_SAMPLES", log_mel.hop);
  define("_BANDS", log_mel.bands);
  writer.line();
}

void define_classes(CWriter& writer, const Emission& emission) {
  const auto& classes = emission.graph.class_names;
  if (classes.empty()) return;
  writer.line(
      Comment{"An initialiser: static const char *const names[] = " + emission.macro + "_CLASS_NAMES;"});
  writer.define({emission.macro + "_CLASSES"}, Unsigned{static_cast<std::int64_t>(classes.size())});
  writer.line("#define ", Identifier{emission.macro + "_CLASS_NAMES"}, " \\");
  writer.line("  { \\");
  for (const std::string& name : classes) writer.line("    ", Quoted{name}, ", \\");
  writer.line("  }");
  writer.line();
}

/// An arena of the right size and alignment, in C99 and C++.
void define_arena(CWriter& writer, const Emission& emission) {
  writer.line(
      Comment{"static " + emission.prefix + "_Arena arena; ... " + emission.prefix + "_invoke(&arena)"});
  writer.open("typedef union ");
  writer.line("int8_t bytes[", Identifier{emission.macro + "_ARENA_BYTES"}, "];");
  writer.line("int32_t align;");
  writer.close(" " + emission.prefix + "_Arena;");
  writer.line();
}

void declare_functions(CWriter& writer, const Emission& emission) {
  const auto function = [&](const char* result, const char* part, const char* parameters) {
    writer.line(result, Identifier{emission.prefix + part}, parameters);
    writer.line();
  };
  writer.line(Comment{"Where the int8 input goes: fill it before each run, a run destroys it."});
  function("int8_t *", "_input", "(void *arena);");
  writer.line(Comment{
      "raw: [length, channels] in sensor units. input: where to, of any alignment, inside an arena or not."});
  function("void ", "_quantize_input", "(const float *raw, int8_t *input);");
  if (emission.graph.log_mel) {
    writer.line(Comment{
        "Sound to the input, which is filled: samples [_SAMPLES]. 0, or -1: arena null or misaligned."});
    function("int ", "_features", "(void *arena, const int16_t *samples);");
    writer.line(
        Comment{"One frame, samples [_FRAME_SAMPLES], to its row of the input, [_BANDS] bytes of any "
                "alignment: the first "
                "row"});
    writer.line(
        Comment{"comes from sample 0, the next from _HOP_SAMPLES. The arena's input stays as it is, or may "
                "hold the row."});
    function("int ", "_features_frame", "(void *arena, const int16_t *samples, int8_t *row);");
  }
  writer.line(Comment{
      "One inference. 0, or -1: arena null or misaligned. Re-entrant: all that changes is in the arena."});
  function("int ", "_invoke", "(void *arena);");
  writer.line(Comment{"The result of a run; valid until the input is filled again."});
  function("const int8_t *", "_output", "(const void *arena);");
  writer.line(
      Comment{"Copies in, invokes, copies out; input and output of any alignment, outside the arena."});
  function("int ", "_run", "(const int8_t *input, int8_t *output, void *arena);");
  writer.line(
      Comment{"Runs one step: the number of the next, 0 after the last; -1: no such step, or arena null or "
              "misaligned."});
  writer.line(Comment{"step = 0; while ((step = " + emission.prefix +
                      "_invoke_from(arena, step)) > 0) feed_the_watchdog();"});
  function("int ", "_invoke_from", "(void *arena, int step);");
  writer.line(
      Comment{"Four made-up inputs against the results known at build time: 0, or the number of the first "
              "that differs."});
  function("int ", "_selftest", "(void *arena);");
}

}  // namespace

std::string model_header(const Emission& emission) {
  const std::string guard = emission.macro + "_MODEL_H";
  CWriter writer;
  write_banner(writer, emission);
  writer.line("#ifndef ", Identifier{guard});
  writer.line("#define ", Identifier{guard});
  writer.line();
  writer.line("#include <stdint.h>");
  writer.line();
  define_figures(writer, emission);
  define_front_end(writer, emission);
  define_classes(writer, emission);
  writer.define({emission.macro + "_MODEL_HASH"}, Quoted{emission.hash});
  writer.line();
  writer.line("#ifdef __cplusplus");
  writer.line("extern \"C\" {");
  writer.line("#endif");
  writer.line();
  define_arena(writer, emission);
  declare_functions(writer, emission);
  writer.line("#ifdef __cplusplus");
  writer.line("}");
  writer.line("#endif");
  writer.line();
  writer.line("#endif");
  return writer.take();
}

namespace {

void name_front_end(CWriter& writer, const Emission& emission) {
  for (const char* part : {"_SAMPLES", "_FRAMES", "_FRAME_SAMPLES", "_HOP_SAMPLES", "_BANDS"})
    writer.define({fmt::format("NETWORK{}", part)}, Identifier{emission.macro + part});
  for (const char* part : {"_features", "_features_frame"})
    writer.define({fmt::format("network{}", part)}, Identifier{emission.prefix + part});
}

}  // namespace

std::string network_header(const Emission& emission) {
  CWriter writer;
  write_banner(writer, emission);
  writer.line(Comment{"The network under names that do not depend on its prefix, for the test programs."});
  writer.line("#ifndef NETWORK_H");
  writer.line("#define NETWORK_H");
  writer.line();
  writer.line("#include \"model.h\"");
  writer.line();
  if (emission.macro != "NETWORK") {  // else they have these names already
    for (const char* part : {"_ARENA_BYTES", "_INPUT_BYTES", "_OUTPUT_BYTES", "_STEPS"})
      writer.define({fmt::format("NETWORK{}", part)}, Identifier{emission.macro + part});
    for (const char* part :
         {"_input", "_quantize_input", "_invoke", "_output", "_run", "_invoke_from", "_selftest"})
      writer.define({fmt::format("network{}", part)}, Identifier{emission.prefix + part});
    if (emission.graph.log_mel) name_front_end(writer, emission);
  }
  writer.line();
  writer.line("#endif");
  return writer.take();
}

}  // namespace parsimony::emit
