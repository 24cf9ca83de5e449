#pragma once

#include <span>
#include <vector>

#include "parsimony/acquisition/expected_gain.hpp"
#include "parsimony/pareto/boxes.hpp"

namespace parsimony::acquisition {

/// The logarithm of the expected hypervolume improvement over exact boxes (Emmerich et al. 2006; boxes as
/// Yang et al. 2019; logarithm as Ament et al. 2023), for independent outcomes: Σ over boxes of Π over
/// objectives of E[max(0, u − y)] − E[max(0, l − y)]. A known outcome is one without deviation: with one
/// measured and otherwise computed objectives this is the closed form of an improvement that is piecewise
/// linear in the measured one.
class HypervolumeImprovement {
 public:
  explicit HypervolumeImprovement(const pareto::Boxes& boxes);

  int objectives() const { return m_; }

  /// −infinity where no improvement is possible.
  /// @param outlooks  [m]
  double log_value(std::span<const Outlook> outlooks) const;

  /// The same with ∂/∂mean and ∂/∂deviation of each outlook.
  /// @param by_mean, by_deviation  [m]
  double log_value(std::span<const Outlook> outlooks, std::span<double> by_mean,
                   std::span<double> by_deviation) const;

 private:
  double direct(const std::vector<double>& gain) const;
  double by_logarithms(std::span<const Outlook> outlooks, std::span<double> by_mean,
                       std::span<double> by_deviation) const;

  int m_ = 0;
  std::size_t boxes_ = 0;
  std::vector<double> levels_;  // of objective 0, then of 1, ...; ascending, each once; −infinity has none
  std::vector<std::size_t> first_;  // [m + 1] where each objective's levels begin
  std::vector<int> upper_, lower_;  // [boxes, m] numbers of levels; −1 for −infinity
};

}  // namespace parsimony::acquisition
