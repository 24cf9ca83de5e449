#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "parsimony/base/errors.hpp"
#include "parsimony/cli/commands.hpp"

namespace {

enum Exit { kDone = 0, kInputAtFault = 2, kMachineAtFault = 3 };

/// CLI11 has statuses of its own; ours knows the user's fault only. Help and version are no fault.
int exit_of_parser(CLI::App& app, const CLI::ParseError& error) {
  return app.exit(error) == 0 ? kDone : kInputAtFault;
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App app("Finds neural networks that fit a microcontroller.", "parsimony");
  app.set_version_flag("--version", "parsimony 0.1.0");
  app.require_subcommand(1);
  app.footer("Example:\n  parsimony search examples/motions.yaml --out studies/motions");
  parsimony::cli::Action action;
  parsimony::cli::add_search(app, action);
  parsimony::cli::add_report(app, action);
  parsimony::cli::add_export(app, action);
  parsimony::cli::add_verify(app, action);
  parsimony::cli::add_plan(app, action);
  parsimony::cli::add_data(app, action);
  try {
    app.parse(count, arguments);
    return action();
  } catch (const CLI::ParseError& error) {
    return exit_of_parser(app, error);
  } catch (const parsimony::InputError& error) {
    std::fprintf(stderr, "parsimony: %s\n", error.what());
    return kInputAtFault;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "parsimony: %s\n", error.what());
    return kMachineAtFault;
  }
}
