#include "parsimony/data/series_file.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/data/arff_reader.hpp"
#include "parsimony/data/ts_reader.hpp"

namespace parsimony::data {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

TEST(FillMissing, IsTheLineBetweenNeighboursAndHoldsAtTheEnds) {
  std::vector<float> values{kMissing, 1, kMissing, kMissing, 4, kMissing};
  EXPECT_EQ(fill_missing(values, 1), std::nullopt);
  EXPECT_EQ(values, (std::vector<float>{1, 1, 2, 3, 4, 4}));
}

TEST(FillMissing, RestoresAStraightLineWhateverIsMissingInside) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    RandomStream random(seed, 0, "test.fill");
    const std::size_t steps = 2 + random.below(40), channels = 1 + random.below(4);
    std::vector<float> line;
    for (std::size_t t = 0; t < steps; ++t)
      for (std::size_t c = 0; c < channels; ++c)
        line.push_back(static_cast<float>(c) + static_cast<float>(t) * 0.5f);
    std::vector<float> holes = line;
    for (std::size_t i = channels; i + channels < holes.size(); ++i)
      if (random.uniform() < 0.6) holes[i] = kMissing;
    ASSERT_EQ(fill_missing(holes, channels), std::nullopt);
    EXPECT_THAT(holes, testing::Pointwise(testing::FloatNear(1e-4f), line));
  }
}

TEST(FillMissing, NamesTheChannelWithoutAnyValue) {
  std::vector<float> values{1, kMissing, 2, kMissing};
  EXPECT_EQ(fill_missing(values, 2), 1u);
}

TEST(AtLength, KeepsBothEndsWhenItResamples) {
  const std::vector<float> series{1, 9, 4, 2, 7};
  for (const std::size_t length : {2u, 3u, 5u, 17u}) {
    const auto other = at_length(series, 1, length, Unequal::kResample);
    ASSERT_EQ(other.size(), length);
    EXPECT_EQ(other.front(), 1);
    EXPECT_EQ(other.back(), 7);
  }
  EXPECT_EQ(at_length(series, 1, 5, Unequal::kResample), series);
  EXPECT_EQ(at_length(series, 1, 1, Unequal::kResample), std::vector<float>{1});
  EXPECT_EQ(at_length(std::vector<float>{3}, 1, 3, Unequal::kResample), (std::vector<float>{3, 3, 3}));
}

TEST(AtLength, PadsAndCutsWholeSteps) {
  const std::vector<float> series{1, 10, 2, 20, 3, 30};
  EXPECT_EQ(at_length(series, 2, 2, Unequal::kPad), (std::vector<float>{1, 10, 2, 20}));
  EXPECT_EQ(at_length(series, 2, 5, Unequal::kPad), (std::vector<float>{1, 10, 2, 20, 3, 30, 3, 30, 3, 30}));
}

/// A random file's cases as both formats write them.
struct Texts {
  std::string ts, arff;
};

Texts random_texts(std::uint64_t seed) {
  RandomStream random(seed, 0, "test.series");
  const std::size_t longest = 1 + random.below(12), dimensions = 2 + random.below(3);
  Texts texts{"@missing true\n@equalLength false\n@classLabel true x y\n@data\n",
              "@relation r\n@attribute m relational\n"};
  for (std::size_t t = 0; t < longest; ++t) texts.arff += fmt::format("@attribute a{} numeric\n", t);
  texts.arff += "@end m\n@attribute class {x,y}\n@data\n";
  for (int i = 0; i < 5; ++i) {
    const std::size_t steps = 1 + random.below(longest);
    std::string ts, arff;
    for (std::size_t c = 0; c < dimensions; ++c)
      for (std::size_t t = 0; t < longest; ++t) {
        const bool missing = t != 0 && t + 1 != steps && random.uniform() < 0.3;
        const std::string value = missing ? "?" : fmt::format("{:.9g}", random.normal());
        const std::string end = t + 1 < longest ? "," : c + 1 < dimensions ? "\\n" : "";
        if (t < steps) ts += value + (t + 1 < steps ? "," : ":");
        arff += (t < steps ? value : "?") + end;
      }
    texts.ts += ts + "y\n";
    texts.arff += "'" + arff + "',y\n";
  }
  return texts;
}

TEST(ArffReader, ReadsWhatTheTsReaderReads) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Texts texts = random_texts(seed);
    const SeriesFile ts = parse_ts(texts.ts, "x.ts"), arff = parse_arff(texts.arff, "x.arff");
    EXPECT_EQ(arff.data.values, ts.data.values) << texts.arff;
    EXPECT_EQ(arff.steps, ts.steps);
    EXPECT_EQ(arff.data.labels, ts.data.labels);
    EXPECT_EQ(arff.data.class_names, ts.data.class_names);
  }
}

TEST(ArffReader, TakesOneDimensionWithoutQuotesAndQuotedNames) {
  const SeriesFile file = parse_arff(
      "@RELATION 'a b'\n@Attribute 'att 0' numeric\n@attribute x real\n@attribute c { 'up it', down }\n"
      "@DATA\n 1 ,-2e1,'up it'\n%\n3,?,down\n",
      "x.arff");
  EXPECT_EQ(file.data.name, "a b");
  EXPECT_EQ(file.data.class_names, (std::vector<std::string>{"up it", "down"}));
  EXPECT_EQ(file.data.values, (std::vector<float>{1, -20, 3}));
  EXPECT_EQ(file.lines, (std::vector<std::int64_t>{6, 8}));
}

TEST(ArffReader, EveryCutOfAFileIsRefusedOrLosesWholeCasesOnly) {
  const std::string whole = random_texts(3).arff;
  const SeriesFile full = parse_arff(whole, "x.arff");
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    try {
      const SeriesFile cut = parse_arff(whole.substr(0, bytes), "x.arff");
      EXPECT_EQ(cut.data.values, std::vector<float>(full.data.values.begin(),
                                                    full.data.values.begin() +
                                                        static_cast<std::ptrdiff_t>(cut.data.values.size())));
    } catch (const InputError&) {
    }
  }
}

}  // namespace
}  // namespace parsimony::data
