#include "parsimony/data/named_cases.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <numeric>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/data/class_check.hpp"
#include "parsimony/data/split.hpp"

namespace parsimony::data {
namespace {

bool is_number(const std::string& text) {
  return !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
}

std::vector<std::string> sorted_labels(const NamedCases& train, const NamedCases* test) {
  std::vector<std::string> names = train.labels;
  if (test != nullptr) names.insert(names.end(), test->labels.begin(), test->labels.end());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (std::all_of(names.begin(), names.end(), is_number))
    std::stable_sort(names.begin(), names.end(),
                     [](const auto& a, const auto& b) { return std::stol(a) < std::stol(b); });
  return names;
}

void number_labels(NamedCases& part, const std::vector<std::string>& classes) {
  std::map<std::string, std::int32_t> number;
  for (const std::string& name : classes) number.emplace(name, static_cast<std::int32_t>(number.size()));
  part.data.class_names = classes;
  for (std::size_t i = 0; i < part.labels.size(); ++i) {
    const auto found = number.find(part.labels[i]);
    if (found == number.end())
      throw InputError(part.places[i], fmt::format("class \"{}\" is unknown", part.labels[i]),
                       fmt::format("{}", fmt::join(classes, ", ")));
    part.data.labels.push_back(found->second);
  }
}

void number_groups(NamedCases& part, std::map<std::string, std::int32_t>& number) {
  for (const std::string& name : part.groups)
    part.data.groups.push_back(number.emplace(name, static_cast<std::int32_t>(number.size())).first->second);
}

void require_apart(const NamedCases& train, const NamedCases& test) {
  for (std::size_t i = 0; i < test.groups.size(); ++i)
    if (std::find(train.groups.begin(), train.groups.end(), test.groups[i]) != train.groups.end())
      throw InputError(test.places[i],
                       fmt::format("group \"{}\" stands in the training part too", test.groups[i]),
                       "each group in one part");
}

void require_same_shape(const NamedCases& train, const NamedCases& test) {
  const auto shape = [](const Dataset& data) {
    return fmt::format("{} channels of {} × {}", data.channels, data.height, data.width());
  };
  if (shape(train.data) != shape(test.data))
    throw InputError(test.places.front(), "has " + shape(test.data),
                     shape(train.data) + ", as the training part");
}

std::vector<std::int32_t> all_but(std::int64_t count, const std::vector<std::int32_t>& sorted) {
  std::vector<std::int32_t> rest, all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  std::set_difference(all.begin(), all.end(), sorted.begin(), sorted.end(), std::back_inserter(rest));
  return rest;
}

/// Whole groups in keyed order until a fifth of the cases is reached. A group stays for training when it
/// would leave a class without a training case, or when a fifth of each of its classes is already held out.
std::vector<std::int32_t> held_out_groups(const Dataset& data, std::uint64_t seed) {
  const std::vector<std::int32_t> groups = distinct_groups(data);
  const auto classes = cases_by_class(data);
  std::vector<std::size_t> held(classes.size(), 0);
  std::vector<std::int32_t> test;
  RandomStream random(seed, 0, "data.test groups");
  for (const std::int64_t k : random.permutation(static_cast<std::int64_t>(groups.size()))) {
    if (5 * static_cast<std::int64_t>(test.size()) >= data.size()) break;
    std::vector<std::size_t> then = held;
    std::vector<std::int32_t> members;
    for (std::size_t i = 0; i < data.groups.size(); ++i)
      if (data.groups[i] == groups[static_cast<std::size_t>(k)]) {
        members.push_back(static_cast<std::int32_t>(i));
        ++then[static_cast<std::size_t>(data.labels[i])];
      }
    bool wanted = false, spared = true;
    for (std::size_t label = 0; label < classes.size(); ++label) {
      wanted = wanted || (then[label] > held[label] && 5 * held[label] < classes[label].size());
      spared = spared && (then[label] < classes[label].size() || classes[label].empty());
    }
    if (!wanted || !spared) continue;
    held = then;
    test.insert(test.end(), members.begin(), members.end());
  }
  std::sort(test.begin(), test.end());
  return test;
}

DataSource with_test_held_out(const std::string& where, const Dataset& data, std::uint64_t seed) {
  const bool grouped = distinct_groups(data).size() > 1;
  const std::vector<std::int32_t> test =
      grouped ? held_out_groups(data, seed) : stratified_part(data, (data.size() + 2) / 5, seed, "data.test");
  if (test.empty())
    throw InputError(where, "no cases can be held out for test: each group or case holds the last of a class",
                     "`test: PATH`, or two or more groups or cases of each class");
  return {subset(data, all_but(data.size(), test)), subset(data, test)};
}

void thin_out(Dataset& data, std::int64_t cases, std::uint64_t seed, std::string_view purpose) {
  if (cases > 0 && cases < data.size()) data = subset(data, stratified_part(data, cases, seed, purpose));
}

}  // namespace

std::string folder_label_of(std::string_view name, const std::string& where, std::string_view allowed,
                            bool may_lack) {
  const std::size_t first = name.find('/');
  if (first == std::string_view::npos && may_lack) return "";
  if (first == std::string_view::npos)
    throw InputError(where, "has no label: it stands in no folder", allowed);
  const std::string_view folder = name.substr(0, first), rest = name.substr(first + 1);
  const bool part = (folder == "train" || folder == "test") && rest.find('/') != std::string_view::npos;
  return std::string(part ? rest.substr(0, rest.find('/')) : folder);
}

DataSource assemble(std::string name, NamedCases train, std::optional<NamedCases> test,
                    const SourceOptions& options) {
  PARSIMONY_EXPECTS(!train.labels.empty() && (!test || !test->labels.empty()));
  if (test) require_same_shape(train, *test);
  if (test) require_apart(train, *test);
  const std::vector<std::string> classes = !train.data.class_names.empty()
                                               ? train.data.class_names
                                               : sorted_labels(train, test ? &*test : nullptr);
  std::map<std::string, std::int32_t> groups;
  number_labels(train, classes);
  number_groups(train, groups);
  train.data.name = name;
  const std::vector<std::string> notes = train.data.notes;
  const std::vector<std::string> test_notes = test ? test->data.notes : std::vector<std::string>();
  DataSource source;
  if (test) {
    number_labels(*test, classes);
    number_groups(*test, groups);
    test->data.name = std::move(name);
    source = {std::move(train.data), std::move(test->data)};
    require_training_classes(source,
                             [&](std::int64_t i) { return test->places[static_cast<std::size_t>(i)]; });
  } else {
    source = with_test_held_out(name, train.data, options.seed);
  }
  thin_out(source.train, options.cases, options.seed, "data.cases");
  thin_out(source.test, options.test_cases, options.seed, "data.test cases");
  source.train.notes = notes;
  source.test.notes = test_notes;
  return source;
}

}  // namespace parsimony::data
