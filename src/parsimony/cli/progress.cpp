#include "parsimony/cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace parsimony::cli {
namespace {

/// "[######------]", `width` marks.
std::string bar(int done, int total, int width) {
  const int full = total == 0 ? 0 : done * width / total;
  return fmt::format("[{}{}]", std::string(static_cast<std::size_t>(full), '#'),
                     std::string(static_cast<std::size_t>(width - full), '-'));
}

std::string what_of(const std::string& purpose) {
  return purpose == study::kTrial ? "trials" : "deployed networks";
}

}  // namespace

std::string duration_text(double seconds) {
  if (std::isnan(seconds)) return "?";
  const long whole = std::lround(seconds);
  if (whole >= 3600) return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
  if (whole >= 60) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} s", whole);
}

ProgressDisplay::ProgressDisplay(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {}

driver::Observer ProgressDisplay::observer() {
  driver::Observer observer;
  observer.progress = [this](const driver::Progress& progress) { show(progress); };
  observer.note = [this](const std::string& line) { tell(line); };
  return observer;
}

void ProgressDisplay::show(const driver::Progress& progress) {
  if (quiet_) return;
  std::string line = fmt::format("{}/{} {}", progress.ended, progress.total, what_of(progress.purpose));
  if (!progress.best.empty() && !std::isnan(progress.best.front()))
    line += fmt::format(", best accuracy {:.1f} %", 100.0 * (1.0 - progress.best.front()));
  if (progress.failed > 0) line += fmt::format(", {} failed", progress.failed);
  line += fmt::format(", {} gone", duration_text(progress.elapsed));
  if (progress.ended < progress.total) line += fmt::format(", {} left", duration_text(progress.left));
  if (terminal_) {
    std::fprintf(stderr, "\r\033[K%s %s", bar(progress.ended, progress.total, 24).c_str(), line.c_str());
    std::fflush(stderr);
    line_open_ = true;
    return;
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
  if (line_open_) std::fputc('\n', stderr);
  line_open_ = false;
}

}  // namespace parsimony::cli
