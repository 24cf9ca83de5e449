#pragma once

#include <string>

namespace parsimony::cli {

/// On a terminal, one line on standard error that renews itself and stays when this ends; elsewhere nothing.
class RenewedLine {
 public:
  RenewedLine();
  ~RenewedLine();
  RenewedLine(const RenewedLine&) = delete;
  RenewedLine& operator=(const RenewedLine&) = delete;

  void show(const std::string& text);
  void clear();  ///< takes it away

 private:
  bool terminal_;
  std::string shown_;
};

}  // namespace parsimony::cli
