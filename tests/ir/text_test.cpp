#include "parsimony/ir/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dscnn_graph.hpp"
#include "parsimony/base/errors.hpp"
#include "random_graph.hpp"

namespace parsimony::ir {
namespace {

using test::random_graph;
using ::testing::HasSubstr;

std::string refusal(std::string_view text) {
  try {
    from_text(text, "model.graph");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// The text of a small graph with one line replaced.
std::string replaced(std::string text, std::string_view line_start, std::string_view by) {
  const std::size_t start = text.find(line_start);
  EXPECT_NE(start, std::string::npos) << line_start;
  text.replace(start, text.find('\n', start) - start, by);
  return text;
}

TEST(Text, ReadsBackExactly) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Graph graph = random_graph(seed);
    const std::string text = to_text(graph);
    const Graph again = from_text(text, "t");
    ASSERT_EQ(again, graph) << seed;
    ASSERT_EQ(to_text(again), text);
  }
}

TEST(Text, KeepsTheFrontEnd) {
  Graph graph = test::dscnn_graph(4, 49, 40, 3);
  graph.log_mel = features::LogMel{};
  const std::string text = to_text(graph);
  EXPECT_THAT(text,
              HasSubstr("\nlog_mel rate 16000 samples 16000 frame 480 hop 320 bands 40 low 20 high 4000\n"));
  EXPECT_EQ(from_text(text, "t"), graph);
  EXPECT_THAT(refusal(replaced(text, "log_mel", "log_mel rate 16000")),
              HasSubstr("'log_mel' has 3 words; allowed: 15"));
  EXPECT_THAT(refusal(replaced(text, "log_mel",
                               "log_mel rate 16000 samples 16000 frame 480 hop 160 bands 40 low 20 high "
                               "4000")),
              HasSubstr("log_mel: the input has shape [49, 40]; allowed: [98, 40] or [98, 40, 1]"));
  EXPECT_THAT(refusal(replaced(text, "log_mel",
                               "log_mel rate 16000 samples 16000 frame 9480 hop 320 bands 40 low 20 "
                               "high 4000")),
              HasSubstr("log_mel: frame is 9480 samples; allowed: 32 to 4096 samples"));
  EXPECT_THAT(refusal(replaced(text, "log_mel",
                               "log_mel rate 16000 samples 16000 frame 480 hop 320 bands 40 low 2 high "
                               "3")),
              HasSubstr("log_mel: high is 3 Hz: no frequency of the FFT lies between 2 Hz and it"));
}

TEST(Text, NamesTheRounding) {
  const Graph graph = random_graph(3, {.rounding = Rounding::once});
  EXPECT_THAT(to_text(graph), ::testing::StartsWith("parsimony-graph 1 rounding single\n"));
  EXPECT_EQ(from_text(to_text(graph), "text"), graph);
}

TEST(Text, ReadsSkeletonsBackExactly) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Graph graph = test::skeleton_of(random_graph(seed));
    ASSERT_EQ(from_text(to_text(graph), "t"), graph);
  }
}

TEST(Text, KeepsAnyName) {
  Graph graph = random_graph(1);
  graph.name = " quoted \" and \\ and \n and \x01 and \x7f é ";
  EXPECT_EQ(from_text(to_text(graph), "t").name, graph.name);
  graph.name = "";
  EXPECT_EQ(from_text(to_text(graph), "t").name, "");
}

TEST(Text, IsShortAndReadable) {
  Graph graph = test::skeleton_of(test::dscnn_graph(4, 10, 2, 3));
  graph.operators.resize(1);
  graph.tensors.resize(2);
  graph.output = TensorId{1};
  graph.class_names = {};
  EXPECT_EQ(to_text(graph), R"(parsimony-graph 1 rounding double
name "dscnn-se-1d"
tensor x shape 10 2 scale 0 zero_point 0
tensor conv_out shape 5 4 scale 0 zero_point 0
input x
output conv_out
operator convolution conv
  read x
  write conv_out
  window kernel 3 stride 2 pad 1 1
  clamp -128 127
end
)");
}

TEST(Text, StartsALineOfWeightsForEachOutputChannel) {
  const Graph graph = test::dscnn_graph(4, 10, 2, 3);
  const std::string text = to_text(graph);
  const std::size_t start = text.find("  weights 24\n");
  ASSERT_NE(start, std::string::npos);
  for (int row = 0; row < 4; ++row)
    EXPECT_EQ(text.substr(start + 13 + static_cast<std::size_t>(row) * 17 + 16, 1), "\n");
}

TEST(Text, NamesFileLineAndWhatItExpected) {
  const std::string text = to_text(test::dscnn_graph(4, 10, 2, 3));
  EXPECT_THAT(refusal(replaced(text, "tensor conv_out", "tensor conv_out shape 5 x scale 1 zero_point 0")),
              HasSubstr("model.graph:4: 'x' is no number here; allowed: a 32-bit integer"));
  EXPECT_THAT(refusal(replaced(text, "parsimony-graph", "parsimony-graph 2 rounding double")),
              HasSubstr("model.graph:1: format version '2'; allowed: 1"));
  EXPECT_THAT(refusal(replaced(text, "parsimony-graph", "parsimony-graph 1 rounding thrice")),
              HasSubstr("model.graph:1: rounding 'thrice'; allowed: double, single"));
  EXPECT_THAT(refusal(""), HasSubstr("model.graph:1: the file ends here"));
  EXPECT_THAT(refusal("PK\x03\x04 binary"), HasSubstr("'parsimony-graph …'"));
  EXPECT_THAT(refusal(text + "more"), HasSubstr("there is text after 'end'"));
  EXPECT_THAT(refusal(replaced(text, "operator conv", "operator convolutoin conv")),
              HasSubstr("unknown operator 'convolutoin'"));
  EXPECT_THAT(refusal(replaced(text, "  read x", "  read y")), HasSubstr("no tensor is named 'y'"));
  EXPECT_THAT(refusal(replaced(text, "tensor conv_out", "tensor x shape 5 4 scale 1 zero_point 0")),
              HasSubstr("a second tensor has this name"));
  EXPECT_THAT(refusal(replaced(text, "tensor conv_out", "tensor conv_out shape 5 4 scale inf zero_point 0")),
              HasSubstr("a finite float"));
  EXPECT_THAT(refusal(replaced(text, "  bias", "  bias 99999999999999")),
              HasSubstr("announces 99999999999999 values"));
  EXPECT_THAT(refusal(replaced(text, "  weights", "  weights -1")), HasSubstr("announces -1 values"));
  EXPECT_THAT(refusal(replaced(text, "name", "name dscnn")), HasSubstr("not quoted"));
  EXPECT_THAT(refusal(replaced(text, "  window", "  window kernel 3 stride 0 pad 1 1")),
              HasSubstr("model.graph: operator conv: has a window with stride 0"));
}

TEST(Text, RefusesEveryTruncationWithoutCrashing) {
  const std::string text = to_text(random_graph(4, {.operators = 3, .max_channels = 5, .max_length = 4}));
  for (std::size_t length = 0; length + 1 < text.size(); ++length)
    ASSERT_NE(refusal(std::string_view(text).substr(0, length)), "") << length;
}

TEST(Text, SurvivesRandomDamage) {
  const std::string text = to_text(random_graph(5, {.operators = 4, .max_channels = 6, .max_length = 5}));
  RandomStream random(1, 0, "damage");
  int refused = 0;
  for (int k = 0; k < 5000; ++k) {
    std::string damaged = text;
    for (std::uint64_t n = 0; n <= random.below(3); ++n) {
      const std::size_t at = random.below(damaged.size());
      switch (random.below(4)) {
        case 0:
          damaged[at] = static_cast<char>(random.below(256));
          break;
        case 1:
          damaged.erase(at, random.below(50));
          break;
        case 2:
          damaged.insert(at, damaged.substr(random.below(damaged.size()), random.below(50)));
          break;
        default:
          damaged.insert(at, "9999999999");
          break;
      }
    }
    refused += refusal(damaged).empty() ? 0 : 1;
  }
  EXPECT_GT(refused, 3000);
}

TEST(ModelHash, TellsGraphsApart) {
  Graph graph = random_graph(6);
  const std::string before = model_hash(graph);
  EXPECT_EQ(before.size(), 64u);
  EXPECT_EQ(model_hash(graph), before);
  graph.normalisation.mean[0] += 1.0f;
  EXPECT_NE(model_hash(graph), before);
}

}  // namespace
}  // namespace parsimony::ir
