#pragma once

#include <string>

#include "parsimony/driver/observer.hpp"

namespace parsimony::cli {

/// "1 h 02 min", "3 min 20 s", "42 s"; "?" for NaN.
std::string duration_text(double seconds);

/// Tells on standard error how a run goes: one line that renews itself on a terminal, a plain line for each
/// row

class ProgressDisplay {
 public:
  explicit ProgressDisplay(bool quiet);
  driver::Observer observer();
  void finish();  ///< leaves the renewing line

 private:
  void show(const driver::Progress& progress);
  void tell(const std::string& line);

  bool quiet_, terminal_, line_open_ = false;
  std::string last_;
};

}  // namespace parsimony::cli
