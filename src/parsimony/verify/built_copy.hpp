#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "parsimony/base/quantities.hpp"
#include "parsimony/target/target.hpp"
#include "parsimony/verify/temporary_folder.hpp"

namespace parsimony::verify {

/// What a test program printed and how it ended.
struct ProgramRun {
  bool good = false;    ///< it ended by itself, with 0
  std::string output;   ///< what it printed
  std::string problem;  ///< how it ended, when not good

  /// The numbers after `key` at the start of lines, in their order.
  std::vector<std::int64_t> numbers(std::string_view key) const;
  /// The first of them, or −1.
  std::int64_t number(std::string_view key) const;
};

/// Flash of the linked image by part.
struct LinkedRom {
  Bytes code;       ///< the folder's own code
  Bytes constants;  ///< the folder's own constants and data
  Bytes library;    ///< what it pulled in of libgcc and libc
};

/// A copy of an emitted folder in a temporary one, built and run there; removed at the end.
class BuiltCopy {
 public:
  /// @throws InputError when `folder` is none of ours
  BuiltCopy(const std::filesystem::path& folder, int timeout_seconds);

  const std::filesystem::path& path() const { return copy_.path(); }

  /// Makes the test programs of a target with the folder's own Makefile.
  /// @throws EnvironmentError naming the Debian package of what is missing; InputError with the compiler's
  ///         words when the folder does not build
  void build(const target::Target& target) const;

  /// Runs "stream" or "golden" for the target in `directory` (files are read and written there).
  /// @param count_instructions  QEMU with -icount shift=0: slower, and SysTick counts
  ProgramRun run(const target::Target& target, const std::string& program,
                 const std::filesystem::path& directory, bool count_instructions = false) const;

  LinkedRom linked_rom(const target::Target& board) const;

  /// [B] of each function of model.o, compiled with a section for each.
  std::map<std::string, std::int64_t> function_bytes(const target::Target& board) const;

  /// Stack of `_invoke` and of the deepest it calls, by -fstack-usage.
  Bytes static_stack(const target::Target& board) const;

 private:
  std::string make(const std::vector<std::string>& goals) const;

  std::filesystem::path folder_;
  TemporaryFolder copy_;
  int timeout_seconds_;
};

}  // namespace parsimony::verify
