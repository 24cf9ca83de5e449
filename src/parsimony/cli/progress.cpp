#include "parsimony/cli/progress.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace parsimony::cli {
namespace {

/// "[######------]", `width` marks.
std::string bar(int done, int total, int width) {
  const int full = total == 0 ? 0 : done * width / total;
  return fmt::format("[{}{}]", std::string(static_cast<std::size_t>(full), '#'),
                     std::string(static_cast<std::size_t>(width - full), '-'));
}

std::string what_of(const std::string& purpose) {
  if (purpose == study::kTrial) return "trials";
  return purpose.starts_with(study::kRepeat) ? "repeats" : "deployed networks";
}

}  // namespace

std::string duration_text(double seconds) {
  if (std::isnan(seconds)) return "?";
  const long whole = std::lround(seconds);
  if (whole >= 3600) return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
  if (whole >= 60) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} s", whole);
}

void print_times(const driver::Summary& summary, const char* evaluating) {
  const driver::TimeAccount& time = summary.time;
  const double all = time.workers * time.wall;
  if (all <= 0.0) return;
  fmt::print(
      "{} of wall time: {} {:.1f} %, suggesting {:.1f} %, waiting for order {:.1f} %, overhead {:.1f} %\n",
      duration_text(time.wall), evaluating, 100 * time.evaluating / all, 100 * time.suggesting / all,
      100 * time.waiting / all, 100 * time.overhead / all);
}

ProgressDisplay::ProgressDisplay(bool quiet, BestText best_text)
    : best_text_(std::move(best_text)), quiet_(quiet) {}

driver::Observer ProgressDisplay::observer() {
  driver::Observer observer;
  observer.progress = [this](const driver::Progress& progress) { show(progress); };
  observer.note = [this](const std::string& line) { tell(line); };
  return observer;
}

void ProgressDisplay::show(const driver::Progress& progress) {
  if (quiet_) return;
  std::string line = fmt::format("{}/{} {}", progress.ended, progress.total, what_of(progress.purpose));
  if (best_text_ && !progress.best.empty() && !std::isnan(progress.best.front()))
    line += ", best " + best_text_(progress.best);
  if (progress.failed > 0) line += fmt::format(", {} failed", progress.failed);
  line += fmt::format(", {} gone", duration_text(progress.elapsed));
  if (progress.ended < progress.total) line += fmt::format(", {} left", duration_text(progress.left));
  if (line_.on_terminal()) {
    if (!progress.stages.empty()) line += fmt::format(" ({})", fmt::join(progress.stages, "; "));
    const int marks = std::clamp(static_cast<int>(line_.columns()) / 8, 8, 24);
    return line_.show(bar(progress.ended, progress.total, marks) + " " + line);
  }
  const std::string key = progress.purpose + std::to_string(progress.ended);
  if (key != last_) std::fprintf(stderr, "%s\n", line.c_str());
  last_ = key;
}

void ProgressDisplay::tell(const std::string& line) {
  finish();
  std::fprintf(stderr, "parsimony: %s\n", line.c_str());
}

void ProgressDisplay::finish() {
  line_.keep();
}

}  // namespace parsimony::cli
