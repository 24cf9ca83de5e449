#include "parsimony/space/space.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"

namespace parsimony::space {
namespace {

using testing::HasSubstr;

/// Parameters of every kind, with ranges that are awkward for rounding.
Space random_space(RandomStream& stream) {
  std::vector<Parameter> parameters;
  for (int i = 0; i < 12; ++i) {
    const std::string name = "p" + std::to_string(i);
    switch (stream.below(5)) {
      case 0: {
        const double low = stream.uniform(-1e6, 1e6);
        parameters.push_back(FloatParameter{name, low, low + std::pow(10.0, stream.uniform(-5, 7))});
        break;
      }
      case 1: {
        const double low = std::pow(10.0, stream.uniform(-12, 3));
        parameters.push_back(
            FloatParameter{name, low, low * (1 + std::pow(10.0, stream.uniform(-6, 9))), true});
        break;
      }
      case 2: {
        const auto low = static_cast<std::int64_t>(stream.below(2000)) - 1000;
        parameters.push_back(
            IntegerParameter{name, low, low + static_cast<std::int64_t>(stream.below(1000000))});
        break;
      }
      case 3: {
        const auto low = static_cast<std::int64_t>(stream.below(200)) + 1;
        parameters.push_back(
            IntegerParameter{name, low, low + static_cast<std::int64_t>(stream.below(100000)), true});
        break;
      }
      default: {
        CategoricalParameter parameter{name, {}};
        for (std::uint64_t k = 0; k <= stream.below(9); ++k)
          parameter.choices.push_back("c" + std::to_string(k));
        parameters.push_back(parameter);
      }
    }
  }
  return Space(parameters);
}

std::vector<double> random_point(const Space& space, RandomStream& stream) {
  std::vector<double> point(static_cast<std::size_t>(space.dimension()));
  for (double& coordinate : point) {
    coordinate = stream.uniform(-0.1, 1.1);
    if (stream.below(20) == 0) coordinate = 1.0;
    if (stream.below(20) == 0) coordinate = 0.0;
  }
  return point;
}

TEST(Space, SnappingASnappedPointChangesNoBit) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 300; ++repeat) {
    const Space space = random_space(stream);
    for (int k = 0; k < 20; ++k) {
      const std::vector<double> snapped = space.snap(random_point(space, stream));
      EXPECT_EQ(space.snap(snapped), snapped);
    }
  }
}

TEST(Space, SnapIsEncodeOfDecode) {
  RandomStream stream(2, 0, "test");
  for (int repeat = 0; repeat < 300; ++repeat) {
    const Space space = random_space(stream);
    for (int k = 0; k < 20; ++k) {
      const std::vector<double> point = random_point(space, stream);
      EXPECT_EQ(space.snap(point), space.encode(space.decode(point)));
    }
  }
}

TEST(Space, DecodedPointsAreLegalAndEncodeAgain) {
  RandomStream stream(3, 0, "test");
  for (int repeat = 0; repeat < 300; ++repeat) {
    const Space space = random_space(stream);
    const Configuration values = space.decode(random_point(space, stream));
    for (int i = 0; i < space.dimension(); ++i) {
      const auto& parameter = space.parameters()[static_cast<std::size_t>(i)];
      const auto& value = values[static_cast<std::size_t>(i)];
      if (const auto* real = std::get_if<FloatParameter>(&parameter)) {
        EXPECT_GE(std::get<double>(value), real->low);
        EXPECT_LE(std::get<double>(value), real->high);
      }
    }
    EXPECT_EQ(space.decode(space.encode(values)), values);
  }
}

TEST(Space, EveryIntegerAndChoiceComesBack) {
  const Space space({IntegerParameter{"a", -3, 9}, IntegerParameter{"b", 1, 13, true},
                     CategoricalParameter{"c", {"x", "y", "z"}}});
  for (std::int64_t k = 0; k < 13; ++k) {
    const Configuration values{k - 3, k + 1, std::string(1, static_cast<char>('x' + k % 3))};
    EXPECT_EQ(space.decode(space.encode(values)), values);
  }
}

TEST(Space, KthOfNIntegersOwnsItsNthOfTheAxis) {
  const Space space({IntegerParameter{"a", 5, 8}});
  const auto value = [&](double u) { return std::get<std::int64_t>(space.decode(std::vector{u})[0]); };
  EXPECT_EQ(value(0.0), 5);
  EXPECT_EQ(value(std::nextafter(0.25, 0.0)), 5);
  EXPECT_EQ(value(0.25), 6);
  EXPECT_EQ(value(0.75), 8);
  EXPECT_EQ(value(1.0), 8);
  EXPECT_EQ(space.encode({std::int64_t{6}}), std::vector{0.375});
}

TEST(Space, LogarithmicIntegersDivideTheAxisInProportionToTheirLogarithms) {
  const Space space({IntegerParameter{"a", 1, 100, true}});
  const double range = std::log(100.5 / 0.5);
  double lower = 0.0;
  for (std::int64_t k = 1; k <= 100; ++k) {
    const double width = std::log((static_cast<double>(k) + 0.5) / (static_cast<double>(k) - 0.5)) / range;
    EXPECT_NEAR(space.encode({k})[0], lower + 0.5 * width, 1e-12);
    EXPECT_EQ(std::get<std::int64_t>(space.decode(std::vector{lower + 0.01 * width})[0]), k);
    EXPECT_EQ(std::get<std::int64_t>(space.decode(std::vector{lower + 0.99 * width})[0]), k);
    lower += width;
  }
}

TEST(Space, EndsOfFloatsDecodeExactly) {
  const Space space({FloatParameter{"a", 0.1, 0.7}, FloatParameter{"b", 1e-5, 1e-2, true}});
  EXPECT_EQ(space.decode(std::vector{0.0, 0.0}), (Configuration{0.1, 1e-5}));
  EXPECT_EQ(space.decode(std::vector{1.0, 1.0}), (Configuration{0.7, 1e-2}));
  EXPECT_EQ(space.encode({0.7, 1e-2}), (std::vector{1.0, 1.0}));
}

TEST(Space, LogarithmicFloatIsLogAffine) {
  const Space space({FloatParameter{"a", 1e-4, 1.0, true}});
  EXPECT_NEAR(std::get<double>(space.decode(std::vector{0.5})[0]), 1e-2, 1e-13);
}

TEST(Space, SizeCountsDistinctPoints) {
  EXPECT_EQ(Space({IntegerParameter{"a", 1, 4}, CategoricalParameter{"b", {"x", "y"}}}).size(), 8.0);
  EXPECT_TRUE(Space({IntegerParameter{"a", 1, 4}}).discrete());
  EXPECT_FALSE(Space({FloatParameter{"a"}}).discrete());
  EXPECT_EQ(Space({FloatParameter{"a"}}).size(), std::numeric_limits<double>::infinity());
}

TEST(Space, CellsNumberTheValuesInOrder) {
  const Space space({IntegerParameter{"a", -2, 7}, IntegerParameter{"b", 3, 12, true},
                     CategoricalParameter{"c", {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}}});
  for (std::int64_t cell = 0; cell < 10; ++cell) {
    std::vector<double> point;
    for (int i = 0; i < 3; ++i) {
      point.push_back(space.coordinate_of_cell(i, cell));
      EXPECT_EQ(space.cell_at(i, point.back()), cell);
    }
    EXPECT_EQ(space.snap(point), point);
    EXPECT_EQ(space.decode(point), (Configuration{cell - 2, cell + 3, std::to_string(cell)}));
  }
}

TEST(Space, NotANumberDecodesToALegalPoint) {
  const Space space({FloatParameter{"a"}, IntegerParameter{"b", 2, 4}});
  EXPECT_EQ(space.decode(std::vector{std::nan(""), std::nan("")}), (Configuration{0.0, std::int64_t{2}}));
}

std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Space, RefusesBadRangesByName) {
  EXPECT_THAT(message_of([] {
                Space({FloatParameter{"rate", 2.0, 1.0}});
              }),
              HasSubstr("rate: is from 2 to 1"));
  EXPECT_THAT(message_of([] { Space({FloatParameter{"rate", 0.0, 1.0, true}}); }), HasSubstr("low > 0"));
  EXPECT_THAT(message_of([] { Space({IntegerParameter{"k", 0, 1, true}}); }), HasSubstr("low >= 1"));
  EXPECT_THAT(message_of([] { Space({IntegerParameter{"k", 3, 1}}); }), HasSubstr("k: is from 3 to 1"));
  EXPECT_THAT(message_of([] { Space({CategoricalParameter{"c", {}}}); }), HasSubstr("no choices"));
  EXPECT_THAT(message_of([] { Space({FloatParameter{"a"}, FloatParameter{"a"}}); }), HasSubstr("twice"));
  EXPECT_THAT(message_of([] { Space({FloatParameter{"a", 1.0, 1.0 + 0x1p-52}}); }), HasSubstr("wide enough"));
  EXPECT_THAT(message_of([] { Space(std::vector<Parameter>{}); }), HasSubstr("at least one"));
}

TEST(Space, RefusesIllegalValuesByNameAndRange) {
  const Space space({IntegerParameter{"k", 1, 4}});
  EXPECT_THAT(message_of([&] { space.encode({std::int64_t{7}}); }), HasSubstr("parameter k: is 7"));
  EXPECT_THAT(message_of([&] { space.encode({std::int64_t{7}}); }), HasSubstr("from 1 to 4"));
  EXPECT_THAT(message_of([&] { space.encode({std::string("x")}); }), HasSubstr("is x"));
  const Space choice({CategoricalParameter{"c", {"relu", "tanh"}}});
  EXPECT_THAT(message_of([&] { choice.encode({std::string("gelu")}); }), HasSubstr("one of relu, tanh"));
}

}  // namespace
}  // namespace parsimony::space
