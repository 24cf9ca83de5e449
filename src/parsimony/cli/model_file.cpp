#include "parsimony/cli/model_file.hpp"

#include <fmt/format.h>

#include <string_view>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/import/tflite.hpp"
#include "parsimony/ir/text.hpp"

namespace parsimony::cli {
namespace {

bool is_tflite(std::string_view bytes) {
  constexpr std::size_t kIdentifierAt = 4;
  return bytes.size() > 8 && bytes.substr(kIdentifierAt, 4) == "TFL3";
}

}  // namespace

ir::Graph read_model(const std::filesystem::path& path, const std::string& rounding) {
  const std::filesystem::path file = std::filesystem::is_directory(path) ? path / "model.graph" : path;
  const std::string bytes = read_file(file);
  if (is_tflite(bytes) || file.extension() == ".tflite")
    return tflite::import_model({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                                file.string(),
                                rounding == "single" ? ir::Rounding::once : ir::Rounding::twice);
  if (bytes.find('\0') != std::string::npos)
    throw InputError(file.string(), "is no network", "a .tflite file, or a graph's text as in model.graph");
  ir::Graph graph = ir::from_text(bytes, file.string());
  const std::string_view given = ir::kRoundings[static_cast<std::size_t>(graph.rounding)];
  if (!rounding.empty() && rounding != given)
    throw InputError("--rounding", fmt::format("{}: the graph was made with rounding {}", rounding, given),
                     given);
  return graph;
}

}  // namespace parsimony::cli
