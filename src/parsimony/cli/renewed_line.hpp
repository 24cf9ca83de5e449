#pragma once

#include <cstddef>
#include <string>

namespace parsimony::cli {

/// Where standard error is a terminal, one line there that renews itself, cut to its columns: a line that
/// wraps could not. Elsewhere nothing. What is shown at the end stays.
class RenewedLine {
 public:
  RenewedLine();
  ~RenewedLine();
  RenewedLine(const RenewedLine&) = delete;
  RenewedLine& operator=(const RenewedLine&) = delete;

  bool on_terminal() const { return terminal_; }
  /// Of the terminal, at least 20; 80 when it does not say.
  std::size_t columns() const;

  void show(const std::string& text);  ///< @param text  ASCII
  void keep();                         ///< leaves it: what comes stands below
  void clear();                        ///< takes it away

 private:
  bool terminal_;
  std::string shown_;
};

}  // namespace parsimony::cli
