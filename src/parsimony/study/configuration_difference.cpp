#include "parsimony/study/configuration_difference.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "parsimony/base/errors.hpp"

namespace parsimony::study {
namespace {

using Json = nlohmann::json;  // its objects keep their keys sorted

Json parse(const std::string& text) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    throw InputError("the study's configuration", error.what(), "JSON");
  }
}

std::string shown(const Json* value) {
  return value == nullptr ? "nothing" : value->dump();
}

const Json* member(const Json& object, const std::string& key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

class Comparison {
 public:
  explicit Comparison(const std::set<std::string>& may_differ) : may_differ_(may_differ) {}

  std::optional<Difference> compare(const std::string& path, const Json* stored, const Json* given) const {
    if (may_differ_.contains(path) || (stored != nullptr && given != nullptr && *stored == *given))
      return std::nullopt;
    if (stored != nullptr && given != nullptr) {
      if (stored->is_object() && given->is_object()) return compare_objects(path, *stored, *given);
      if (stored->is_array() && given->is_array()) return compare_arrays(path, *stored, *given);
    }
    return Difference{path, shown(stored), shown(given)};
  }

 private:
  std::optional<Difference> compare_objects(const std::string& path, const Json& stored,
                                            const Json& given) const {
    std::set<std::string> keys;
    for (const auto& [key, value] : stored.items()) keys.insert(key);
    for (const auto& [key, value] : given.items()) keys.insert(key);
    for (const std::string& key : keys) {
      const std::string inner = path.empty() ? key : path + "." + key;
      if (auto difference = compare(inner, member(stored, key), member(given, key))) return difference;
    }
    return std::nullopt;
  }

  std::optional<Difference> compare_arrays(const std::string& path, const Json& stored,
                                           const Json& given) const {
    for (std::size_t i = 0; i < std::max(stored.size(), given.size()); ++i) {
      const Json* left = i < stored.size() ? &stored[i] : nullptr;
      const Json* right = i < given.size() ? &given[i] : nullptr;
      if (auto difference = compare(fmt::format("{}[{}]", path, i), left, right)) return difference;
    }
    return std::nullopt;
  }

  const std::set<std::string>& may_differ_;
};

}  // namespace

std::optional<Difference> first_difference(const std::string& stored, const std::string& given,
                                           const std::set<std::string>& may_differ) {
  const Json left = parse(stored), right = parse(given);
  return Comparison(may_differ).compare("", &left, &right);
}

std::string canonical_json(const std::string& json) {
  return parse(json).dump();
}

}  // namespace parsimony::study
