#include "parsimony/data/ts_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parsimony/base/errors.hpp"

namespace parsimony::data {
namespace {

constexpr std::string_view kHeader =
    "@problemName Tiny\n@timestamps false\n@univariate false\n@dimensions 2\n@classLabel true up "
    "down\n@data\n";

TEST(TsReader, StoresChannelsLast) {
  const SeriesFile file = parse_ts(std::string(kHeader) + "1,2,3:4,5,6:down\n7,8,9:10,11,12:up\n", "tiny");
  EXPECT_EQ(file.data.values, (std::vector<float>{1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12}));
  EXPECT_EQ(file.data.labels, (std::vector<std::int32_t>{1, 0}));
  EXPECT_EQ(file.data.length, 3);
  EXPECT_EQ(file.data.channels, 2);
  EXPECT_EQ(file.data.name, "Tiny");
  EXPECT_EQ(file.data.class_names, (std::vector<std::string>{"up", "down"}));
  EXPECT_EQ(file.lines, (std::vector<std::int64_t>{7, 8}));
}

TEST(TsReader, TakesBlanksSignsExponentsCommentsAndCarriageReturns) {
  const SeriesFile file =
      parse_ts(std::string(kHeader) + "# a comment\r\n\r\n +1 , -2.5e1,.5 : 1e-60,5,6 : up \r\n", "tiny");
  EXPECT_EQ(file.data.values, (std::vector<float>{1, 0, -25, 5, 0.5f, 6}));
}

TEST(TsReader, TakesAUnivariateFileWithoutDimensions) {
  const SeriesFile file = parse_ts("@univariate true\n@classLabel true a\n@data\n1,2:a\n", "tiny");
  EXPECT_EQ(file.data.channels, 1);
  EXPECT_EQ(file.data.values, (std::vector<float>{1, 2}));
}

TEST(TsReader, EveryCutOfAFileIsRefusedOrLosesWholeCasesOnly) {
  const std::string whole = std::string(kHeader) + "1,2,3:4,5,6:down\n7,8,9:10,11,12:up\n";
  const SeriesFile full = parse_ts(whole, "tiny");
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    try {
      const SeriesFile cut = parse_ts(whole.substr(0, bytes), "tiny");
      ASSERT_LE(cut.data.size(), 2) << bytes;
      const std::size_t count = cut.data.values.size();
      EXPECT_EQ(cut.data.values,
                std::vector<float>(full.data.values.begin(), full.data.values.begin() + count));
    } catch (const InputError&) {
    }
  }
}

TEST(TsReader, FillsMissingValuesWhereTheHeaderDeclaresThem) {
  const std::string header = "@missing true\n@dimensions 2\n@classLabel true a\n@data\n";
  const SeriesFile file = parse_ts(header + "?,1,nan,?,4:NaN,7,?,?,?:a\n", "tiny");
  EXPECT_EQ(file.data.values, (std::vector<float>{1, 7, 1, 7, 2, 7, 3, 7, 4, 7}));
}

TEST(TsReader, TakesUnequalLengthsWhereTheHeaderDeclaresThem) {
  const std::string header = "@equalLength false\n@seriesLength 9\n@classLabel true a\n@data\n";
  const SeriesFile file = parse_ts(header + "1,2:3,4:a\n5,6,7:8,9,10:a\n", "tiny");
  EXPECT_TRUE(file.unequal);
  EXPECT_EQ(file.steps, (std::vector<std::int32_t>{2, 3}));
  EXPECT_EQ(file.data.length, 3);
  EXPECT_EQ(file.data.values, (std::vector<float>{1, 3, 2, 4, 5, 8, 6, 9, 7, 10}));
}

}  // namespace
}  // namespace parsimony::data
