#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "parsimony/base/errors.hpp"
#include "parsimony/cli/commands.hpp"

namespace {

enum Exit { kDone = 0, kInputAtFault = 2, kMachineAtFault = 3 };

/// CLI11 has statuses of its own; ours knows the user's fault only. Help and version are no fault.
int exit_of_parser(CLI::App& app, const CLI::ParseError& error) {
  return app.exit(error) == 0 ? kDone : kInputAtFault;
}

/// CLI11 says of a misspelt sub-command only that one is required.
void expect_known_command(const CLI::App& app, int count, char** arguments) {
  if (count < 2 || arguments[1][0] == '-') return;
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands({})) known.push_back(command->get_name());
  const std::string given = arguments[1];
  if (std::find(known.begin(), known.end(), given) != known.end()) return;
  const std::string near = parsimony::nearest_name(given, known);
  std::string allowed;
  for (const std::string& name : known) allowed += (allowed.empty() ? "" : ", ") + name;
  throw parsimony::InputError(
      given, near.empty() ? "is no command" : "is no command; did you mean '" + near + "'?", allowed);
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App app("Finds neural networks that fit a microcontroller.", "parsimony");
  app.set_version_flag("--version", "parsimony 0.1.0");
  app.require_subcommand(1);
  app.footer("Example:\n  parsimony search examples/motions.yaml --out studies/motions");
  parsimony::cli::Action action;
  parsimony::cli::add_search(app, action);
  parsimony::cli::add_optimise(app, action);
  parsimony::cli::add_report(app, action);
  parsimony::cli::add_repeat(app, action);
  parsimony::cli::add_export(app, action);
  parsimony::cli::add_compile(app, action);
  parsimony::cli::add_verify(app, action);
  parsimony::cli::add_predict(app, action);
  parsimony::cli::add_plan(app, action);
  parsimony::cli::add_boards(app, action);
  parsimony::cli::add_data(app, action);
  parsimony::cli::add_network(app, action);
  parsimony::cli::add_compare(app, action);
  try {
    expect_known_command(app, count, arguments);
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
