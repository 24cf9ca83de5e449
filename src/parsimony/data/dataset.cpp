#include "parsimony/data/dataset.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "parsimony/base/contracts.hpp"

namespace parsimony::data {

std::span<const float> Dataset::case_values(std::int64_t index) const {
  PARSIMONY_EXPECTS(index >= 0 && index < size());
  return std::span(values).subspan(static_cast<std::size_t>(index * case_size()),
                                   static_cast<std::size_t>(case_size()));
}

std::string Dataset::channel_name(std::int32_t channel) const {
  PARSIMONY_EXPECTS(channel >= 0 && channel < channels);
  return channel_names.empty() ? fmt::format("c{}", channel)
                               : channel_names[static_cast<std::size_t>(channel)];
}

Dataset subset(const Dataset& data, std::span<const std::int32_t> indices) {
  Dataset part;
  part.name = data.name;
  part.channel_names = data.channel_names;
  part.length = data.length;
  part.height = data.height;
  part.channels = data.channels;
  part.rate = data.rate;
  part.class_names = data.class_names;
  part.log_mel = data.log_mel;
  part.values.reserve(indices.size() * static_cast<std::size_t>(data.case_size()));
  for (const std::int32_t index : indices) {
    const auto values = data.case_values(index);
    part.values.insert(part.values.end(), values.begin(), values.end());
    part.labels.push_back(data.labels[static_cast<std::size_t>(index)]);
    if (!data.groups.empty()) part.groups.push_back(data.groups[static_cast<std::size_t>(index)]);
  }
  return part;
}

std::vector<std::vector<std::int32_t>> cases_by_class(const Dataset& data) {
  std::vector<std::vector<std::int32_t>> cases(data.class_names.size());
  for (std::size_t i = 0; i < data.labels.size(); ++i)
    cases[static_cast<std::size_t>(data.labels[i])].push_back(static_cast<std::int32_t>(i));
  return cases;
}

std::vector<std::int32_t> distinct_groups(const Dataset& data) {
  std::vector<std::int32_t> groups = data.groups;
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

}  // namespace parsimony::data
