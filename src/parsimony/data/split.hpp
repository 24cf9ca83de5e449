#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "parsimony/data/dataset.hpp"

namespace parsimony::data {

/// Indices of cases, ascending in each part; the parts are disjoint and none is empty.
struct Split {
  std::vector<std::int32_t> train, validation;
};

/// From this many training cases on there is one hold-out instead of folds (SEMANTICS.md, 1).
inline constexpr std::int64_t kHoldOutCases = 400;
inline constexpr std::int32_t kFolds = 3;

/// How `--protocol honest` divides the training data, keyed by the seed alone (SEMANTICS.md, 1).
/// kHoldOutCases or more: one element, a hold-out of 20 %, stratified to within a case of each class; where
/// groups are named whole groups in keyed order until 20 % of the cases are reached (one group always stays
/// for training). Fewer: three folds whose validation parts cover every case once; within a class the cases
/// go round the folds in keyed order, each class beginning where the one before ended; named groups go round
/// as a whole. A single group says nothing and is ignored; folds that would hold nothing (two cases, two
/// groups) are left out.
/// @throws InputError for fewer than two cases
std::vector<Split> honest_splits(const Dataset& train, std::uint64_t seed);

/// `wanted` cases, ascending, each class within one case of its share, drawn in keyed order.
/// Precondition: 0 ≤ wanted ≤ data.size(), which is above 0.
std::vector<std::int32_t> stratified_part(const Dataset& data, std::int64_t wanted, std::uint64_t seed,
                                          std::string_view purpose);

enum class Protocol { kHonest, kPaper };
enum class SplitRule { kAuto, kStandard };

/// Which file trains and which is scored. As shipped, but for Protocol::kPaper with SplitRule::kAuto: there
/// the larger file trains and the smaller one is scored (equal sizes: as shipped), because the paper's
/// percentages are multiples of 1/n with n the smaller one.
/// @param swappable  false for data whose parts are not interchangeable (all but UEA): always as shipped
/// @throws InputError when a class of the scored part would have no training case
DataSource arrange(DataSource source, Protocol protocol, SplitRule rule, bool swappable = true);

}  // namespace parsimony::data
