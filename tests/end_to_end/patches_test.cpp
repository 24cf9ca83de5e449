// Networks that are evaluated by patches, from the command line.
#include <gmock/gmock.h>

#include "program.hpp"

namespace parsimony::end_to_end {
namespace {

using ::testing::HasSubstr;

std::string repeated(const std::string& text, int times) {
  std::string result;
  for (int k = 0; k < times; ++k) result += text;
  return result;
}

/// [16, 8, 4] -> [16, 8, 16] -> [16, 8, 4]: the tensor in the middle is four times the others.
std::string wide_in_the_middle() {
  const auto constants = [](int channels, int weights) {
    return "  weight_scales " + std::to_string(channels) + "\n " + repeated(" 0.01", channels) + "\n  bias " +
           std::to_string(channels) + "\n " + repeated(" 100", channels) + "\n  weights " +
           std::to_string(weights) + "\n    " + repeated("03fa", weights / 2) + "\n";
  };
  const std::string clamp = "  clamp -128 127\n";
  return "parsimony-graph 1 rounding double\nname \"wide\"\n"
         "tensor x shape 16 8 4 scale 0.5 zero_point 1\n"
         "tensor wide shape 16 8 16 scale 0.5 zero_point -3\n"
         "tensor y shape 16 8 4 scale 0.25 zero_point 0\n"
         "input x\noutput y\nmean 1\n  0\ndivisor 1\n  1\n"
         "operator convolution widen\n  read x\n  write wide\n"
         "  window kernel 3 stride 1 pad 1 1\n  window kernel 3 stride 1 pad 1 1\n" +
         clamp + constants(16, 576) +
         "operator convolution narrow\n  read wide\n  write y\n"
         "  window kernel 1 stride 1 pad 0 0\n  window kernel 1 stride 1 pad 0 0\n" +
         clamp + constants(4, 64) + "end\n";
}

class Patches : public ::testing::Test {
 protected:
  Patches() { write_file(model(), wide_in_the_middle()); }
  std::string model() const { return folder_ / "wide.graph"; }
  std::string net() const { return folder_ / "net"; }

  Folder folder_;
};

TEST_F(Patches, SaveRamForTheWorkThatIsAllowedAndGiveTheSameBytes) {
  const Json whole = Json::parse(parsimony({"compile", model(), "-o", net(), "--json"}).output);
  EXPECT_TRUE(whole["patches"]["segments"].empty());
  const Json cut =
      Json::parse(parsimony({"compile", model(), "-o", net(), "--patches", "30", "--json"}).output);
  EXPECT_EQ(cut["patches"]["segments"][0]["first"], "widen");
  EXPECT_LE(cut["patches"]["extra_macs_percent"], 30.0);
  EXPECT_EQ(cut["ram_bytes"].get<int>(),
            whole["ram_bytes"].get<int>() - cut["patches"]["saved_bytes"].get<int>());
  EXPECT_LT(2 * cut["ram_bytes"].get<int>(), whole["ram_bytes"].get<int>() * 2 - 500);
  const auto verified = parsimony({"verify", net(), "--target", "host", "--json"});
  ASSERT_EQ(verified.exit_code, 0) << verified.errors;
  EXPECT_EQ(Json::parse(verified.output)[0]["mismatches"], 0);
}

TEST_F(Patches, AreNamedByCompileAndPlan) {
  const auto said = parsimony({"compile", model(), "-o", net(), "--patches", "30"});
  EXPECT_THAT(said.output, HasSubstr("patches: widen to narrow in "));
  EXPECT_THAT(said.output, HasSubstr(" % more multiply-accumulates"));
  const auto plan =
      parsimony({"plan", model(), "--optimise", "speed", "--patches", "30", "--svg", folder_ / "plan.svg"});
  EXPECT_THAT(plan.output, HasSubstr("patches: widen to narrow in "));
  EXPECT_THAT(read_file(folder_ / "plan.svg"), HasSubstr("patches: widen to narrow in "));
  EXPECT_THAT(parsimony({"plan", net()}).output, HasSubstr("by patches: y in "));
}

TEST_F(Patches, AreRefusedForNoShareOfTheWorkAndForNetworksThatHaveThem) {
  for (const char* share : {"-1", "100.5", "nan"}) {
    const auto refused = parsimony({"compile", model(), "-o", net(), "--patches", share});
    EXPECT_EQ(refused.exit_code, 2) << share;
    EXPECT_THAT(refused.errors, HasSubstr("--patches"));
    EXPECT_THAT(refused.errors, HasSubstr("allowed: 0 to 100 percent")) << share;
  }
  ASSERT_EQ(parsimony({"compile", model(), "-o", net(), "--patches", "30"}).exit_code, 0);
  const auto twice = parsimony({"compile", net(), "-o", folder_ / "again", "--patches", "30"});
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_THAT(twice.errors, HasSubstr("by patches already"));
}

}  // namespace
}  // namespace parsimony::end_to_end
