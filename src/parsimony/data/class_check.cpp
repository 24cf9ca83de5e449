#include "parsimony/data/class_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "parsimony/base/errors.hpp"

namespace parsimony::data {

void require_training_classes(const DataSource& source,
                              const std::function<std::string(std::int64_t)>& where) {
  const auto train = cases_by_class(source.train);
  std::vector<std::string> known;
  for (std::size_t label = 0; label < train.size(); ++label)
    if (!train[label].empty()) known.push_back(source.train.class_names[label]);
  for (std::int64_t i = 0; i < source.test.size(); ++i) {
    const auto label = static_cast<std::size_t>(source.test.labels[static_cast<std::size_t>(i)]);
    if (train[label].empty())
      throw InputError(where(i),
                       fmt::format("class \"{}\" has no training case", source.train.class_names[label]),
                       fmt::format("{}", fmt::join(known, ", ")));
  }
}

}  // namespace parsimony::data
