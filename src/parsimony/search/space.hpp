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

/// The ranges that are searched: our own, or a reading of the paper's Table 3 (facts/paper.md 1).
enum class Preset {
  standard,       ///< where good trainings lie (docs/study-file.md, bench/search/space_study.py); trained as
                  ///< `paper`
  paper,          ///< weight decay 1e-6 … 1e-2, on convolution and linear weights; ten steps of the rate
                  ///< (SEMANTICS 6)
  paper_literal,  ///< weight decay 0.6 … 0.99 as printed, on all parameters; the rate falls in every epoch
};

/// "default", "paper" or "paper-literal". @throws InputError naming `where`, the text and all of them
Preset find_preset(std::string_view where, std::string_view name);
std::string_view preset_name(Preset preset);

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
  Preset preset = Preset::standard;
  std::vector<Override> overrides{};
};

/// The hyperparameters and shapes that a study searches for one network.
struct SearchSpace {
  Preset preset = Preset::standard;
  space::Space space;        ///< ten training parameters, then `keep_<group>` for every group, less the fixed
  std::vector<Fixed> fixed;  ///< in the order that they would have in the space
  std::vector<network::Group> groups;  ///< of the unpruned network, in the order of kept_of
};

/// The preset with the study's own ranges. `keep_<group>` is an integer: of the paper's presets from
/// kept(0.99) to kept(0.1) channels, of ours from kept(0.95) to all of them.
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
