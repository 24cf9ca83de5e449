#include "parsimony/cli/study_report.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "parsimony/base/files.hpp"
#include "parsimony/report/report.hpp"

namespace parsimony::cli {
namespace {

report::Report report_of(const study::Store& store, const std::filesystem::path& folder) {
  return report::build_report(store, report::ReportOptions{.study = {}, .directory = folder.string()});
}

int terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 100;
  return std::max<int>(40, size.ws_col);
}

}  // namespace

std::vector<int> front_of(const study::Store& store) {
  return report_of(store, "study").front;
}

void write_report_files(const study::Store& store, const std::filesystem::path& folder) {
  const report::Report report = report_of(store, folder);
  write_file(folder / "report.html", report::to_html(report));
  write_file(folder / "trials.csv", report::to_csv(report));
  write_file(folder / "report.json", report::to_json(report));
}

void print_report(const study::Store& store, const std::filesystem::path& folder, bool json) {
  const report::Report report = report_of(store, folder);
  if (json) {
    fmt::print("{}\n", report::to_json(report));
    return;
  }
  fmt::print("{}", report::terminal_summary(
                       report, {.width = terminal_width(), .colour = ::isatty(STDOUT_FILENO) == 1}));
  fmt::print("report: {}\n", (folder / "report.html").string());
}

}  // namespace parsimony::cli
