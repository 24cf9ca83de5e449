#include "parsimony/study/kind.hpp"

#include <nlohmann/json.hpp>

namespace parsimony::study {

std::string kind_of(const Description& description) {
  const nlohmann::json json = nlohmann::json::parse(description.configuration, nullptr, false);
  if (!json.is_object() || !json.contains("kind") || !json["kind"].is_string()) return kSearch;
  return json["kind"].get<std::string>();
}

}  // namespace parsimony::study
