#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/emission.hpp"

namespace parsimony::emit {
namespace {

void write_head(std::string& out, const Emission& emission) {
  out += "<!-- SPDX-License-Identifier: 0BSD -->\n";
  out +=
      fmt::format("# {}\n\nAn int8 neural network as C99, emitted by Parsimony {}.\nIt is yours: 0BSD.\n\n",
                  emission.prefix, PARSIMONY_VERSION);
  out += fmt::format("Model `{}`", emission.hash);
  if (!emission.command_line.empty())
    out += fmt::format(", made by `{}`", banner_lines(emission).back().substr(14));
  out += ".\n\n";
}

void write_figures(std::string& out, const Emission& emission) {
  const KernelTable& table = kernel_table(emission.target.name, emission.family);
  const RomPrediction rom = predict_rom(emission.graph, table);
  out += "## Figures\n\n| what | | how it is known |\n|---|---:|---|\n";
  out += fmt::format("| flash, constants | {} B | exact |\n", rom.data.value);
  out += fmt::format("| flash, code | {} B | predicted for {} {} on {}; `make rom` shows the linked one |\n",
                     rom.code.value, table.compiler, table.flags, table.target);
  out += fmt::format(
      "| RAM (arena) | {} B | planned by {}; no plan for this order is below {} B; stack comes on top |\n",
      emission.plan.arena.value, emission.plan.planner, emission.plan.lower_bound.value);
  out += fmt::format(
      "| work | {} FLOPs | of one inference: 2 a multiply-accumulate, 1 an element elsewhere |\n\n",
      ir::flops(emission.graph));
}

void write_layers(std::string& out, const Emission& emission) {
  const ir::Graph& graph = emission.graph;
  out += "## Layers\n\n| | layer | operator | input | weights | output | at | constants [B] | FLOPs |\n";
  out += "|---:|---|---|---|---|---|---:|---:|---:|\n";
  for (std::size_t number = 0; number < graph.operators.size(); ++number) {
    const ir::Operator& op = graph.operators[number];
    const auto weights = weight_shape(graph, op);
    fmt::format_to(std::back_inserter(out), "| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", number,
                   op.name, ir::kind_name(op.kind), shape_text(graph.tensor(op.inputs[0])),
                   weights.empty() ? "" : fmt::format("s8[{}]", fmt::join(weights, ", ")),
                   shape_text(graph.tensor(op.output)), emission.offset(op.output),
                   constant_bytes(graph, op, emission.choice), ir::flops(graph, op));
  }
  out += "\n`at`: the output's offset in the arena [B].\n\n";
}

/// How sound becomes the input.
void write_sound(std::string& out, const Emission& emission) {
  if (!emission.graph.log_mel) return;
  const features::LogMel& log_mel = *emission.graph.log_mel;
  out += fmt::format(
      R"(The input comes from sound: {0}_SAMPLES 16-bit samples of one microphone at {2} Hz, as they are, by
`{1}_features(arena, samples)` in place of `{1}_quantize_input`; or frame by frame while the sound comes in, so that {0}_FRAME_SAMPLES
samples need be held and not all:

```c
int8_t input[{0}_INPUT_BYTES];                         /* {3} rows of {4} bands */
{1}_features_frame(arena, frame, input + number * {0}_BANDS);   /* frame number begins at sample number * {0}_HOP_SAMPLES */
```

)",
      emission.macro, emission.prefix, log_mel.rate, log_mel.frames(), log_mel.bands);
}

void write_use(std::string& out, const Emission& emission) {
  const auto classes = static_cast<std::int64_t>(emission.graph.class_names.size());
  out += fmt::format(R"(## Use

Add `model.c` and `model.h` to the firmware; nothing else is needed (C99 and `memcpy`). With GCC compile with
`-ffunction-sections -fdata-sections` and link with `-Wl,--gc-sections`, so that functions never called take no flash.

```c
#include "model.h"

static uint32_t arena[{1}_ARENA_BYTES / 4];            /* aligned to {1}_ARENA_ALIGN */

int classify(const float *raw)                         /* [{2}, {3}] sensor values */
{{
  const int8_t *scores;
  int i, best = 0;
  {0}_quantize_input(raw, {0}_input(arena));
  if ({0}_invoke(arena) != 0) return -1;
  scores = {0}_output(arena);
  for (i = 1; i < (int){1}_OUTPUT_BYTES; ++i) if (scores[i] > scores[best]) best = i;
  return best;{4}
}}
```

`{0}_invoke` is re-entrant: one arena for each thread. It allocates nothing and calls no library.

)",
                     emission.prefix, emission.macro,
                     emission.graph.tensor(emission.graph.input).elements() /
                         emission.graph.tensor(emission.graph.input).shape.back(),
                     emission.graph.tensor(emission.graph.input).shape.back(),
                     classes > 0 ? fmt::format("  /* its name: {}_CLASS_NAMES */", emission.macro) : "");
}

/// The classes by their output, in order.
void write_classes(std::string& out, const Emission& emission) {
  if (emission.graph.class_names.empty()) return;
  out += "Outputs:";
  for (std::size_t number = 0; number < emission.graph.class_names.size(); ++number) {
    std::string name = emission.graph.class_names[number];
    std::ranges::replace_if(
        name, [](char c) { return c == '\n' || c == '`'; }, ' ');
    fmt::format_to(std::back_inserter(out), "{} {} `{}`", number == 0 ? "" : ",", number, name);
  }
  out += ".\n\n";
}

void write_build(std::string& out, const Emission& emission) {
  out += fmt::format(R"(## Build and test

`make` builds the library for this computer; `make test` runs the golden vectors (`test/golden.h`: inputs and the
reference interpreter's bytes) here and, where `{0}` and `qemu-system-arm` are installed, on a {1} in QEMU;
`make rom` links an image that calls only `{2}_invoke` and `{2}_quantize_input` and prints its sections: `.model_code`,
`.model_constants` and `.library` are the network's. `CMakeLists.txt` is for `add_subdirectory`.

`parsimony verify` on this folder compares every output byte with the interpreter of `model.graph`, the network in text.
QEMU counts instructions, never cycles.
)",
                     emission.target.compiler, emission.target.name, emission.prefix);
}

}  // namespace

std::string readme(const Emission& emission) {
  std::string out;
  write_head(out, emission);
  write_figures(out, emission);
  write_use(out, emission);
  write_sound(out, emission);
  write_classes(out, emission);
  write_build(out, emission);
  out += "\n";
  write_layers(out, emission);
  return out;
}

}  // namespace parsimony::emit
