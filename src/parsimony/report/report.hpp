#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parsimony/space/space.hpp"
#include "parsimony/study/row.hpp"
#include "parsimony/study/store.hpp"

namespace parsimony::report {

/// One column of objective values, and how people read it: shown = value · scale, in `unit`. Values, the
/// reference's too, are minimised; those of a maximised objective are negated, and its scale is −1.
struct ObjectiveColumn {
  std::string name;        ///< as in the study: "rom"
  std::string label;       ///< "ROM"
  std::string unit;        ///< "%", "B", "FLOP", or "" (as given)
  double scale = 1.0;      ///< the limit or unpruned cost that a value of 1 stands for; 100 for "%"
  double reference = 1.0;  ///< the hypervolume's, on values
  bool network = false;    ///< a figure that every network has (error, ROM, RAM, FLOPs)
  bool maximise = false;   ///< the user asked for more of it

  /// A value in the sense in which the user defined the objective.
  double as_given(double value) const { return maximise ? 0.0 - value : value; }
};

/// What was predicted of a set of cases: confusion[true class][predicted class].
struct Scores {
  std::optional<std::int64_t> cases;
  std::vector<std::vector<std::int64_t>> confusion;
  std::vector<double> recall;  ///< [classes], in 0 … 1
};

/// Training after each epoch; columns of equal length, NaN where nothing was measured.
struct Curve {
  std::vector<double> epoch, loss, accuracy, rate, parameters;
};

/// One buffer of a memory plan; both steps inclusive.
struct Buffer {
  std::string name;
  std::int64_t offset = 0, bytes = 0;  ///< [B]
  std::int32_t first = 0, last = 0;
  bool input = false, output = false, scratch = false;
};

/// The arena of one network over time.
struct MemoryPlan {
  std::int64_t arena_bytes = 0, lower_bound_bytes = 0;
  std::string planner;
  std::vector<std::string> steps;  ///< the operators, in order of execution
  std::vector<Buffer> buffers;
};

/// What a network's evaluation stored beside its row; whatever it left out is absent here.
struct NetworkFigures {
  std::optional<double> validation_accuracy, float_accuracy, validation_cross_entropy;
  std::optional<double> test_accuracy, float_test_accuracy;
  std::optional<double> validation_macro_f1, test_macro_f1;  ///< of the confusion matrices
  std::optional<std::int64_t> rom_bytes, ram_bytes, flops, parameter_count, constant_bytes;
  std::optional<double> seconds_training;
  std::vector<std::pair<std::string, std::int64_t>>
      kept;  ///< channels left in each group, in the network's order
  std::map<std::string, double> sparsity;
  Scores validation, test;
  Curve curve;  ///< of the first fold where there are several
  int folds = 1;
  std::vector<std::string> class_names;
  std::optional<MemoryPlan> plan;
};

/// One trial.
struct Row {
  int number = 0;
  study::State state = study::State::queued;
  std::string stage, code, reason;  ///< of its evaluation; may stand beside a complete row ("diverged")
  std::string diverged;             ///< why its training is void; empty: it is not
  space::Configuration configuration;
  std::vector<double> objectives, constraints;  ///< NaN where not known
  double seconds = 0.0;                         ///< spent in the evaluator
  std::optional<NetworkFigures> network;
  std::string not_exportable;  ///< why its network cannot be exported; empty: it can
};

/// A study as people and programs read it.
struct Report {
  std::string study;  ///< name, and the folder as commands name it
  std::string directory;
  std::string version;          ///< of the program
  std::string configuration;    ///< the stored JSON
  std::string solver_settings;  ///< "directions 300, horizon 4"
  std::string command;          ///< words of the command that was optimised; "" in a search
  std::string protocol, solver, data, network, target, space, split;  ///< "" where the study has none
  std::string training;  ///< how networks are trained and quantised where not by default; else ""
  std::optional<std::int64_t> seed;
  int initial = 0;  ///< size of the initial design, 0: not recorded
  std::vector<ObjectiveColumn> objectives;
  std::vector<std::string> constraints;
  std::vector<space::Parameter> parameters;  ///< ranges as stored, or those of the values seen
  std::vector<Row> rows;                     ///< by number
  std::vector<int> front;                    ///< trial numbers, ascending
  std::optional<int> best;   ///< the front's network of the best score (else least first objective)
  double hypervolume = 0.0;  ///< 0 with one objective: best_curve then
  std::vector<std::pair<int, double>>
      hypervolume_curve;                           ///< after each ended trial; of two objectives or more
  std::vector<std::pair<int, double>> best_curve;  ///< of one objective: the least value after each ended
                                                   ///< trial, from the first complete one on
  std::string digest;
  std::map<std::string, std::string> notes;  ///< what the program noted beside the study
  bool has_networks = false;

  /// Precondition: there is a trial of that number.
  const Row& row(int number) const;
  /// One objective: its best value stands where otherwise the hypervolume does.
  bool has_one_objective() const { return objectives.size() == 1; }
  std::map<std::string, int> counts() const;  ///< of every state, zeros included
};

/// All that a report reads from a store.
struct Contents {
  study::Description description;
  std::vector<study::Row> rows;          ///< by number
  std::vector<study::Execution> finals;  ///< jobs of purpose "final"
  std::map<int, std::string> graphs;     ///< trial -> model.graph of the deployed network
};

struct ReportOptions {
  std::string study;      ///< its name; empty: the directory's last part
  std::string directory;  ///< as the user wrote it; goes into the export commands
  std::string version = "0.1.0";
};

Contents read_contents(const study::Store& store);

/// Front, hypervolume and figures of the study. The front: complete rows that none dominates; of equal
/// vectors the one of lower validation cross-entropy, then of lower number (protocol paper: the number
/// alone). Objectives, limits, references and parameters come from the stored configuration; where it does
/// not say, limits follow from the rows' figures, ranges from their values, and references are 1.
Report build_report(const Contents& contents, const ReportOptions& options);
Report build_report(const study::Store& store, const ReportOptions& options);

/// What `report --json` prints (DESIGN.md, "What a program may rely on").
std::string to_json(const Report& report);

/// One line a trial, by number (RFC 4180, a header first). Numbers read back exactly; unknown ones are empty.
std::string to_csv(const Report& report);

/// One self-contained page: no request leaves it. Any string of the study is shown, never run.
std::string to_html(const Report& report);

struct SummaryOptions {
  int width = 80;       ///< columns, at least 40
  bool colour = false;  ///< ANSI, for a terminal
  int front_rows = 24;  ///< at most
};

/// The front as a table, the hypervolume and the best network, for a terminal.
std::string terminal_summary(const Report& report, const SummaryOptions& options = {});

/// The command that writes a trial's network, quoted for a POSIX shell.
std::string export_command(const Report& report, int trial);

}  // namespace parsimony::report
