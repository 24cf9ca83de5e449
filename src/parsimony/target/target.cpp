#include "parsimony/target/target.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "parsimony/base/errors.hpp"

namespace parsimony::target {
namespace {

/// Figures of QEMU 7.2's machines: facts/deployment.md, section 4.
const std::vector<Target>& supported() {
  static const std::vector<Target> targets{
      {.name = "host", .compiler = "cc", .flags = {}, .machine = {}, .code_size = {}, .ram_size = {}},
      {.name = "cortex-m4",
       .compiler = "arm-none-eabi-gcc",
       .flags = {"-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"},
       .machine = "mps2-an386",
       .code_base = 0x00000000,
       .ram_base = 0x20000000,
       .code_size = Bytes(4 << 20),
       .ram_size = Bytes(4 << 20),
       .instructions_per_tick = 40.0}};
  return targets;
}

constexpr std::array<std::string_view, 7> kKnownButNotBuiltYet{
    "cortex-m0", "cortex-m0plus", "cortex-m3", "cortex-m7", "cortex-m33", "cortex-m55", "cortex-m85"};

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
