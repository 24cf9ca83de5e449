#include "parsimony/study/row.hpp"

#include <array>

#include "parsimony/base/contracts.hpp"

namespace parsimony::study {
namespace {

// In the order of the enumeration.
constexpr std::array<const char*, 6> kStates{"queued",     "running", "complete",
                                             "infeasible", "failed",  "stale"};

}  // namespace

const char* state_name(State state) {
  return kStates.at(static_cast<std::size_t>(state));
}

State state_of(const std::string& name) {
  std::size_t index = 0;
  while (index < kStates.size() && name != kStates[index]) ++index;
  PARSIMONY_EXPECTS(index < kStates.size());
  return static_cast<State>(index);
}

bool ended(State state) {
  return state == State::complete || state == State::infeasible || state == State::failed;
}

}  // namespace parsimony::study
