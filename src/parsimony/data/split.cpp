#include "parsimony/data/split.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/data/class_check.hpp"

namespace parsimony::data {
namespace {

/// A fold's number for each case; kFolds − 1 folds or fewer may come out empty.
using FoldOfCase = std::vector<std::int32_t>;

constexpr std::int32_t kTraining = -1;  ///< in no validation part

std::vector<std::int64_t> keyed_order(std::uint64_t seed, std::string_view purpose, std::size_t index,
                                      std::size_t count) {
  return RandomStream(seed, 0, purpose, index).permutation(static_cast<std::int64_t>(count));
}

/// [classes] how many of each class make `wanted` cases: its share of share.first / share.second, rounded
/// down, and what is then left by largest remainder (ties: the lower class), so that each class is within one
/// case of its own share.
std::vector<std::int64_t> class_quotas(const std::vector<std::vector<std::int32_t>>& classes,
                                       std::int64_t wanted, std::pair<std::int64_t, std::int64_t> share) {
  const auto portion = [&](std::size_t label) {
    return static_cast<std::int64_t>(classes[label].size()) * share.first;
  };
  std::vector<std::int64_t> quotas;
  for (std::size_t label = 0; label < classes.size(); ++label)
    quotas.push_back(portion(label) / share.second);
  std::vector<std::size_t> by_remainder(classes.size());
  std::iota(by_remainder.begin(), by_remainder.end(), std::size_t{0});
  std::stable_sort(by_remainder.begin(), by_remainder.end(), [&](std::size_t a, std::size_t b) {
    return portion(a) % share.second > portion(b) % share.second;
  });
  std::int64_t left = wanted - std::accumulate(quotas.begin(), quotas.end(), std::int64_t{0});
  for (const std::size_t label : by_remainder)
    if (left-- > 0) ++quotas[label];
  return quotas;
}

/// So many of each class, in keyed order.
std::vector<std::int32_t> drawn(const std::vector<std::vector<std::int32_t>>& classes,
                                const std::vector<std::int64_t>& quotas, std::uint64_t seed,
                                std::string_view purpose) {
  std::vector<std::int32_t> cases;
  for (std::size_t label = 0; label < classes.size(); ++label) {
    const auto order = keyed_order(seed, purpose, label, classes[label].size());
    for (std::int64_t i = 0; i < quotas[label]; ++i)
      cases.push_back(classes[label][static_cast<std::size_t>(order[static_cast<std::size_t>(i)])]);
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

FoldOfCase stratified_hold_out(const Dataset& train, std::uint64_t seed) {
  FoldOfCase fold(train.labels.size(), kTraining);
  const auto classes = cases_by_class(train);
  const auto quotas = class_quotas(classes, (train.size() + 2) / 5, {1, 5});
  for (const std::int32_t i : drawn(classes, quotas, seed, "split.hold-out"))
    fold[static_cast<std::size_t>(i)] = 0;
  return fold;
}

FoldOfCase grouped_hold_out(const Dataset& train, const std::vector<std::int32_t>& groups,
                            std::uint64_t seed) {
  FoldOfCase fold(train.labels.size(), kTraining);
  const auto order = keyed_order(seed, "split.hold-out groups", 0, groups.size());
  std::int64_t held_out = 0;
  for (std::size_t k = 0; k + 1 < groups.size() && 5 * held_out < train.size(); ++k) {
    const std::int32_t group = groups[static_cast<std::size_t>(order[k])];
    for (std::size_t i = 0; i < fold.size(); ++i)
      if (train.groups[i] == group) fold[i] = 0, ++held_out;
  }
  return fold;
}

FoldOfCase stratified_folds(const Dataset& train, std::uint64_t seed) {
  FoldOfCase fold(train.labels.size(), kTraining);
  const auto classes = cases_by_class(train);
  std::int32_t next = 0;
  for (std::size_t label = 0; label < classes.size(); ++label)
    for (const std::int64_t i : keyed_order(seed, "split.folds", label, classes[label].size()))
      fold[static_cast<std::size_t>(classes[label][static_cast<std::size_t>(i)])] = next++ % kFolds;
  return fold;
}

FoldOfCase grouped_folds(const Dataset& train, const std::vector<std::int32_t>& groups, std::uint64_t seed) {
  const auto order = keyed_order(seed, "split.fold groups", 0, groups.size());
  std::vector<std::int32_t> fold_of_group(groups.size());
  for (std::size_t k = 0; k < order.size(); ++k)
    fold_of_group[static_cast<std::size_t>(order[k])] = static_cast<std::int32_t>(k) % kFolds;
  FoldOfCase fold;
  for (const std::int32_t group : train.groups) {
    const auto place = std::lower_bound(groups.begin(), groups.end(), group) - groups.begin();
    fold.push_back(fold_of_group[static_cast<std::size_t>(place)]);
  }
  return fold;
}

std::vector<Split> splits_of(const FoldOfCase& fold) {
  std::vector<Split> splits;
  for (std::int32_t k = 0; k < kFolds; ++k) {
    Split split;
    for (std::size_t i = 0; i < fold.size(); ++i)
      (fold[i] == k ? split.validation : split.train).push_back(static_cast<std::int32_t>(i));
    if (!split.validation.empty()) splits.push_back(std::move(split));
  }
  return splits;
}

}  // namespace

std::vector<std::int32_t> stratified_part(const Dataset& data, std::int64_t wanted, std::uint64_t seed,
                                          std::string_view purpose) {
  PARSIMONY_EXPECTS(wanted >= 0 && wanted <= data.size() && data.size() > 0);
  const auto classes = cases_by_class(data);
  return drawn(classes, class_quotas(classes, wanted, {wanted, data.size()}), seed, purpose);
}

std::vector<Split> honest_splits(const Dataset& train, std::uint64_t seed) {
  if (train.size() < 2)
    throw InputError(train.name, "has " + std::to_string(train.size()) + " training cases", "2 or more");
  const std::vector<std::int32_t> groups = distinct_groups(train);
  const bool grouped = groups.size() > 1;
  if (train.size() >= kHoldOutCases)
    return splits_of(grouped ? grouped_hold_out(train, groups, seed) : stratified_hold_out(train, seed));
  return splits_of(grouped ? grouped_folds(train, groups, seed) : stratified_folds(train, seed));
}

DataSource arrange(DataSource source, Protocol protocol, SplitRule rule, bool swappable) {
  const bool larger_trains = protocol == Protocol::kPaper && rule == SplitRule::kAuto && swappable;
  if (larger_trains && source.test.size() > source.train.size()) std::swap(source.train, source.test);
  require_training_classes(source, [&](std::int64_t i) {
    return source.test.name + ", case " + std::to_string(i) + " of the scored part";
  });
  return source;
}

}  // namespace parsimony::data
