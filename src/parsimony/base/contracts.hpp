#pragma once

namespace parsimony {

/// Prints "<file>:<line>: <kind> broken: <condition>" to standard error and aborts.
[[noreturn]] void contract_broken(const char* kind, const char* condition, const char* file, int line);

}  // namespace parsimony

/// A bug in a caller of ours, never a user's mistake: message and abort, in every build.
#define PARSIMONY_EXPECTS(condition) \
  ((condition) ? void(0) : ::parsimony::contract_broken("precondition", #condition, __FILE__, __LINE__))
/// A bug in the function that promises.
#define PARSIMONY_ENSURES(condition) \
  ((condition) ? void(0) : ::parsimony::contract_broken("postcondition", #condition, __FILE__, __LINE__))
