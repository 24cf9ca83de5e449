#pragma once

#include <optional>
#include <set>
#include <string>

namespace parsimony::study {

/// One key on which two configurations differ; an absent one reads "nothing".
struct Difference {
  std::string key;     ///< path: "solver.directions", "objectives[1]"
  std::string stored;  ///< JSON text
  std::string given;
};

/// The first key, in alphabetical order of the paths' parts, that differs and is not in `may_differ`
/// (a path there covers everything below it). Both texts are JSON; the order of keys and white space do not
/// count.
std::optional<Difference> first_difference(const std::string& stored, const std::string& given,
                                           const std::set<std::string>& may_differ);

/// The same JSON with keys sorted and no white space. @throws InputError when it is not JSON
std::string canonical_json(const std::string& json);

}  // namespace parsimony::study
