#include <CLI/CLI.hpp>

#include "parsimony/cli/commands.hpp"
#include "parsimony/cli/study_report.hpp"
#include "parsimony/study/folder.hpp"

namespace parsimony::cli {
namespace {

struct ReportArguments {
  std::string folder;
  bool json = false;
};

int run_report(const ReportArguments& arguments) {
  const study::Store store = study::open_study(arguments.folder);
  write_report_files(store, arguments.folder);
  print_report(store, arguments.folder, arguments.json);
  return 0;
}

}  // namespace

void add_report(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("report", "The front of a study: a page, CSV and a summary");
  auto arguments = std::make_shared<ReportArguments>();
  command->add_option("DIR", arguments->folder, "the study's folder")->required();
  command->add_flag("--json", arguments->json, "for a program to read");
  command->footer("Example:\n  parsimony report studies/motions --json");
  command->callback([&action, arguments] { action = [arguments] { return run_report(*arguments); }; });
}

}  // namespace parsimony::cli
