#include "parsimony/search/space.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/network/built_in.hpp"

namespace parsimony::search {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

network::Description small_network(std::int32_t width = 114) {
  return network::dscnn_se_1d({.length = 100, .channels = 6, .classes = 4, .width = width});
}

const space::FloatParameter& real(const SearchSpace& searched, std::string_view name) {
  return std::get<space::FloatParameter>(
      searched.space.parameters()[static_cast<std::size_t>(searched.space.index_of(name))]);
}
const space::IntegerParameter& integer(const SearchSpace& searched, std::string_view name) {
  return std::get<space::IntegerParameter>(
      searched.space.parameters()[static_cast<std::size_t>(searched.space.index_of(name))]);
}

/// What the message of an override says; "" when it is taken.
std::string refusal(std::variant<space::Parameter, Fixed> setting) {
  try {
    search_space(small_network(), {.overrides = {{"study.yaml:9: space[0]", std::move(setting)}}});
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

std::vector<double> random_point(int dimension, std::uint64_t index) {
  RandomStream stream(1, 0, "point", index);
  std::vector<double> point;
  for (int i = 0; i < dimension; ++i) point.push_back(stream.uniform());
  return point;
}

TEST(SearchSpace, HasTenTrainingParametersAndOneForEachGroup) {
  const SearchSpace searched = search_space(small_network(), {});
  EXPECT_EQ(searched.space.dimension(), 26);
  EXPECT_EQ(searched.space.index_of("epochs"), 0);
  EXPECT_EQ(searched.space.index_of("keep_conv1"), 10);
  EXPECT_TRUE(searched.fixed.empty());
}

TEST(SearchSpace, IsThePapersTable3) {
  const SearchSpace searched = search_space(small_network(), {.preset = Preset::paper});
  EXPECT_EQ(integer(searched, "epochs").low, 100);
  EXPECT_EQ(integer(searched, "epochs").high, 500);
  EXPECT_EQ(integer(searched, "batch_size").low, 20);
  EXPECT_EQ(integer(searched, "batch_size").high, 200);
  EXPECT_EQ(real(searched, "learning_rate").low, 1e-5);
  EXPECT_TRUE(real(searched, "learning_rate").logarithmic);
  EXPECT_TRUE(real(searched, "momentum").logarithmic);
  EXPECT_EQ(real(searched, "momentum").high, 0.99);
  EXPECT_EQ(real(searched, "weight_decay").high, 1e-2);
  EXPECT_EQ(real(searched, "pruning_start").high, 0.6);
  EXPECT_EQ(real(searched, "pruning_end").low, 0.8);
  EXPECT_EQ(integer(searched, "pruning_steps").high, 20);
}

TEST(SearchSpace, KeepsFromOneInAHundredToNineInTenOfAGroup) {
  const SearchSpace searched = search_space(small_network(114), {.preset = Preset::paper});
  EXPECT_EQ(integer(searched, "keep_conv1").low, 1);
  EXPECT_EQ(integer(searched, "keep_conv1").high, 103);
  EXPECT_EQ(integer(searched, "keep_block2_squeeze").high, 25);
  const SearchSpace wide = search_space(small_network(456), {.preset = Preset::paper});
  EXPECT_EQ(integer(wide, "keep_conv1").low, 5);
  EXPECT_EQ(integer(wide, "keep_conv1").high, 410);
}

/// A network that loses nothing is in reach, one of which next to nothing is left is not.
TEST(SearchSpace, KeepsFromOneInTwentyToAllOfAGroupByDefault) {
  const SearchSpace searched = search_space(small_network(), {});
  EXPECT_EQ(searched.preset, Preset::standard);
  EXPECT_EQ(integer(searched, "keep_conv1").low, 6);
  EXPECT_EQ(integer(searched, "keep_conv1").high, 114);
  EXPECT_TRUE(integer(searched, "epochs").logarithmic);
  EXPECT_FALSE(integer(searched, "keep_conv1").logarithmic);
}

TEST(SearchSpace, TakesTheLiteralReadingWhole) {
  const SearchSpace searched = search_space(small_network(), {.preset = Preset::paper_literal});
  EXPECT_EQ(real(searched, "weight_decay").low, 0.6);
  EXPECT_EQ(real(searched, "weight_decay").high, 0.99);
  const network::TrainingSettings settings =
      settings_of(searched, searched.space.decode(std::vector<double>(26, 0.5)));
  EXPECT_EQ(settings.schedule, network::Schedule::every_epoch);
  EXPECT_TRUE(settings.decay_everything);
}

TEST(FindPreset, NamesAllWhenItKnowsNone) {
  EXPECT_EQ(find_preset("x", "default"), Preset::standard);
  EXPECT_EQ(find_preset("x", "paper"), Preset::paper);
  EXPECT_EQ(find_preset("x", "paper-literal"), Preset::paper_literal);
  try {
    find_preset("study.yaml:3: space", "papper");
    FAIL() << "nothing was thrown";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("study.yaml:3: space: is 'papper'; allowed: default, paper, paper-literal"));
  }
}

TEST(SettingsOf, IsLegalForEveryPoint) {
  for (const Preset preset : {Preset::standard, Preset::paper}) {
    const bool ours = preset == Preset::standard;
    const SearchSpace searched = search_space(small_network(), {.preset = preset});
    for (std::uint64_t i = 0; i < 200; ++i) {
      const network::TrainingSettings settings =
          settings_of(searched, searched.space.decode(random_point(26, i)));
      EXPECT_GE(settings.epochs, ours ? 30 : 100);
      EXPECT_LE(settings.epochs, ours ? 300 : 500);
      EXPECT_GE(settings.learning_rate, ours ? 5e-3 : 1e-5);
      EXPECT_LE(settings.learning_rate, ours ? 0.5 : 1e-2);
      EXPECT_LT(settings.pruning_start, settings.pruning_end);
      EXPECT_EQ(settings.schedule, network::Schedule::steps_to_end);
      EXPECT_FALSE(settings.decay_everything);
    }
  }
}

TEST(SettingsOf, ReadsEachParameterByItsName) {
  const SearchSpace searched = search_space(small_network(), {});
  space::Configuration configuration = searched.space.decode(std::vector<double>(26, 0.5));
  const double values[] = {0, 0, 2e-3, 0.8, 0.5, 0.6, 3e-4, 0.1, 0.9};
  configuration[0] = std::int64_t{123};
  configuration[1] = std::int64_t{45};
  for (std::size_t i = 2; i < 9; ++i) configuration[i] = values[i];
  configuration[9] = std::int64_t{7};
  const network::TrainingSettings settings = settings_of(searched, configuration);
  EXPECT_EQ(settings.epochs, 123);
  EXPECT_EQ(settings.batch_size, 45);
  EXPECT_EQ(settings.learning_rate, 2e-3);
  EXPECT_EQ(settings.momentum, 0.8);
  EXPECT_EQ(settings.lr_schedule, 0.5);
  EXPECT_EQ(settings.lr_gamma, 0.6);
  EXPECT_EQ(settings.weight_decay, 3e-4);
  EXPECT_EQ(settings.pruning_start, 0.1);
  EXPECT_EQ(settings.pruning_end, 0.9);
  EXPECT_EQ(settings.pruning_steps, 7);
}

TEST(KeptOf, PrunesTheNetworkThatItWasMadeOf) {
  const network::Description description = small_network();
  const SearchSpace searched = search_space(description, {});
  for (std::uint64_t i = 0; i < 100; ++i) {
    const space::Configuration configuration = searched.space.decode(random_point(26, i));
    const std::vector<std::int32_t> kept = kept_of(searched, configuration);
    ASSERT_EQ(kept.size(), 16u);
    for (std::size_t g = 0; g < kept.size(); ++g) {
      EXPECT_EQ(kept[g], std::get<std::int64_t>(configuration[10 + g]));
    }
    EXPECT_NO_THROW(network::prune(description, kept));
  }
}

TEST(Override, ReplacesARangeInItsPlace) {
  const SearchSpace searched = search_space(
      small_network(), {.overrides = {{"x", space::Parameter(space::IntegerParameter{"epochs", 30, 60})}}});
  EXPECT_EQ(searched.space.dimension(), 26);
  EXPECT_EQ(searched.space.index_of("epochs"), 0);
  EXPECT_EQ(integer(searched, "epochs").high, 60);
}

TEST(Override, TakesAFixedParameterOutOfTheSpaceAndIntoEveryTrial) {
  const SearchSpace searched =
      search_space(small_network(), {.overrides = {{"x", Fixed{"epochs", std::int64_t{40}}},
                                                   {"x", Fixed{"keep_conv1", std::int64_t{12}}},
                                                   {"x", Fixed{"weight_decay", std::int64_t{0}}}}});
  EXPECT_EQ(searched.space.dimension(), 23);
  EXPECT_EQ(searched.space.index_of("epochs"), -1);
  const space::Configuration configuration = searched.space.decode(random_point(23, 0));
  EXPECT_EQ(settings_of(searched, configuration).epochs, 40);
  EXPECT_EQ(settings_of(searched, configuration).weight_decay, 0.0);
  EXPECT_EQ(kept_of(searched, configuration)[0], 12);
}

TEST(Override, OfAllParametersLeavesASpaceOfOnePoint) {
  const SearchSpace free = search_space(small_network(), {});
  SpaceOptions options;
  for (const space::Parameter& parameter : free.space.parameters()) {
    space::Value value = 0.0;
    if (const auto* real = std::get_if<space::FloatParameter>(&parameter)) value = real->low;
    if (const auto* whole = std::get_if<space::IntegerParameter>(&parameter)) value = whole->low;
    options.overrides.push_back({"study.yaml", Fixed{space::parameter_name(parameter), value}});
  }
  const SearchSpace searched = search_space(small_network(), options);
  EXPECT_EQ(searched.space.size(), 1.0);
  EXPECT_EQ(searched.space.dimension() + static_cast<int>(searched.fixed.size()),
            static_cast<int>(options.overrides.size()));
  const space::Configuration only = searched.space.decode(std::vector<double>{0.7});
  const space::Configuration lowest = free.space.decode(std::vector<double>(free.space.parameters().size()));
  EXPECT_EQ(settings_of(searched, only).epochs, settings_of(free, lowest).epochs);
  EXPECT_EQ(settings_of(searched, only).pruning_end, settings_of(free, lowest).pruning_end);
  EXPECT_EQ(kept_of(searched, only), kept_of(free, lowest));
}

TEST(Override, OfAnUnknownParameterNamesTheNearest) {
  EXPECT_THAT(refusal(space::Parameter(space::IntegerParameter{"epoch", 1, 2})),
              AllOf(HasSubstr("study.yaml:9: space[0]: 'epoch' is no parameter"), HasSubstr("'epochs'"),
                    HasSubstr("keep_block10_squeeze")));
}

TEST(Override, OutOfRangeNamesTheRange) {
  EXPECT_THAT(refusal(space::Parameter(space::IntegerParameter{"epochs", 0, 50})),
              HasSubstr("epochs is from 0 to 50; allowed: 1 to 10000"));
  EXPECT_THAT(refusal(space::Parameter(space::IntegerParameter{"keep_conv1", 1, 115})),
              HasSubstr("keep_conv1 is from 1 to 115; allowed: 1 to 114"));
  EXPECT_THAT(refusal(Fixed{"momentum", 1.5}), HasSubstr("momentum is 1.5; allowed: 0 to 0.9999"));
}

TEST(Override, OfAnotherTypeIsRefused) {
  EXPECT_THAT(refusal(space::Parameter(space::FloatParameter{"epochs", 10, 50})),
              HasSubstr("epochs is a float; allowed: an integer"));
  EXPECT_THAT(refusal(space::Parameter(space::IntegerParameter{"momentum", 0, 1})),
              HasSubstr("momentum is an integer; allowed: a float"));
  EXPECT_THAT(refusal(space::Parameter(space::CategoricalParameter{"epochs", {"50"}})),
              HasSubstr("epochs is categorical; allowed: an integer"));
  EXPECT_THAT(refusal(Fixed{"epochs", 40.5}), HasSubstr("epochs is 40.5; allowed: an integer"));
  EXPECT_THAT(refusal(Fixed{"epochs", std::string("many")}),
              HasSubstr("epochs is 'many'; allowed: an integer"));
}

TEST(Override, ThatLetsPruningEndBeforeItStartsIsRefused) {
  EXPECT_THAT(refusal(Fixed{"pruning_end", 0.3}), HasSubstr("pruning_start can be 0.4 and pruning_end 0.3"));
  EXPECT_EQ(refusal(Fixed{"pruning_end", 0.4}), "");
}

TEST(Override, TwiceOfOneParameterIsRefused) {
  const SpaceOptions options{
      .overrides = {{"a", Fixed{"epochs", std::int64_t{40}}}, {"b", Fixed{"epochs", std::int64_t{50}}}}};
  EXPECT_THROW(search_space(small_network(), options), InputError);
}

}  // namespace
}  // namespace parsimony::search
