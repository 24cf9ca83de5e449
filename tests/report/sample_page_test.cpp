// For the eye: with PARSIMONY_REPORT_SAMPLE set to a folder, writes the made-up studies' pages there.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "parsimony/base/files.hpp"
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

}  // namespace
}  // namespace parsimony::report
