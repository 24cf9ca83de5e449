#pragma once

#include <memory>
#include <string_view>

#include "parsimony/data/source.hpp"
#include "parsimony/network/cost.hpp"
#include "parsimony/search/settings.hpp"

namespace parsimony::search {

/// A study file made concrete: data read, network built, costs known. The same in the driver and in its
/// workers.
struct NetworkSearch {
  StudySettings settings;
  data::DataSource data;  ///< arranged by the protocol: `test` is what is scored last
  std::shared_ptr<const network::CostModel> costs;  ///< holds the unpruned description
  SearchSpace searched;
  solver::Problem problem;
};

/// "size" or "speed".
emit::Optimise optimise_of(const StudySettings& settings);

/// @param where  what errors call the study: its file
/// @throws InputError for data that cannot be read or has one class only, a series too short for the network,
///         limits that no point can meet
NetworkSearch prepare(const StudySettings& settings, const data::DataPlaces& places, std::string_view where);

}  // namespace parsimony::search
