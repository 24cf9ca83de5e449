#pragma once

#include <string>

namespace parsimony::cli {

struct FetchArguments {
  std::string name;    ///< a known data set's, or a URL
  std::string to;      ///< the folder to make; empty: below $PARSIMONY_DATA
  std::string sha256;  ///< of the loaded file; empty: not checked
};

/// `parsimony data fetch`. @return the exit status
int run_fetch(const FetchArguments& arguments);

}  // namespace parsimony::cli
