#include <fmt/format.h>

#include <algorithm>

#include "parsimony/compare/analysis.hpp"

namespace parsimony::compare {
namespace {

std::string seconds_text(double seconds) {
  if (seconds <= 0.0) return "-";
  if (seconds < 1e-3) return fmt::format("{:.1f} us", 1e6 * seconds);
  return seconds < 0.1 ? fmt::format("{:.2f} ms", 1e3 * seconds) : fmt::format("{:.2f} s", seconds);
}

std::string finals_text(const Finals& finals) {
  if (finals.values.empty()) return "-";
  return fmt::format("{:.5g} [{:.5g}, {:.5g}]", finals.middle, finals.interval.low, finals.interval.high);
}

/// Columns as wide as their widest cell; the first stands left, the others right.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], row[i].size());
    }
  std::string text;
  for (const auto& row : rows) {
    std::string line = "  ";
    for (std::size_t i = 0; i < row.size(); ++i)
      line += i == 0 ? fmt::format("{:<{}}", row[i], widths[i]) : fmt::format("  {:>{}}", row[i], widths[i]);
    text += line + "\n";
  }
  return text;
}

std::string head_of(const ProblemFigures& problem) {
  std::string head = fmt::format("{}: {}, {} seed{}, {} evaluations, {} of them initial; ", problem.problem,
                                 problem.least_value ? "least value" : "hypervolume", problem.seeds.size(),
                                 problem.seeds.size() == 1 ? "" : "s", problem.budget, problem.initial);
  return head +
         (problem.best ? fmt::format("best possible {:.7g}\n", *problem.best) : "best possible unknown\n");
}

std::string finals_table(const ProblemFigures& problem) {
  std::vector<std::vector<std::string>> rows{{"solver"}};
  for (const int budget : problem.budgets) rows[0].push_back(fmt::format("median [95 %] after {}", budget));
  rows[0].push_back("seeds");
  rows[0].push_back("for an ask");
  for (const SolverFigures& figures : problem.solvers) {
    rows.push_back({figures.solver});
    for (const Finals& finals : figures.at) rows.back().push_back(finals_text(finals));
    rows.back().push_back(std::to_string(figures.seeds.size()));
    rows.back().push_back(seconds_text(figures.seconds_per_ask));
  }
  return aligned(rows);
}

std::string pairs_table(const ProblemFigures& problem) {
  const std::vector<PairedFigures>& pairs = problem.paired.back();
  if (pairs.empty()) return "";
  std::vector<std::vector<std::string>> rows{{"a - b", "median difference [95 %]", "Wilcoxon p", "seeds"}};
  for (const PairedFigures& pair : pairs)
    rows.push_back({fmt::format("{} - {}", pair.a, pair.b),
                    fmt::format("{:+.4g} [{:+.4g}, {:+.4g}]", pair.median_difference, pair.interval.low,
                                pair.interval.high),
                    fmt::format("{:.2g}", pair.p), std::to_string(pair.seeds)});
  return "\n" + aligned(rows);
}

}  // namespace

std::string terminal_tables(const std::vector<ProblemFigures>& problems) {
  std::string text;
  for (const ProblemFigures& problem : problems)
    text += head_of(problem) + finals_table(problem) + pairs_table(problem) + "\n";
  return text;
}

}  // namespace parsimony::compare
