#include <gtest/gtest.h>

#include <map>
#include <string>

#include "parsimony/base/files.hpp"
#include "parsimony/ir/evaluator.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/text.hpp"

namespace parsimony::ir {
namespace {

using Values = std::vector<std::int8_t>;

Values bytes_of(std::string_view hex) {
  Values values;
  for (std::size_t k = 0; k + 1 < hex.size(); k += 2)
    values.push_back(static_cast<std::int8_t>(std::stoi(std::string(hex.substr(k, 2)), nullptr, 16)));
  return values;
}

struct Case {
  Graph graph;
  std::vector<std::pair<Values, Values>> runs;
};

/// golden/tflite_micro.txt, made by golden/make_golden.py.
std::vector<Case> read_cases() {
  const std::string text = read_file(std::string(PARSIMONY_TEST_DIR) + "/golden/tflite_micro.txt");
  std::vector<Case> cases;
  std::string graph;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    const std::string line = text.substr(start, end - start);
    const bool in_graph = cases.empty() || !graph.empty() || line.starts_with("parsimony-graph");
    start = end + 1;
    if (in_graph) {
      graph += line + "\n";
      if (line == "end") cases.push_back({from_text(std::exchange(graph, ""), "tflite_micro.txt"), {}});
    } else if (line.starts_with("input ")) {
      cases.back().runs.push_back({bytes_of(std::string_view(line).substr(6)), {}});
    } else {
      cases.back().runs.back().second = bytes_of(std::string_view(line).substr(7));
    }
  }
  return cases;
}

TEST(TfliteMicro, GivesTheInterpretersBytes) {
  std::map<OperatorKind, int> seen;
  const std::vector<Case> cases = read_cases();
  ASSERT_GE(cases.size(), 50u);
  for (std::size_t k = 0; k < cases.size(); ++k) {
    for (const Operator& op : cases[k].graph.operators) ++seen[op.kind];
    ASSERT_EQ(cases[k].runs.size(), 3u);
    for (const auto& [input, output] : cases[k].runs)
      EXPECT_EQ(interpret(cases[k].graph, input), output) << "case " << k << ": " << to_text(cases[k].graph);
  }
  EXPECT_EQ(seen.size(), 5u) << "all kinds but tables, which TFLite has no operator for";
}

TEST(TfliteMicro, GivesTheEvaluatorsBytes) {
  for (const Case& one : read_cases())
    for (const auto& [input, output] : one.runs) {
      Values result(output.size());
      Evaluator(one.graph).run(input, 1, result);
      EXPECT_EQ(result, output);
    }
}

}  // namespace
}  // namespace parsimony::ir
