// For the eye: with PARSIMONY_REPORT_SAMPLE set to a folder, writes the made-up studies' pages there, and
// that of the study in the folder PARSIMONY_REPORT_STUDY.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "parsimony/base/files.hpp"
#include "parsimony/study/folder.hpp"
#include "synthetic_study.hpp"

namespace parsimony::report {
namespace {

TEST(SamplePage, IsWrittenWhereAsked) {
  const char* folder = std::getenv("PARSIMONY_REPORT_SAMPLE");
  if (folder == nullptr) GTEST_SKIP() << "PARSIMONY_REPORT_SAMPLE is not set";
  const std::filesystem::path path = folder;
  for (const auto& [name, contents] :
       {std::pair{"motions", testing::network_study()}, std::pair{"passino", testing::generic_study()}}) {
    const Report report = build_report(contents, {name, std::string("studies/") + name});
    write_file(path / (std::string(name) + ".html"), to_html(report));
    write_file(path / (std::string(name) + ".json"), to_json(report));
    write_file(path / (std::string(name) + ".csv"), to_csv(report));
    write_file(path / (std::string(name) + ".txt"), terminal_summary(report));
    EXPECT_TRUE(std::filesystem::exists(path / (std::string(name) + ".html")));
  }
}

TEST(SamplePage, OfAStoredStudyIsWrittenWhereAsked) {
  const char *folder = std::getenv("PARSIMONY_REPORT_SAMPLE"), *study = std::getenv("PARSIMONY_REPORT_STUDY");
  if (folder == nullptr || study == nullptr)
    GTEST_SKIP() << "PARSIMONY_REPORT_SAMPLE or PARSIMONY_REPORT_STUDY is not set";
  const Report report = build_report(study::open_study(study), {"", study});
  write_file(std::filesystem::path(folder) / (report.study + ".html"), to_html(report));
  for (const Row& row : report.rows)
    if (row.network && row.network->plan && row.network->ram_bytes) {
      EXPECT_EQ(row.network->plan->arena_bytes, *row.network->ram_bytes) << "trial " << row.number;
    }
}

}  // namespace
}  // namespace parsimony::report
