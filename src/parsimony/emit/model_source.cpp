#include <fmt/format.h>

#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/emission.hpp"
#include "parsimony/emit/front_end.hpp"
#include "parsimony/emit/runtime_files.hpp"

namespace parsimony::emit {
namespace {

/// Where code and constants go, for linker scripts that have faster memory than flash.
void write_sections(CWriter& writer, const Emission& emission) {
  writer.line(
      Comment{"Define these to put code or weights into a section: __attribute__((section(\".itcm\")))."});
  for (const char* part : {"_CODE", "_WEIGHTS"}) {
    writer.line("#ifndef ", Identifier{emission.macro + part});
    writer.line("#define ", Identifier{emission.macro + part});
    writer.line("#endif");
  }
  writer.line("#define PARSIMONY_CODE ", Identifier{emission.macro + "_CODE"});
  writer.line();
}

/// Whether the kernel takes int32 accumulators to int8.
bool requantises(Kernel kernel) {
  switch (kernel) {
    case Kernel::table:
    case Kernel::pool:
    case Kernel::copy_rows:
    case Kernel::pad:
    case Kernel::softmax:
    case Kernel::argmax:
    case Kernel::dsp_clamp:
      return false;
    default:
      return true;
  }
}

/// The files of the kernels that the network needs: what several share, then they in their order.
std::vector<std::string_view> kernel_files(const KernelChoice& choice) {
  const KernelSet used = choice.all();
  std::vector<std::string_view> shared{"common"}, kernels;
  bool requantise = false, dsp = false, mve = false;
  for (std::size_t index = 0; index < kKernels; ++index) {
    const auto kernel = static_cast<Kernel>(index);
    if (!used.contains(kernel)) continue;
    requantise |= requantises(kernel);
    dsp |= is_dsp(kernel) && kernel != Kernel::dsp_clamp;
    mve |= is_mve(kernel);
    if (!facts(kernel).parameters.empty()) kernels.push_back(facts(kernel).file);
  }
  if (requantise) shared.push_back("requantise");
  if (dsp) shared.push_back("dsp/instructions");
  if (mve) shared.push_back("mve/instructions");
  for (const Kernel kernel : {Kernel::dsp_requantise_any, Kernel::dsp_gather, Kernel::dsp_any_pair,
                              Kernel::dsp_sum_pixels, Kernel::mve_sum_pixels})
    if (used.contains(kernel)) shared.push_back(facts(kernel).file);
  shared.insert(shared.end(), kernels.begin(), kernels.end());
  shared.insert(shared.end(), {"run_steps", "quantize_values"});
  return shared;
}

void write_kernels(CWriter& writer, const Emission& emission) {
  if (emission.choice.wide_steps()) writer.line("#define PARSIMONY_WIDE_STEPS");
  if (emission.graph.rounding == ir::Rounding::once) writer.line("#define PARSIMONY_ROUNDS_ONCE");
  for (const std::string_view file : kernel_files(emission.choice)) {
    writer.verbatim(kernel_source(file));
    writer.line();
  }
  if (!emission.graph.log_mel) return;
  writer.verbatim(kernel_source("log_mel"));
  writer.line();
}

void write_normalisation(CWriter& writer, const Emission& emission) {
  const ir::Tensor& input = emission.graph.tensor(emission.graph.input);
  writer.line(Comment{"Normalisation of the training data; divisor = standard deviation * input scale."});
  writer.array("float", {"input_mean"}, std::span<const float>(emission.graph.normalisation.mean));
  writer.array("float", {"input_divisor"}, std::span<const float>(emission.graph.normalisation.divisor));
  writer.open("static const struct parsimony_quantize_values input_normalisation = ");
  const auto channels = static_cast<std::int64_t>(emission.graph.normalisation.mean.size());
  writer.line(
      ".mean = input_mean, .divisor = input_divisor, .length = ", Integer{input.elements() / channels},
      ", .channels = ", Integer{channels}, ", .zero_point = ", Integer{input.quantisation.zero_point});
  writer.close(";");
  writer.line();
}

void write_data_functions(CWriter& writer, const Emission& emission) {
  const std::string code_macro = emission.macro + "_CODE";
  const Identifier code{code_macro};
  const ir::Graph& graph = emission.graph;
  writer.line(code, " int8_t *", Identifier{emission.prefix + "_input"}, "(void *arena)");
  writer.open();
  writer.line("return (int8_t *)arena + ", Unsigned{emission.offset(graph.input)}, ";");
  writer.close();
  writer.line();
  writer.line(code, " const int8_t *", Identifier{emission.prefix + "_output"}, "(const void *arena)");
  writer.open();
  writer.line("return (const int8_t *)arena + ", Unsigned{emission.offset(graph.output)}, ";");
  writer.close();
  writer.line();
  writer.line(code, " void ", Identifier{emission.prefix + "_quantize_input"},
              "(const float *raw, int8_t *input)");
  writer.open();
  writer.line("parsimony_quantize_values(&input_normalisation, raw, input);");
  writer.close();
  writer.line();
}

}  // namespace

std::string model_source(const Emission& emission) {
  CWriter writer;
  write_banner(writer, emission);
  writer.line("#include \"model.h\"");
  writer.line();
  writer.line("#include <stddef.h>");
  writer.line("#include <string.h>");
  writer.line();
  write_sections(writer, emission);
  writer.line(Comment{"---- kernels ----"});
  writer.line();
  write_kernels(writer, emission);
  writer.line(Comment{"---- constants ----"});
  writer.line();
  write_normalisation(writer, emission);
  if (emission.graph.log_mel) write_front_end(writer, emission);
  write_constants(writer, emission);
  writer.line(Comment{"---- the network ----"});
  writer.line();
  write_steps(writer, emission);
  write_data_functions(writer, emission);
  write_run_functions(writer, emission);
  return writer.take();
}

}  // namespace parsimony::emit
