#include "parsimony/cli/renewed_line.hpp"

#include <unistd.h>

#include <cstdio>

namespace parsimony::cli {

RenewedLine::RenewedLine() : terminal_(::isatty(STDERR_FILENO) == 1) {}

RenewedLine::~RenewedLine() {
  if (!shown_.empty()) std::fputc('\n', stderr);
}

void RenewedLine::show(const std::string& text) {
  if (!terminal_ || text == shown_) return;
  shown_ = text;
  std::fprintf(stderr, "\r\033[K%s", text.c_str());
  std::fflush(stderr);
}

void RenewedLine::clear() {
  if (shown_.empty()) return;
  shown_.clear();
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
}

}  // namespace parsimony::cli
