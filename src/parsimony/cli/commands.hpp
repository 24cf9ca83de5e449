#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace parsimony::cli {

/// What the chosen sub-command does; returns the exit status (0 done, 1 verification failed).
using Action = std::function<int()>;

// Each adds its sub-command; when it is chosen on the command line, its work is put into `action`.
void add_search(CLI::App& app, Action& action);
void add_optimise(CLI::App& app, Action& action);
void add_report(CLI::App& app, Action& action);
void add_repeat(CLI::App& app, Action& action);
void add_export(CLI::App& app, Action& action);
void add_compile(CLI::App& app, Action& action);
void add_verify(CLI::App& app, Action& action);
void add_predict(CLI::App& app, Action& action);
void add_plan(CLI::App& app, Action& action);
void add_boards(CLI::App& app, Action& action);
void add_data(CLI::App& app, Action& action);
void add_network(CLI::App& app, Action& action);
void add_compare(CLI::App& app, Action& action);

}  // namespace parsimony::cli
