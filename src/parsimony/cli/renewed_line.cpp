#include "parsimony/cli/renewed_line.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace parsimony::cli {

RenewedLine::RenewedLine() : terminal_(::isatty(STDERR_FILENO) == 1) {}

RenewedLine::~RenewedLine() {
  keep();
}

std::size_t RenewedLine::columns() const {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? std::max<std::size_t>(size.ws_col, 20) : 80;
}

void RenewedLine::show(const std::string& text) {
  if (!terminal_) return;
  const std::size_t most = columns() - 1;
  std::string cut = text;
  if (cut.size() > most) cut.replace(most - 1, std::string::npos, ">");
  if (cut == shown_) return;
  shown_ = cut;
  std::fprintf(stderr, "\r\033[K%s", shown_.c_str());
  std::fflush(stderr);
}

void RenewedLine::keep() {
  if (!shown_.empty()) std::fputc('\n', stderr);
  shown_.clear();
}

void RenewedLine::clear() {
  if (shown_.empty()) return;
  shown_.clear();
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
}

}  // namespace parsimony::cli
