#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <span>

#include "import_test_support.hpp"
#include "parsimony/ir/arithmetic.hpp"
#include "parsimony/ir/evaluator.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/text.hpp"

namespace parsimony::tflite {
namespace {

void expect_bytes(const ir::Graph& graph, const std::vector<std::pair<Values, Values>>& runs) {
  ASSERT_FALSE(runs.empty());
  for (const auto& [input, output] : runs) {
    EXPECT_EQ(ir::interpret(graph, input), output);
    Values evaluated(output.size());
    ir::Evaluator(graph).run(input, 1, evaluated);
    EXPECT_EQ(evaluated, output);
  }
}

std::filesystem::path rows_of(const std::filesystem::path& model) {
  return std::filesystem::path(model).replace_extension(".txt");
}

// golden/*.tflite and what TFLite Micro made of a few inputs, by golden/make_models.py.
TEST(ImportedModels, GiveTfliteMicrosBytes) {
  const auto models = files_in(golden_folder(), ".tflite");
  ASSERT_GE(models.size(), 30u);
  std::set<ir::OperatorKind> seen;
  for (const auto& path : models) {
    SCOPED_TRACE(path.filename());
    const ir::Graph graph = import_file(path);
    for (const ir::Operator& op : graph.operators) seen.insert(op.kind);
    expect_bytes(graph, read_runs(rows_of(path), graph.tensor(graph.input).elements()));
  }
  std::size_t kinds = 0;
  for (std::size_t kind = 0; kind < std::size(ir::kOperatorKinds); ++kind)
    kinds += !ir::is_view(static_cast<ir::OperatorKind>(kind));  // views come of patches alone
  EXPECT_EQ(seen.size(), kinds) << "every kind of operator";
}

// Keras networks as TensorFlow's converter writes them (bench/import/convert_models.py).
TEST(ConvertedModels, GiveTfliteMicrosBytes) {
  const auto models = files_in(golden_folder() / "converted", ".tflite");
  ASSERT_GE(models.size(), 5u);
  for (const auto& path : models) {
    SCOPED_TRACE(path.filename());
    const ir::Graph graph = import_file(path);
    expect_bytes(graph, read_runs(rows_of(path), graph.tensor(graph.input).elements()));
  }
}

// The rows are ours, the networks are not and lie outside the project.
TEST(MlperfTiny, GivesTfliteMicrosBytes) {
  if (!std::filesystem::exists(real_models()))
    GTEST_SKIP() << "no networks at " << real_models() << " (PARSIMONY_MODELS)";
  const auto rows = files_in(golden_folder() / "mlperf_tiny", ".txt");
  ASSERT_EQ(rows.size(), 4u);
  for (const auto& path : rows) {
    SCOPED_TRACE(path.filename());
    const ir::Graph graph = import_file(real_models() / path.filename().replace_extension(".tflite"));
    expect_bytes(graph, read_runs(path, graph.tensor(graph.input).elements()));
  }
}

/// ⌊exact product + 1/2⌋, by quotient and remainder; no build of TFLite Micro that rounds once is to be had.
std::int64_t rounded_half_up(std::int64_t x, ir::Multiplier by) {
  const std::int64_t divisor = std::int64_t{1} << (31 - by.shift), product = x * by.mantissa;
  const std::int64_t floor = product / divisor - (product % divisor < 0 ? 1 : 0);
  return floor + (2 * (product - floor * divisor) >= divisor ? 1 : 0);
}

TEST(ImportedModels, RoundTheirTablesAsTheGraphDoes) {
  const std::string bytes = read_file(golden_folder() / "quantize.tflite");
  const std::span<const std::uint8_t> file(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  const ir::Graph graph = import_model(file, "quantize.tflite", ir::Rounding::once);
  EXPECT_EQ(graph.rounding, ir::Rounding::once);
  ASSERT_EQ(graph.operators.at(0).kind, ir::OperatorKind::table);
  const ir::Quantisation in = graph.tensor(graph.input).quantisation,
                         out = graph.tensor(graph.output).quantisation;
  const ir::Multiplier by = ir::quantised_multiplier(double{in.scale} / out.scale);
  for (std::int64_t q = -128; q < 128; ++q)
    EXPECT_EQ(graph.operators[0].table[static_cast<std::size_t>(q + 128)],
              std::clamp<std::int64_t>(rounded_half_up(q - in.zero_point, by) + out.zero_point, -128, 127));
  for (const auto& path : files_in(golden_folder(), ".tflite")) {
    const std::string model = read_file(path);
    const ir::Graph one = import_model({reinterpret_cast<const std::uint8_t*>(model.data()), model.size()},
                                       path.string(), ir::Rounding::once);
    const auto input = seeded_values(1, one.tensor(one.input).elements());
    Values evaluated(static_cast<std::size_t>(one.tensor(one.output).elements()));
    ir::Evaluator(one).run(input, 1, evaluated);
    EXPECT_EQ(evaluated, ir::interpret(one, input)) << path;
  }
}

TEST(ImportedModels, SurviveTheirTextForm) {
  for (const auto& path : files_in(golden_folder(), ".tflite")) {
    const ir::Graph graph = import_file(path);
    EXPECT_EQ(ir::from_text(ir::to_text(graph), path.string()), graph) << path;
  }
}

}  // namespace
}  // namespace parsimony::tflite
