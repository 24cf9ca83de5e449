// A short form of `./run demo`: from data to a network verified on the host and on a Cortex-M4 in QEMU.
#include <gmock/gmock.h>

#include "program.hpp"

namespace parsimony::end_to_end {
namespace {

using ::testing::HasSubstr;

Json parsed(const ProcessResult& result) {
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  return Json::parse(result.output, nullptr, false);
}

void expect_report_holds_what_programs_rely_on(const Json& report) {
  for (const char* key : {"study", "trials", "objectives", "hypervolume", "reference", "digest", "front"})
    ASSERT_TRUE(report.contains(key)) << key;
  EXPECT_EQ(report["trials"]["complete"], 8);
  EXPECT_EQ(report["objectives"], Json({"error", "rom", "ram", "flops"}));
  EXPECT_EQ(report["reference"], Json({1.0, 1.0, 1.0, 1.0}));
  EXPECT_GT(report["hypervolume"], 0.0);
  ASSERT_FALSE(report["front"].empty());
  for (const Json& member : report["front"])
    for (const char* key : {"trial", "objectives", "parameters", "validation_accuracy", "test_accuracy",
                            "rom_bytes", "ram_bytes", "flops", "parameter_count"})
      EXPECT_TRUE(member.contains(key) && !member[key].is_null()) << key;
}

void expect_verified(const Json& targets) {
  ASSERT_EQ(targets.size(), 7u) << "the host and six cores";
  for (const Json& target : targets) {
    EXPECT_EQ(target["mismatches"], 0) << target;
    EXPECT_GE(target["cases"], 100) << target;
    EXPECT_EQ(target["ram_bytes"], target["predicted_ram_bytes"]);
    if (target["target"] == "host") continue;
    const std::int64_t linked = target["rom_bytes"], predicted = target["predicted_rom_bytes"];
    EXPECT_GE(predicted, linked) << target;
    EXPECT_LE(predicted - linked, 256) << target;
    EXPECT_GT(target["instructions"], 1000);
  }
}

TEST(ShortDemo, FindsExportsAndVerifiesANetwork) {
  const Folder folder;
  write_file(folder / "study.yaml", short_study());
  const auto search = parsimony({"search", folder / "study.yaml", "--out", folder / "study"});
  ASSERT_EQ(search.exit_code, 0) << search.errors;
  const Json report = parsed(parsimony({"report", folder / "study", "--json"}));
  expect_report_holds_what_programs_rely_on(report);
  EXPECT_TRUE(std::filesystem::exists(folder / "study/report.html"));
  EXPECT_TRUE(std::filesystem::exists(folder / "study/trials.csv"));

  const auto written = parsimony({"export", folder / "study", "--trial", "best", "-o", folder / "net"});
  ASSERT_EQ(written.exit_code, 0) << written.errors;
  expect_verified(parsed(
      parsimony({"verify", folder / "net", "--target", "all", "--study", folder / "study", "--json"})));
  const Json plan = parsed(parsimony({"plan", folder / "net", "--json"}));
  EXPECT_EQ(plan["verified"], true);
  EXPECT_GE(plan["arena_bytes"], plan["lower_bound_bytes"]);
  EXPECT_THAT(read_file(folder / "net/model.h"), HasSubstr("NET_ARENA_BYTES"));
}

TEST(ShortDemo, VerifyFindsAChangedWeight) {
  const Folder folder;
  write_file(folder / "study.yaml", short_study("target: cortex-m4\n"));
  ASSERT_EQ(
      parsimony({"search", folder / "study.yaml", "--out", folder / "study", "--trials", "2"}).exit_code, 0);
  ASSERT_EQ(parsimony({"export", folder / "study", "--trial", "best", "-o", folder / "net"}).exit_code, 0);
  std::string model = read_file(folder / "net/model.graph");
  const auto bias = model.find("bias");
  ASSERT_NE(bias, std::string::npos);
  // The graph says something else than the C: a digit of the first bias changes.
  const auto digit = model.find_first_of("123456789", model.find('\n', bias));
  model[digit] = model[digit] == '9' ? '8' : '9';
  write_file(folder / "net/model.graph", model);
  EXPECT_EQ(parsimony({"verify", folder / "net", "--target", "host"}).exit_code, 1);
}

}  // namespace
}  // namespace parsimony::end_to_end
