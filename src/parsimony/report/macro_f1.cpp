#include "parsimony/report/macro_f1.hpp"

namespace parsimony::report {

std::optional<double> macro_f1(const std::vector<std::vector<std::int64_t>>& confusion) {
  double sum = 0.0;
  int counted = 0;
  for (std::size_t label = 0; label < confusion.size(); ++label) {
    std::int64_t cases = 0, predictions = 0;
    for (std::size_t other = 0; other < confusion.size(); ++other) {
      cases += confusion[label][other];
      predictions += confusion[other][label];
    }
    if (cases + predictions == 0) continue;
    sum += 2.0 * static_cast<double>(confusion[label][label]) / static_cast<double>(cases + predictions);
    ++counted;
  }
  if (counted == 0) return std::nullopt;
  return sum / counted;
}

}  // namespace parsimony::report
