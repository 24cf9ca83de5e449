#include <gtest/gtest.h>

#include <set>

#include "import_test_support.hpp"
#include "parsimony/ir/evaluator.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/text.hpp"

namespace parsimony::tflite {
namespace {

// golden/*.tflite and what TFLite Micro made of a few inputs, by golden/make_models.py.

TEST(ImportedModels, GiveTfliteMicrosBytes) {
  const auto models = files_in(golden_folder(), ".tflite");
  ASSERT_GE(models.size(), 29u);
  std::set<ir::OperatorKind> seen;
  for (const auto& path : models) {
    SCOPED_TRACE(path.filename());
    const ir::Graph graph = import_file(path);
    for (const ir::Operator& op : graph.operators) seen.insert(op.kind);
    const auto runs = read_runs(std::filesystem::path(path).replace_extension(".txt"));
    ASSERT_FALSE(runs.empty());
    for (const auto& [input, output] : runs) {
      EXPECT_EQ(ir::interpret(graph, input), output) << ir::to_text(graph);
      Values evaluated(output.size());
      ir::Evaluator(graph).run(input, 1, evaluated);
      EXPECT_EQ(evaluated, output);
    }
  }
  EXPECT_EQ(seen.size(), std::size(ir::kOperatorKinds)) << "every kind of operator";
}

TEST(ImportedModels, SurviveTheirTextForm) {
  for (const auto& path : files_in(golden_folder(), ".tflite")) {
    const ir::Graph graph = import_file(path);
    EXPECT_EQ(ir::from_text(ir::to_text(graph), path.string()), graph) << path;
  }
}

}  // namespace
}  // namespace parsimony::tflite
