#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "parsimony/report/report.hpp"
#include "parsimony/report/table.hpp"

namespace parsimony::report {
namespace {

/// A table of text, numbers to the right; the first row is the head.
using Table = std::vector<std::vector<std::string>>;

/// Columns that a terminal needs for the text (the few letters beyond ASCII that we write take one each).
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

std::string cut(std::string_view text, std::size_t width) {
  if (columns_of(text) <= width) return std::string(text);
  std::string result;
  std::size_t columns = 0;
  for (char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0u) != 0x80u && ++columns == width) break;
    result += c;
  }
  return result + "…";
}

/// Control characters of stored strings must not reach a terminal.
std::string harmless(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

struct Paint {
  bool colour = false;
  std::string operator()(const char* code, const std::string& text) const {
    return colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
  }
  std::string bold(const std::string& text) const { return (*this)("1", text); }
  std::string dim(const std::string& text) const { return (*this)("2", text); }
  std::string strong(const std::string& text) const { return (*this)("1;32", text); }
};

/// Drops columns from the right until the table fits; says how many.
std::size_t fit(Table& table, std::size_t width) {
  const auto total = [&] {
    std::size_t sum = 0;
    for (std::size_t c = 0; c < table[0].size(); ++c) {
      std::size_t widest = 0;
      for (const auto& row : table) widest = std::max(widest, columns_of(row[c]));
      sum += widest + 2;
    }
    return sum;
  };
  std::size_t dropped = 0;
  while (table[0].size() > 2 && total() > width) {
    for (auto& row : table) row.pop_back();
    ++dropped;
  }
  return dropped;
}

std::string drawn(const Table& table, const Paint& paint, std::size_t marked) {
  std::vector<std::size_t> widths(table[0].size(), 0);
  for (const auto& row : table)
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], columns_of(row[c]));
  std::string text;
  for (std::size_t r = 0; r < table.size(); ++r) {
    std::string line;
    for (std::size_t c = 0; c < table[r].size(); ++c)
      line += std::string(widths[c] - columns_of(table[r][c]) + 2, ' ') + table[r][c];
    text += (r == 0 ? paint.dim(line) : r == marked ? paint.strong(line) : line) + "\n";
  }
  return text;
}

std::vector<std::string> head_of(const Report& report) {
  std::vector<std::string> head{"trial"};
  if (report.has_networks) {
    const bool paper = report.protocol == "paper";
    head.insert(head.end(), {paper ? "test" : "validation", "F1"});
    if (!paper) head.insert(head.end(), {"test", "F1"});
    head.insert(head.end(), {"ROM", "RAM", "FLOPs", "parameters"});
  }
  for (const ObjectiveColumn& column : report.objectives)
    if (!column.network) head.push_back(harmless(column.label));
  if (!report.has_networks)
    for (const space::Parameter& parameter : report.parameters)
      head.push_back(harmless(space::parameter_name(parameter)));
  return head;
}

std::vector<std::string> cells_of(const Report& report, const Row& row) {
  std::vector<std::string> cells{fmt::format("{}", row.number)};
  if (report.has_networks) {
    const NetworkFigures none, &figures = row.network ? *row.network : none;
    cells.insert(cells.end(), {percent(figures.validation_accuracy), f1_text(figures.validation_macro_f1)});
    if (report.protocol != "paper")
      cells.insert(cells.end(), {percent(figures.test_accuracy), f1_text(figures.test_macro_f1)});
    cells.insert(cells.end(), {bytes_text(figures.rom_bytes), bytes_text(figures.ram_bytes),
                               operations_text(figures.flops),
                               figures.parameter_count ? fmt::format("{}", *figures.parameter_count) : "–"});
  }
  for (std::size_t i = 0; i < report.objectives.size(); ++i)
    if (!report.objectives[i].network) cells.push_back(in_unit(report.objectives[i], row.objectives[i]));
  if (!report.has_networks)
    for (const space::Value& value : row.configuration) {
      const auto* real = std::get_if<double>(&value);
      cells.push_back(real != nullptr ? short_number(*real) : harmless(cut(text_of(value), 20)));
    }
  return cells;
}

/// The front from the best score down.
std::vector<int> by_score(const Report& report) {
  std::vector<int> order = report.front;
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return report.row(a).objectives.front() < report.row(b).objectives.front();
  });
  return order;
}

/// Parts on as few lines as hold them.
std::vector<std::string> wrapped(const std::vector<std::string>& parts, std::string_view between,
                                 std::size_t width) {
  std::vector<std::string> lines;
  for (const std::string& part : parts) {
    if (!lines.empty() && columns_of(lines.back()) + columns_of(between) + columns_of(part) <= width) {
      lines.back() += std::string(between) + part;
    } else {
      lines.push_back(cut(part, width));
    }
  }
  return lines;
}

std::string title(const Report& report, const Paint& paint, std::size_t width) {
  std::string counts;
  for (const char* state : {"complete", "infeasible", "failed", "running", "queued", "stale"})
    if (const int count = report.counts().at(state); count > 0)
      counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, state);
  const std::string name = cut(harmless(report.study), width / 2);
  std::string text = paint.bold(name) + "  " +
                     cut(counts.empty() ? "no trials yet" : counts, width - columns_of(name) - 2) + "\n";

  std::vector<std::string> parts;
  for (const auto& [label, value] :
       {std::pair{"network", report.network}, std::pair{"data", report.data},
        std::pair{"command", report.command}, std::pair{"target", report.target},
        std::pair{"solver", solver_text(report)}, std::pair{"protocol", report.protocol},
        std::pair{"seed", report.seed ? fmt::format("{}", *report.seed) : ""}})
    if (!value.empty()) parts.push_back(harmless(fmt::format("{} {}", label, value)));
  for (const auto part : std::views::split(report.training, std::string_view("; ")))
    parts.push_back(harmless(std::string(part.begin(), part.end())));
  for (const std::string& line : wrapped(parts, " · ", width)) text += paint.dim(line) + "\n";
  return text;
}

std::string front_text(const Report& report, const SummaryOptions& options, const Paint& paint) {
  if (report.front.empty()) return "No complete trial yet: the front is empty.\n";
  Table table{head_of(report)};
  std::size_t marked = 0;
  const std::vector<int> order = by_score(report);
  const std::size_t shown = std::min(order.size(), static_cast<std::size_t>(std::max(1, options.front_rows)));
  for (std::size_t i = 0; i < shown; ++i) {
    if (order[i] == report.best) marked = table.size();
    table.push_back(cells_of(report, report.row(order[i])));
  }
  const std::size_t dropped = fit(table, static_cast<std::size_t>(options.width));
  std::string text = paint.bold(fmt::format("Front: {} {}", order.size(),
                                            report.has_networks ? (order.size() == 1 ? "network" : "networks")
                                                                : (order.size() == 1 ? "point" : "points"))) +
                     "\n";
  text += drawn(table, paint, marked);
  if (shown < order.size()) text += paint.dim(fmt::format("  and {} more", order.size() - shown)) + "\n";
  if (dropped > 0) text += paint.dim(fmt::format("  {} more columns in the CSV", dropped)) + "\n";
  return text;
}

/// The command is never cut: it is there to be copied.
std::string best_text(const Report& report, const Paint& paint, std::size_t width) {
  if (!report.best) return "";
  const Row& row = report.row(*report.best);
  std::vector<std::string> parts{fmt::format("trial {}", row.number)};
  if (!row.network) {
    const ObjectiveColumn& first = report.objectives.front();
    parts.push_back(harmless(first.label) + " " + in_unit(first, row.objectives.front()));
  } else {
    const NetworkFigures& figures = *row.network;
    if (report.protocol != "paper") parts.push_back(percent(figures.validation_accuracy) + " validation");
    if (figures.test_accuracy) parts.push_back(percent(figures.test_accuracy) + " test");
    parts.push_back(bytes_text(figures.rom_bytes) + " ROM");
    parts.push_back(bytes_text(figures.ram_bytes) + " RAM");
  }
  constexpr std::string_view kIndent = "       ";
  std::string text;
  for (const std::string& line : wrapped(parts, ", ", width - kIndent.size()))
    text += paint.strong((text.empty() ? "Best:  " : std::string(kIndent)) + line) + "\n";
  if (!row.network) return text;
  const bool able = row.not_exportable.empty();
  return text + std::string(kIndent) +
         harmless(able ? export_command(report, row.number) : "cannot be exported: " + row.not_exportable) +
         "\n";
}

}  // namespace

std::string terminal_summary(const Report& report, const SummaryOptions& options) {
  const Paint paint{options.colour};
  return title(report, paint, static_cast<std::size_t>(options.width)) + "\n" +
         front_text(report, options, paint) + "\n" +
         (report.has_one_objective() ? ""
                                     : fmt::format("Hypervolume {:.5g} (reference {})\n", report.hypervolume,
                                                   reference_text(report))) +
         best_text(report, paint, static_cast<std::size_t>(options.width));
}

}  // namespace parsimony::report
