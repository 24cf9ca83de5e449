// The page's script, run by a browser. Where there is none these tests say so and are skipped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "parsimony/base/files.hpp"
#include "parsimony/base/process.hpp"
#include "synthetic_study.hpp"

namespace parsimony::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The document after its scripts have run; empty when there is no browser.
std::string drawn(const std::string& page) {
  if (!program_exists("chromium")) return "";
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("parsimony-page-" + std::to_string(getpid()));
  write_file(folder / "report.html", page);
  ProcessOptions options;
  options.timeout = std::chrono::seconds(60);
  const std::vector<std::string> command{"chromium",
                                         "--headless",
                                         "--no-sandbox",
                                         "--disable-gpu",
                                         "--disable-background-networking",
                                         "--user-data-dir=" + (folder / "profile").string(),
                                         "--window-size=1400,2400",
                                         "--virtual-time-budget=2000",
                                         "--dump-dom",
                                         (folder / "report.html").string()};
  const ProcessResult result = run_process(command, options);
  std::filesystem::remove_all(folder);
  return result.exit_code == 0 ? result.output : "";
}

TEST(ReportInABrowser, DrawsEverySectionOfANetworkStudyAndRunsNoHostileString) {
  const char* hostile =
      "</script><script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">";
  Contents contents = testing::network_study({.class_names = {hostile, "b", "c", "d"}});
  contents.description.parameters[0] = hostile;
  const std::string page = drawn(to_html(build_report(contents, {"motions", "studies/motions"})));
  if (page.empty()) GTEST_SKIP() << "no usable chromium on PATH";
  EXPECT_THAT(page, HasSubstr("data-ready=\"yes\""));
  EXPECT_THAT(page, HasSubstr("<title>motions · Parsimony</title>"));
  for (const char* id : {"front", "progress", "table", "parameters", "network", "rows", "about"})
    EXPECT_THAT(page, HasSubstr(std::string("<section id=\"") + id + "\""));
  EXPECT_THAT(page, HasSubstr("Error against ROM, one mark a trial"));
  EXPECT_THAT(page, HasSubstr("Memory plan, "));
  EXPECT_THAT(page, HasSubstr("Confusion matrix of trial"));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
}

TEST(ReportInABrowser, DrawsTheValuesOfASingleMaximisedObjective) {
  Contents contents = testing::generic_study();
  contents.description.configuration =
      R"({"kind": "optimise", "objectives": [{"name": "f1", "goal": "maximise"}]})";
  contents.description.objectives = {"f1"};
  for (study::Row& row : contents.rows) row.objectives.resize(1);
  const std::string page = drawn(to_html(build_report(contents, {"one", "d"})));
  if (page.empty()) GTEST_SKIP() << "no usable chromium on PATH";
  EXPECT_THAT(page, HasSubstr("data-ready=\"yes\""));
  EXPECT_THAT(page, HasSubstr("f1 of each trial"));
  EXPECT_THAT(page, HasSubstr("Best f1 after each trial"));
  EXPECT_THAT(page, HasSubstr("Greatest f1"));
  EXPECT_THAT(page, Not(HasSubstr("\">Hypervolume")));
}

TEST(ReportInABrowser, DrawsAnEmptyStudy) {
  Contents contents = testing::generic_study(0);
  const std::string page = drawn(to_html(build_report(contents, {"nothing", "d"})));
  if (page.empty()) GTEST_SKIP() << "no usable chromium on PATH";
  EXPECT_THAT(page, HasSubstr("data-ready=\"yes\""));
  EXPECT_THAT(page, Not(HasSubstr("<section id=\"network\"")));
  EXPECT_THAT(page, HasSubstr("No complete trial yet."));
}

}  // namespace
}  // namespace parsimony::report
