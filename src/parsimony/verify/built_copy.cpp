#include "parsimony/verify/built_copy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>
#include <system_error>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/base/process.hpp"
#include "parsimony/emit/kernels.hpp"

namespace parsimony::verify {
namespace {

namespace fs = std::filesystem;

struct Tool {
  const char* program;
  const char* packages;  ///< Debian's
};

constexpr Tool kHostTools[] = {{"make", "make"}, {"cc", "gcc"}};
constexpr Tool kBoardTools[] = {{"make", "make"},
                                {"arm-none-eabi-gcc", "gcc-arm-none-eabi libnewlib-arm-none-eabi"},
                                {"qemu-system-arm", "qemu-system-arm"}};

template <std::size_t count>
void require(const Tool (&tools)[count], const std::string& target) {
  for (const Tool& tool : tools)
    if (!program_exists(tool.program))
      throw EnvironmentError(
          fmt::format("{} is missing, which a build for {} needs; install the Debian package {}",
                      tool.program, target, tool.packages));
}

void require_newlib(const target::Target& board) {
  const ProcessResult found = run_process({board.compiler, "-print-file-name=nano.specs"});
  if (found.exit_code == 0 && found.output.find('/') == std::string::npos)
    throw EnvironmentError(fmt::format(
        "newlib for {} is missing; install the Debian package libnewlib-arm-none-eabi", board.name));
}

bool is_host(const target::Target& target) {
  return target.machine.empty();
}

void copy_without_products(const fs::path& from, const fs::path& to) {
  for (const auto& entry : fs::directory_iterator(from))
    if (entry.path().filename() != "build")
      fs::copy(entry.path(), to / entry.path().filename(), fs::copy_options::recursive);
}

/// What `size -A` prints: section -> [B].
std::map<std::string, std::int64_t> section_sizes(const std::string& text) {
  std::map<std::string, std::int64_t> sections;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name;
    std::int64_t size = 0;
    if (words >> name >> size && name.starts_with('.')) sections[name] = size;
  }
  return sections;
}

std::string last_lines(const std::string& text, std::size_t most) {
  return text.size() <= most ? text : "…" + text.substr(text.size() - most);
}

constexpr std::string_view kPrefix = "parsimony_";

using Frames = std::map<std::string, std::int64_t, std::less<>>;

/// [B] at most: a kernel's own functions as if each called the next, and the deepest kernel that it calls.
/// @param frames  of the functions that there are, without the prefix
std::int64_t kernel_stack(emit::Kernel kernel, const Frames& frames) {
  const emit::KernelFacts& facts = emit::facts(kernel);
  std::int64_t own = 0, deepest = 0;
  for (const std::string_view function : facts.functions)
    if (const auto found = frames.find(function); found != frames.end()) own += found->second;
  for (const std::int8_t called : facts.calls)
    if (called >= 0) deepest = std::max(deepest, kernel_stack(static_cast<emit::Kernel>(called), frames));
  return own == 0 ? 0 : own + deepest;
}

}  // namespace

std::vector<std::int64_t> ProgramRun::numbers(std::string_view key) const {
  std::vector<std::int64_t> values;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(key) || line.size() <= key.size() || line[key.size()] != ' ') continue;
    std::int64_t value = -1;
    std::from_chars(line.data() + key.size() + 1, line.data() + line.size(), value);
    values.push_back(value);
  }
  return values;
}

std::int64_t ProgramRun::number(std::string_view key) const {
  const std::vector<std::int64_t> values = numbers(key);
  return values.empty() ? -1 : values.front();
}

BuiltCopy::BuiltCopy(const fs::path& folder, int timeout_seconds)
    : folder_(folder), timeout_seconds_(timeout_seconds) {
  for (const char* file : {"model.graph", "model.h", "model.c", "Makefile", "test/stream.c"})
    if (!fs::is_regular_file(folder / file))
      throw InputError(folder.string(), fmt::format("is no emitted network: it has no {}", file));
  try {
    copy_without_products(folder, path());
  } catch (const fs::filesystem_error& problem) {
    throw EnvironmentError(fmt::format("cannot copy {}: {}", folder.string(), problem.code().message()));
  }
}

std::string BuiltCopy::make(const std::vector<std::string>& goals) const {
  std::vector<std::string> command{"make", "-s", "--no-print-directory"};
  command.insert(command.end(), goals.begin(), goals.end());
  ProcessOptions options;
  options.directory = path();
  options.timeout = std::chrono::seconds(timeout_seconds_);
  const ProcessResult result = run_process(command, options);
  if (result.timed_out)
    throw EnvironmentError(
        fmt::format("building {} took more than {} s", folder_.string(), timeout_seconds_));
  if (result.exit_code != 0)
    throw InputError(folder_.string(), "does not build:\n" + last_lines(result.errors + result.output, 2000));
  return result.output;
}

void BuiltCopy::build(const target::Target& target) const {
  if (is_host(target)) {
    require(kHostTools, target.name);
    (void)make({"stream-host", "build/host/golden"});
    return;
  }
  require(kBoardTools, target.name);
  require_newlib(target);
  const std::string products = "build/" + target.name;
  (void)make({"stream-board", products + "/golden.elf", products + "/rom.elf"});
}

ProgramRun BuiltCopy::run(const target::Target& target, const std::string& program, const fs::path& directory,
                          bool count_instructions) const {
  const fs::path products = path() / "build" / target.name;
  std::vector<std::string> command{(products / program).string()};
  if (!is_host(target)) {
    command = {"qemu-system-arm",
               "-M",
               target.machine,
               "-nographic",
               "-monitor",
               "none",
               "-serial",
               "null",
               "-semihosting-config",
               "enable=on,target=native",
               "-kernel",
               (products / (program + ".elf")).string()};
    if (count_instructions) command.insert(command.end(), {"-icount", "shift=0"});
  }
  ProcessOptions options;
  options.directory = directory;
  options.timeout = std::chrono::seconds(timeout_seconds_);
  const ProcessResult result = run_process(command, options);
  ProgramRun run;
  run.good = result.exit_code == 0 && !result.timed_out;
  run.output = result.output + result.errors;  // SYS_WRITE0 comes out on standard error
  if (result.timed_out)
    run.problem = fmt::format("'{}' on {} did not end within {} s", program, target.name, timeout_seconds_);
  else if (!run.good)
    run.problem = fmt::format("'{}' on {} ended with {}: {}", program, target.name, result.exit_code,
                              last_lines(run.output, 300));
  return run;
}

LinkedRom BuiltCopy::linked_rom(const target::Target& board) const {
  PARSIMONY_EXPECTS(!is_host(board));
  auto sections = section_sizes(make({"rom"}));
  if (!sections.contains(".model_code"))
    throw InputError(folder_.string(), "'make rom' names no section .model_code");
  return {Bytes(sections[".model_code"]), Bytes(sections[".model_constants"] + sections[".model_data"]),
          Bytes(sections[".library"] + sections[".library_data"])};
}

std::map<std::string, std::int64_t> BuiltCopy::function_bytes(const target::Target& board) const {
  constexpr std::string_view kText = ".text.";
  const std::string size_tool = board.compiler.substr(0, board.compiler.rfind('-')) + "-size";
  const fs::path object = path() / "build" / board.name / "model.o";
  std::map<std::string, std::int64_t> functions;
  for (const auto& [section, bytes] : section_sizes(run_process({size_tool, "-A", object.string()}).output))
    if (section.starts_with(kText)) functions[section.substr(kText.size())] = bytes;
  return functions;
}

Bytes BuiltCopy::static_stack(const target::Target& board) const {
  // "model.c:12:20:parsimony_table\t16\tstatic"
  std::int64_t invoke = 0, steps = 0, features = 0, deepest_of_features = 0;
  Frames frames;
  std::istringstream lines(read_file(path() / "build" / board.name / "model.su"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t name_end = line.find('\t');
    if (name_end == std::string::npos) continue;
    const std::string name =
        line.substr(line.rfind(':', name_end) + 1, name_end - line.rfind(':', name_end) - 1);
    const std::int64_t bytes = std::stoll(line.substr(name_end + 1));
    if (name == "parsimony_run_steps")
      steps = bytes;
    else if (name.ends_with("_invoke"))
      invoke = bytes;
    else if (name.ends_with("_features") || name == "parsimony_log_mel" || name == "parsimony_log_mel_frame")
      features += bytes;
    else if (name.starts_with("parsimony_log_mel_") || name == "parsimony_quantize_values")
      deepest_of_features = std::max(deepest_of_features, bytes);
    else if (name.starts_with(kPrefix))
      frames[name.substr(kPrefix.size())] = bytes;
  }
  std::int64_t deepest = 0;
  for (std::size_t kernel = 0; kernel < emit::kKernels; ++kernel)
    deepest = std::max(deepest, kernel_stack(static_cast<emit::Kernel>(kernel), frames));
  return Bytes(std::max(invoke + steps + deepest, features > 0 ? features + deepest_of_features : 0));
}

}  // namespace parsimony::verify
