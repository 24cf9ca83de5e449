#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsimony/base/quantities.hpp"

namespace parsimony::target {

/// A core to build for and the QEMU machine that stands for it.
struct Target {
  std::string name;                ///< "cortex-m4"; "host" is the machine we run on
  std::string compiler;            ///< "arm-none-eabi-gcc"
  std::vector<std::string> flags;  ///< "-mcpu=cortex-m4", …
  std::string machine;             ///< QEMU's -M; empty for the host
  std::uint32_t code_base = 0, ram_base = 0;
  Bytes code_size, ram_size;
  bool dsp = false;                    ///< the DSP extension: SMLAD, SXTB16
  bool mve = false;                    ///< the vector extension for integers
  double instructions_per_tick = 0.0;  ///< of SysTick at -icount shift=0
};

/// The target of that name. @throws InputError naming `where`, the name and those supported;
/// a core known but not built yet (cortex-m23, cortex-m85) is refused as "not yet supported"
const Target& find_target(std::string_view where, std::string_view name);

/// Every supported target's name, the host first.
std::vector<std::string> target_names();

}  // namespace parsimony::target
