#include "parsimony/emit/c_writer.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "parsimony/base/random.hpp"

namespace parsimony::emit {
namespace {

template <typename Token>
std::string written(Token token) {
  CWriter writer;
  writer.line(token);
  std::string text = writer.take();
  text.pop_back();
  return text;
}

TEST(CWriter, WritesFloatsThatReadBackExactly) {
  RandomStream random(1, 0, "floats");
  for (int k = 0; k < 20000; ++k) {
    const auto bits = static_cast<std::uint32_t>(random.bits());
    const float value = std::bit_cast<float>(bits);
    if (!std::isfinite(value)) continue;
    const std::string text = written(Real{value});
    ASSERT_TRUE(text.ends_with('f') && text.find_first_of(".e") != std::string::npos) << text;
    ASSERT_EQ(std::bit_cast<std::uint32_t>(std::strtof(text.c_str(), nullptr)), bits) << text;
  }
}

TEST(CWriter, WritesTheLeastIntegerAsAnExpressionBecauseItHasNoLiteral) {
  EXPECT_EQ(written(Integer{std::numeric_limits<std::int32_t>::min()}), "(-2147483647 - 1)");
  EXPECT_EQ(written(Integer{-7}), "-7");
}

TEST(CWriter, EscapesWhateverWouldLeaveAString) {
  EXPECT_EQ(written(Quoted{"a\"b\\c\n?\?/\xc3\xa9"}), R"("a\"b\\c\012\?\?/\303\251")");
  EXPECT_EQ(written(Quoted{"\x01"
                           "7"}),
            R"("\0017")");
}

TEST(CWriter, KeepsACommentClosed) {
  EXPECT_EQ(written(Comment{"x */ int y; /* \n z"}), "/* x ./ int y; .* . z */");
}

TEST(CWriter, IndentsByOpenBraces) {
  CWriter writer;
  writer.open("if (x) ");
  writer.line("y();");
  writer.close();
  EXPECT_EQ(writer.take(), "if (x) {\n  y();\n}\n");
}

TEST(CWriterDeathTest, StopsAtANameThatIsNoIdentifier) {
  EXPECT_DEATH(written(Identifier{"3x"}), "precondition");
  EXPECT_DEATH(written(Identifier{"x;y"}), "precondition");
}

}  // namespace
}  // namespace parsimony::emit
