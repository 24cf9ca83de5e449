#pragma once

#include <span>
#include <vector>

#include "parsimony/acquisition/hypervolume_improvement.hpp"
#include "parsimony/acquisition/maximise.hpp"
#include "parsimony/solver/belief.hpp"

namespace parsimony::solver {

/// The feasible front as it is believed to be once the pending points are known.
/// @param pending  snapped
/// @return         [n, m] row by row, dominated ones allowed
std::vector<double> believed_front(const Problem& problem, const Evidence& evidence, const Belief& belief,
                                   std::span<const Point> pending);

/// Log expected hypervolume improvement times the probability that measured constraints hold, of points of
/// the cube. Estimates stand for computed costs, at real-valued channel counts where a gradient is wanted (by
/// forward differences); a broken computed limit costs 50 for each unit of its relative excess in climbs and
/// −infinity in batches. While the front is empty and a constraint is measured, the value is that probability
/// alone.
class ImprovementAcquisition {
 public:
  /// Keeps references to problem and belief.
  /// @param front  [n, m] row by row
  ImprovementAcquisition(const Problem& problem, const Belief& belief, std::span<const double> front);

  /// Values of points [n, d] with estimated costs.
  void values(std::span<const double> points, std::span<double> values) const;
  /// Value of one snapped point with exact costs; −infinity over a computed limit.
  double exact_value(std::span<const double> point) const;
  double with_gradient(std::span<const double> point, std::span<double> gradient) const;

  acquisition::Acquisition functions() const;

 private:
  std::vector<double> values_with(std::span<const double> points, const Costs& costs) const;
  double add_costs(std::span<const double> point, std::vector<acquisition::Outlook>& outlooks,
                   Costs& costs) const;

  const Problem& problem_;
  const Belief& belief_;
  Quantities quantities_;
  bool feasibility_first_;  // nothing feasible is known, and it is a question of measured constraints
  acquisition::HypervolumeImprovement improvement_;
};

}  // namespace parsimony::solver
