#pragma once

#include <functional>
#include <string>
#include <vector>

#include "parsimony/cli/renewed_line.hpp"
#include "parsimony/driver/driver.hpp"
#include "parsimony/driver/observer.hpp"

namespace parsimony::cli {

/// "1 h 02 min", "3 min 20 s", "42 s"; "?" for NaN.
std::string duration_text(double seconds);

/// Where the workers' time went, one line on standard output. @param evaluating  what they do: "training"
void print_times(const driver::Summary& summary, const char* evaluating);

/// The best values so far, for people. @param best  [m] the least of each objective, as stored; none is NaN
using BestText = std::function<std::string(const std::vector<double>& best)>;

/// Tells on standard error how a run goes: one line that renews itself on a terminal, a plain line for each
/// row.
class ProgressDisplay {
 public:
  explicit ProgressDisplay(bool quiet, BestText best_text = {});
  driver::Observer observer();
  void finish();  ///< leaves the renewing line

 private:
  void show(const driver::Progress& progress);
  void tell(const std::string& line);

  BestText best_text_;
  bool quiet_;
  RenewedLine line_;
  std::string last_;
};

}  // namespace parsimony::cli
