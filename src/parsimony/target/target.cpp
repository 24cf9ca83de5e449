#include "parsimony/target/target.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "parsimony/base/errors.hpp"

namespace parsimony::target {
namespace {

constexpr Bytes kMegabyte{1 << 20};

Target board(const char* name, const char* machine, std::vector<std::string> flags, double per_tick) {
  flags.insert(flags.begin(), {std::string("-mcpu=") + name, "-mthumb"});
  Target target;
  target.name = name;
  target.compiler = "arm-none-eabi-gcc";
  target.flags = std::move(flags);
  target.machine = machine;
  target.code_base = 0x00000000;
  target.ram_base = 0x20000000;
  target.code_size = target.ram_size = Bytes(4 * kMegabyte.value);
  target.dsp = target.name != "cortex-m0" && target.name != "cortex-m3";
  target.mve = target.name == "cortex-m55";
  target.instructions_per_tick = per_tick;
  return target;
}

/// Figures of QEMU 7.2's machines: facts/deployment.md, section 4. The Cortex-M0's code runs on the
/// Cortex-M3's machine, whose start-up makes unaligned words fault as they do on an M0: QEMU's own M0 has 16
/// KB of RAM.
std::vector<Target> make_supported() {
  std::vector<Target> targets;
  targets.push_back(
      {.name = "host", .compiler = "cc", .flags = {}, .machine = {}, .code_size = {}, .ram_size = {}});
  targets.push_back(board("cortex-m0", "mps2-an385", {"-mfloat-abi=soft"}, 40.0));
  targets.push_back(board("cortex-m3", "mps2-an385", {"-mfloat-abi=soft"}, 40.0));
  targets.push_back(board("cortex-m4", "mps2-an386", {"-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"}, 40.0));
  targets.push_back(board("cortex-m7", "mps2-an500", {"-mfloat-abi=hard", "-mfpu=fpv5-sp-d16"}, 40.0));
  targets.push_back(board("cortex-m33", "mps2-an505", {"-mfloat-abi=hard", "-mfpu=fpv5-sp-d16"}, 50.0));
  targets.back().code_base = 0x10000000;
  targets.back().ram_base = 0x38000000;
  targets.back().ram_size = Bytes(2 * kMegabyte.value);
  // The vectoriser would align constants to 16 bytes, and GCC 12's fails on some code.
  targets.push_back(board("cortex-m55", "mps3-an547", {"-mfloat-abi=hard", "-fno-tree-vectorize"}, 31.25));
  targets.back().code_base = 0x10000000;
  targets.back().ram_base = 0x31000000;
  targets.back().code_size = Bytes(512 * 1024);
  targets.back().ram_size = Bytes(2 * kMegabyte.value);
  return targets;
}

const std::vector<Target>& supported() {
  static const std::vector<Target> targets = make_supported();
  return targets;
}

constexpr std::array<std::string_view, 2> kKnownButNotBuiltYet{"cortex-m23", "cortex-m85"};

}  // namespace

const Target& find_target(std::string_view where, std::string_view name) {
  const auto found = std::ranges::find(supported(), name, &Target::name);
  if (found != supported().end()) return *found;
  const std::string allowed = fmt::format("{}", fmt::join(target_names(), ", "));
  if (std::ranges::find(kKnownButNotBuiltYet, name) != kKnownButNotBuiltYet.end())
    throw InputError(where, fmt::format("target '{}' is not yet supported", name), allowed);
  const std::string near = nearest_name(name, target_names());
  throw InputError(where,
                   fmt::format("unknown target '{}'{}", name,
                               near.empty() ? "" : fmt::format(", did you mean '{}'?", near)),
                   allowed);
}

std::vector<std::string> target_names() {
  std::vector<std::string> names;
  for (const Target& target : supported()) names.push_back(target.name);
  return names;
}

}  // namespace parsimony::target
