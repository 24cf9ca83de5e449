#include "parsimony/base/contracts.hpp"

#include <cstdio>
#include <cstdlib>

namespace parsimony {

void contract_broken(const char* kind, const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: %s broken: %s\n", file, line, kind, condition);
  std::abort();
}

}  // namespace parsimony
