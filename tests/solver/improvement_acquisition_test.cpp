#include "parsimony/solver/improvement_acquisition.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support.hpp"

namespace parsimony::solver {
namespace {

/// Draws the outcomes that a belief expects of one point, one after another.
class Outcomes {
 public:
  Outcomes(const Problem& problem, const Belief& belief, const Point& point)
      : quantities_(problem), belief_(belief), objectives_(problem.objectives.size()) {
    for (const BelievedQuantity& held : belief.objectives) add(held, point);
    for (const BelievedQuantity& held : belief.constraints) add(held, point);
    if (!problem.costs.exact) return;
    const Costs costs = problem.costs.exact(point);
    for (std::size_t k = 0; k < costs.objectives.size(); ++k)
      objectives_[quantities_.computed_objectives[k]] = costs.objectives[k];
  }
  /// All objectives [m], or none where a measured constraint is broken.
  std::vector<double> draw(RandomStream& stream) {
    bool feasible = true;
    for (std::size_t k = 0; k < moments_.size(); ++k) {
      const double t = moments_[k].mean + moments_[k].deviation * stream.normal();
      if (k < belief_.objectives.size())
        objectives_[quantities_.measured_objectives[k]] = belief_.objectives[k].warp.invert(t);
      else
        feasible &= t <= 0.0;
    }
    return feasible ? objectives_ : std::vector<double>{};
  }

 private:
  void add(const BelievedQuantity& held, const Point& point) {
    double mean = 0.0, variance = 0.0;
    held.process.posterior(point, {&mean, 1}, {&variance, 1});
    moments_.push_back({mean, std::sqrt(variance)});
  }

  Quantities quantities_;
  const Belief& belief_;
  std::vector<double> objectives_;
  std::vector<surrogate::GaussianProcess::Moments> moments_;  // of objectives, then of constraints
};

struct Estimate {
  double mean = 0.0, error = 0.0;
  int gains = 0;  // draws that gained anything
};

/// The mean gain of hypervolume over a front. Of one objective the reference lies above the front.
Estimate monte_carlo(const Problem& problem, Outcomes outcomes, const std::vector<double>& front,
                     RandomStream& stream) {
  constexpr int kDraws = 2000;
  std::vector<double> reference = references(problem);
  if (reference.size() == 1 && !front.empty()) reference[0] = *std::max_element(front.begin(), front.end());
  const double before = pareto::hypervolume(front, reference);
  Estimate estimate;
  double squares = 0.0;
  for (int draw = 0; draw < kDraws; ++draw) {
    std::vector<double> points = front;
    const std::vector<double> further = outcomes.draw(stream);
    points.insert(points.end(), further.begin(), further.end());
    const double gain = pareto::hypervolume(points, reference) - before;
    estimate.gains += gain > 1e-12;  // more than rounding
    estimate.mean += gain / kDraws;
    squares += gain * gain / kDraws;
  }
  estimate.error = std::sqrt(std::max(0.0, squares - estimate.mean * estimate.mean) / kDraws);
  return estimate;
}

TEST(ImprovementAcquisition, IsTheMeanGainOfHypervolumeWhereConstraintsHold) {
  RandomStream stream(1, 0, "monte carlo");
  ThreadPool pool(1);
  int compared[5] = {}, warped = 0, computed = 0, constrained = 0;
  for (int repeat = 0; repeat < 90; ++repeat) {
    const Benchmark benchmark = random_benchmark(stream);
    const Problem& problem = benchmark.problem;
    const std::vector<Trial> history = random_history(benchmark, 9, stream);
    const Evidence evidence(problem, history);
    if (evidence.rows() == 0) continue;
    const Belief belief = fit_belief(problem, evidence, history, {}, pool);
    const std::vector<double> front = believed_front(problem, evidence, belief, {});
    const ImprovementAcquisition acquisition(problem, belief, front);
    for (const Trial& trial : random_history(benchmark, 3, stream)) {
      const Estimate estimate = monte_carlo(problem, Outcomes(problem, belief, trial.point), front, stream);
      const double value = std::exp(acquisition.exact_value(trial.point));
      if (estimate.gains < 100) continue;  // too rare for a mean of which the error is known
      // What happens in less than one of 200 draws may not have been seen.
      EXPECT_NEAR(value, estimate.mean, 5.0 * estimate.error + estimate.mean / 200.0 + 1e-12) << repeat;
      ++compared[problem.objectives.size()];
      for (const BelievedQuantity& held : belief.objectives) warped += held.warp.logarithmic;
      computed += !belief.objectives.empty() && belief.objectives.size() < problem.objectives.size();
      constrained += !belief.constraints.empty();
    }
  }
  for (int m = 1; m <= 4; ++m) EXPECT_GT(compared[m], 10) << m;
  EXPECT_GE(warped, 5);
  EXPECT_GT(computed, 10);
  EXPECT_GT(constrained, 10);
}

}  // namespace
}  // namespace parsimony::solver
