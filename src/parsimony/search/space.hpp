#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "parsimony/network/description.hpp"
#include "parsimony/network/training.hpp"
#include "parsimony/space/space.hpp"

namespace parsimony::search {

/// How the paper's Table 3 is read (facts/paper.md 1).
enum class Preset {
  paper,  ///< weight decay 1e-6 … 1e-2, on convolution and linear weights; ten steps of the rate (SEMANTICS
          ///< 6)
  paper_literal,  ///< weight decay 0.6 … 0.99 as printed, on all parameters; the rate falls in every epoch
};

/// "paper" or "paper-literal". @throws InputError naming `where`, the text and both
Preset find_preset(std::string_view where, std::string_view name);

/// A parameter that has one value in every trial.
struct Fixed {
  std::string name;
  space::Value value;
};

/// What the study sets itself: another range for a parameter of the preset, or one value for all trials.
struct Override {
  std::string where;                              ///< file, line and field, for messages
  std::variant<space::Parameter, Fixed> setting;  ///< bears the parameter's name
};

struct SpaceOptions {
  Preset preset = Preset::paper;
  std::vector<Override> overrides{};
};

/// The hyperparameters and shapes that a study searches for one network.
struct SearchSpace {
  Preset preset = Preset::paper;
  space::Space space;        ///< ten training parameters, then `keep_<group>` for every group, less the fixed
  std::vector<Fixed> fixed;  ///< in the order that they would have in the space
  std::vector<network::Group> groups;  ///< of the unpruned network, in the order of kept_of
};

/// Table 3 of the paper with the study's own ranges. `keep_<group>` is an integer from kept(0.99) to
/// kept(0.1) channels.
/// @throws InputError for an override of an unknown parameter (with the nearest name), of another type, or
/// out of range
SearchSpace search_space(const network::Description& description, const SpaceOptions& options);

/// How the network of this configuration is trained.
/// @param configuration  legal in `searched.space`
network::TrainingSettings settings_of(const SearchSpace& searched, const space::Configuration& configuration);

/// [groups] channels that this configuration keeps.
/// @param configuration  legal in `searched.space`
std::vector<std::int32_t> kept_of(const SearchSpace& searched, const space::Configuration& configuration);

/// The name of the parameter that says how many channels of the group are kept.
std::string keep_name(const network::Group& group);

}  // namespace parsimony::search
