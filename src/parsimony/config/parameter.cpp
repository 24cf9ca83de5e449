#include "parsimony/config/parameter.hpp"

#include <cstdint>
#include <string>

namespace parsimony::config {

space::Parameter read_parameter(const Field& field) {
  const std::string name = field.at("name").text();
  const std::string type = field.at("type").choice({"float", "int", "categorical"});
  if (type == "categorical") {
    field.expect_keys({"name", "type", "choices"});
    space::CategoricalParameter parameter{name, {}};
    for (const Field& choice : field.at("choices").items()) parameter.choices.push_back(choice.text());
    return parameter;
  }
  field.expect_keys({"name", "type", "low", "high", "log"});
  const bool logarithmic = field.find("log") && field.at("log").boolean();
  if (type == "int") {
    const std::int64_t low = field.at("low").integer(INT32_MIN, INT32_MAX);
    return space::IntegerParameter{name, low, field.at("high").integer(low, INT32_MAX), logarithmic};
  }
  const double low = field.at("low").number(logarithmic ? 1e-300 : -1e300, 1e300);
  return space::FloatParameter{name, low, field.at("high").number(low, 1e300), logarithmic};
}

}  // namespace parsimony::config
