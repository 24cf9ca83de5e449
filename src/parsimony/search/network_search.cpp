#include "parsimony/search/network_search.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "parsimony/base/errors.hpp"
#include "parsimony/data/split.hpp"
#include "parsimony/network/network_file.hpp"
#include "parsimony/search/training_field.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::search {
namespace {

data::DataSource arranged_data(const StudySettings& settings, const data::DataPlaces& places,
                               std::string_view where) {
  data::DataSource source = data::open_source(settings.data, places);
  const auto by_class = data::cases_by_class(source.train);
  const auto classes = std::ranges::count_if(by_class, [](const auto& cases) { return !cases.empty(); });
  if (classes < 2)
    throw InputError(fmt::format("{}: data", where),
                     fmt::format("'{}' has training cases of {} class", source.train.name, classes),
                     "two classes or more");
  return data::arrange(std::move(source), settings.protocol, settings.split, settings.data.format == "uea");
}

network::Description describe(const StudySettings& settings, const data::Dataset& data) {
  const bool is_image = data.height > 1;
  const network::Task task{is_image ? network::Shape{data.height, data.width(), data.channels}
                                    : network::Shape{data.length, data.channels},
                           data.classes()};
  if (!settings.network_text.empty())
    return network::read_network(settings.network_text, settings.network, task);
  const network::BuiltIn& built_in = network::find_built_in("network", settings.network);
  return network::build(built_in, task, settings.width, "network " + settings.network);
}

/// The network behind what makes its input.
network::Description build_network(const StudySettings& settings, const data::Dataset& data) {
  network::Description description = describe(settings, data);
  description.log_mel = data.log_mel;
  return description;
}

}  // namespace

emit::Optimise optimise_of(const StudySettings& settings) {
  return settings.optimise == "speed" ? emit::Optimise::speed : emit::Optimise::size;
}

NetworkSearch prepare(const StudySettings& settings, const data::DataPlaces& places, std::string_view where) {
  NetworkSearch search;
  search.settings = settings;
  search.data = arranged_data(settings, places, where);
  require_suitable(settings.training, search.data.train, where);
  search.costs = std::make_shared<network::CostModel>(build_network(settings, search.data.train),
                                                      target::find_target(where, settings.target),
                                                      optimise_of(settings));
  search.searched = search_space(search.costs->description(), settings.space);
  search.problem = network_problem(
      search.searched, search.costs,
      {.where = std::string(where), .objectives = settings.objectives, .limits = settings.limits});
  return search;
}

}  // namespace parsimony::search
