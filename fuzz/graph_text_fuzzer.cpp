// Any text: a network or an InputError.
#include "parsimony/base/errors.hpp"
#include "same_everywhere.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    parsimony::fuzz::expect_same_everywhere(parsimony::ir::from_text(text, "fuzz.graph"));
  } catch (const parsimony::InputError&) {
  }
  return 0;
}
