#include "parsimony/verify/host_run.hpp"

#include <fmt/format.h>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/verify/built_copy.hpp"
#include "parsimony/verify/in_blocks.hpp"

namespace parsimony::verify {
namespace {

namespace fs = std::filesystem;

constexpr int kTimeoutSeconds = 600;  // of the build, and of each block of rows

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
                                     std::span<const float> raw,
                                     const std::function<void(std::int64_t done)>& progress) {
  const auto inputs = static_cast<std::size_t>(graph.tensor(graph.input).elements());
  const auto outputs = static_cast<std::size_t>(graph.tensor(graph.output).elements());
  PARSIMONY_EXPECTS(raw.size() % inputs == 0);
  const BuiltCopy copy(folder, kTimeoutSeconds);
  copy.build(target::find_target("target", "host"));
  std::vector<std::int8_t> results;
  (void)in_blocks(raw.size() / inputs, [&](const Block& block) {
    if (progress) progress(static_cast<std::int64_t>(block.first));
    const auto rows = raw.subspan(block.first * inputs, block.count * inputs);
    const std::string_view bytes{reinterpret_cast<const char*>(rows.data()), rows.size_bytes()};
    const std::string quantised = stream(copy, "", bytes, "quantized.bin", rows.size());
    const std::string told = stream(copy, quantised, "", "outputs.bin", block.count * outputs);
    results.insert(results.end(), told.begin(), told.end());
    return true;
  });
  return results;
}

}  // namespace parsimony::verify
