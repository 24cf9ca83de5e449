#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "parsimony/base/quantities.hpp"
#include "parsimony/network/cost.hpp"
#include "parsimony/search/space.hpp"
#include "parsimony/solver/problem.hpp"

namespace parsimony::search {

/// What a deployed network may cost at most.
struct Limits {
  std::optional<Bytes> rom{}, ram{};
  std::optional<Flops> flops{};
  std::optional<std::int64_t> instructions{};
};

struct ProblemOptions {
  std::string where = "study";  ///< put before messages: the study's file
  std::vector<std::string> objectives{"error", "rom", "ram", "flops"};  ///< of these, in any order
  Limits limits{};
};

/// The objectives that a network search knows: "error" is measured, "rom", "ram", "flops" and
/// "instructions" are computed.
const std::vector<std::string>& known_objectives();

/// The network search as a solver sees it. Each cost is divided by its limit, or by the unpruned network's
/// cost where it has none; the reference is 1 in each. Every limit is a computed constraint of the same name,
/// listed as an objective or not: cost/limit − 1. Between snapped points the estimate is that of a
/// real-valued channel count, low + u·n − ½ for coordinate u of a parameter with n values, clamped to its
/// range: the whole count at a snapped point.
/// @param searched  made of the description that `costs` holds
/// @throws InputError for an unknown or repeated objective; for limits that no point of the space can meet,
/// with the
///         smallest ROM, RAM, FLOPs and instructions that can be reached
solver::Problem network_problem(const SearchSpace& searched, std::shared_ptr<const network::CostModel> costs,
                                const ProblemOptions& options);

/// What the smallest network of the space costs: as few channels in every group as the space allows.
network::Cost smallest_cost(const SearchSpace& searched, const network::CostModel& costs);

}  // namespace parsimony::search
