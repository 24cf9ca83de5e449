#include "parsimony/verify/host_run.hpp"

#include <fmt/format.h>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/verify/built_copy.hpp"

namespace parsimony::verify {
namespace {

namespace fs = std::filesystem;

/// One run of the program "stream", which reads inputs.bin and raw.bin and writes outputs.bin and
/// quantized.bin.
std::string stream(const BuiltCopy& copy, std::string_view inputs, std::string_view raw, const char* result,
                   std::size_t size) {
  const fs::path directory = copy.path() / "predict";
  write_file(directory / "inputs.bin", inputs);
  write_file(directory / "raw.bin", raw);
  write_file(directory / "samples.bin", "");  // of a front end: its features come with the cases
  const ProgramRun run = copy.run(target::find_target("target", "host"), "stream", directory);
  std::string bytes = run.good ? read_file(directory / result) : "";
  if (!run.good || bytes.size() != size)
    throw EnvironmentError(fmt::format("the network's host build wrote {} of {} bytes of {}: {}",
                                       bytes.size(), size, result, run.problem));
  return bytes;
}

}  // namespace

std::vector<std::int8_t> run_on_host(const fs::path& folder, const ir::Graph& graph,
                                     std::span<const float> raw, int timeout_seconds) {
  const auto inputs = static_cast<std::size_t>(graph.tensor(graph.input).elements());
  const auto outputs = static_cast<std::size_t>(graph.tensor(graph.output).elements());
  PARSIMONY_EXPECTS(raw.size() % inputs == 0);
  const std::size_t rows = raw.size() / inputs;
  const BuiltCopy copy(folder, timeout_seconds);
  copy.build(target::find_target("target", "host"));
  const std::string_view bytes{reinterpret_cast<const char*>(raw.data()), raw.size_bytes()};
  const std::string quantised = stream(copy, "", bytes, "quantized.bin", rows * inputs);
  const std::string results = stream(copy, quantised, "", "outputs.bin", rows * outputs);
  return {results.begin(), results.end()};
}

}  // namespace parsimony::verify
