#pragma once

#include <functional>
#include <span>
#include <vector>

#include "parsimony/acquisition/expected_gain.hpp"
#include "parsimony/acquisition/maximise.hpp"
#include "parsimony/solver/belief.hpp"

namespace parsimony::solver {

/// The feasible front as it is believed to be once the pending points are known.
/// @param pending  snapped
/// @return         [n, m] row by row, dominated ones allowed
std::vector<double> believed_front(const Problem& problem, const Evidence& evidence, const Belief& belief,
                                   std::span<const Point> pending);

/// What outcomes promise, as a logarithm; −infinity where there is nothing to be gained.
struct Promise {
  std::function<double(std::span<const acquisition::Outlook> outlooks)> value;
  /// The same with ∂/∂mean (of a known outcome by its value) and ∂/∂deviation of each outlook: [m] each.
  std::function<double(std::span<const acquisition::Outlook> outlooks, std::span<double> by_mean,
                       std::span<double> by_deviation)>
      with_slopes;
};

/// Log expected hypervolume improvement; of the reference while the front is empty, because a feasible point
/// that does not reach below it counts for nothing. With one objective the reference says nothing: 0
/// everywhere then.
/// @param front  [n, m] row by row
Promise hypervolume_promise(const Problem& problem, std::span<const double> front);
/// 0 everywhere: only the constraints count.
Promise no_promise();

/// A promise (by default the log expected hypervolume improvement) times the probability that measured
/// constraints hold, of points of the cube. Estimates stand for computed costs, at real-valued channel counts
/// where a gradient is wanted (by forward differences); a broken computed limit costs 50 for each unit of its
/// relative excess in climbs and −infinity in batches.
class ImprovementAcquisition {
 public:
  /// Keeps references to problem and belief.
  /// @param front  [n, m] row by row
  ImprovementAcquisition(const Problem& problem, const Belief& belief, std::span<const double> front);
  ImprovementAcquisition(const Problem& problem, const Belief& belief, Promise promise);

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
  Promise promise_;
};

}  // namespace parsimony::solver
