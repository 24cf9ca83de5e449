#include "parsimony/emit/runtime_files.hpp"

#include <string>

#include "parsimony/base/contracts.hpp"
#include "parsimony_runtime_text.hpp"  // made by CMakeLists.txt from runtime/

namespace parsimony::emit {
namespace {

const std::string_view* find(std::string_view name) {
  for (const auto& [file, text] : kRuntimeFiles)
    if (file == name) return &text;
  return nullptr;
}

}  // namespace

std::string_view runtime_file(std::string_view name) {
  const std::string_view* text = find(name);
  PARSIMONY_EXPECTS(text != nullptr);
  return *text;
}

std::string_view kernel_source(std::string_view name) {
  constexpr std::string_view kFrom = "/* -- copied from here -- */\n", kTo = "/* -- to here -- */\n";
  const std::string stem = "kernels/" + std::string(name);
  const std::string_view text = runtime_file(find(stem + ".c") != nullptr ? stem + ".c" : stem + ".h");
  const std::size_t from = text.find(kFrom), to = text.find(kTo);
  PARSIMONY_ENSURES(from != std::string_view::npos && to != std::string_view::npos);
  return text.substr(from + kFrom.size(), to - from - kFrom.size());
}

}  // namespace parsimony::emit
