#include "parsimony/config/yaml_file.hpp"

#include <gtest/gtest.h>

#include <string>

#include "parsimony/base/errors.hpp"

namespace parsimony::config {
namespace {

template <typename Body>
std::string message_of(Body body) {
  try {
    body();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(YamlFile, NamesLineFieldValueAndRange) {
  const Field file = Field::from_text("solver:\n  directions: -3\n", "study.yaml");
  EXPECT_EQ(message_of([&] { file.at("solver").at("directions").integer(1, 10); }),
            "study.yaml:2: solver.directions: is '-3'; allowed: an integer from 1 to 10");
}

TEST(YamlFile, NamesTheNearestKnownKey) {
  const Field file = Field::from_text("data: x\ntrails: 3\n", "study.yaml");
  EXPECT_EQ(message_of([&] { file.expect_keys({"data", "trials", "seed"}); }),
            "study.yaml:2: trails: unknown key; did you mean 'trials'?; allowed: data, trials, seed");
}

TEST(YamlFile, RefusesWrongTypesEverywhere) {
  const Field file = Field::from_text("a: [1]\nb: 1.5\nc: yes\nd: nan\ne: 1e999\n", "f");
  EXPECT_THROW(file.at("a").integer(0, 9), InputError);
  EXPECT_THROW(file.at("b").integer(0, 9), InputError);
  EXPECT_THROW(file.at("c").boolean(), InputError);
  EXPECT_THROW(file.at("d").number(-1e300, 1e300), InputError);
  EXPECT_THROW(file.at("e").number(-1e300, 1e300), InputError);
  EXPECT_THROW(file.at("b").keys(), InputError);
  EXPECT_THROW(file.at("zzz"), InputError);
  EXPECT_DOUBLE_EQ(file.at("b").number(0, 9), 1.5);
}

TEST(YamlFile, RefusesWhatIsNoMappingAndRepeatedKeys) {
  EXPECT_THROW(Field::from_text("- 1\n", "f"), InputError);
  EXPECT_THROW(Field::from_text("a: [1\n", "f"), InputError);
  EXPECT_THROW(Field::from_text("", "f"), InputError);
  EXPECT_NE(message_of([] { Field::from_text("a: 1\na: 2\n", "f").expect_keys({"a"}); }), "no error");
}

}  // namespace
}  // namespace parsimony::config
