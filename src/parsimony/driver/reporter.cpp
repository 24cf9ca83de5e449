#include "parsimony/driver/reporter.hpp"

#include <fmt/format.h>

namespace parsimony::driver {

void add_stage(const study::Execution& execution, std::vector<std::string>& stages) {
  if (execution.state == study::State::running && !execution.stage.empty())
    stages.push_back(fmt::format("trial {}: {}", execution.trial, execution.stage));
}

Reporter::Reporter(const Observer& observer, const study::Clock& clock)
    : observer_(observer), clock_(clock), begin_(clock()) {}

bool Reporter::due(bool changed) const {
  return observer_.progress && (changed || clock_() - told_ >= 1.0);
}

void Reporter::report(Progress progress, bool changed) {
  if (!due(changed)) return;
  told_ = clock_();
  if (purpose_ != progress.purpose) {
    purpose_ = progress.purpose;
    counted_from_ = told_;
    ended_before_ = progress.ended;
  }
  progress.elapsed = told_ - begin_;
  const int fresh = progress.ended - ended_before_;
  if (fresh > 0) progress.left = (told_ - counted_from_) / fresh * (progress.total - progress.ended);
  observer_.progress(progress);
}

}  // namespace parsimony::driver
