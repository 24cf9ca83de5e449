#pragma once

#include <string>

#include "parsimony/study/store.hpp"

namespace parsimony::study {

inline constexpr const char* kSearch = "search";      ///< of networks
inline constexpr const char* kOptimise = "optimise";  ///< of a user's command

/// What was studied: the stored configuration's "kind"; one that does not say is a search.
std::string kind_of(const Description& description);

}  // namespace parsimony::study
