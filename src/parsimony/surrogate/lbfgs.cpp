#include "parsimony/surrogate/lbfgs.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <deque>

namespace parsimony::surrogate {
namespace {

using Vec = Eigen::VectorXd;

struct Pair {
  Vec step, change;  // of x and of the gradient
  double scale;      // 1 / (stepᵀ change)
};

struct Place {
  Vec x, gradient;
  double value;
};

std::span<const double> view(const Vec& x) {
  return {x.data(), static_cast<std::size_t>(x.size())};
}

double evaluate(const SmoothFunction& function, Place& place) {
  place.gradient.setZero(place.x.size());
  place.value =
      function(view(place.x), {place.gradient.data(), static_cast<std::size_t>(place.gradient.size())});
  return place.value;
}

/// −H·gradient by the two-loop recursion.
Vec direction_of(const Vec& gradient, const std::deque<Pair>& pairs) {
  Vec q = -gradient;
  std::vector<double> factors(pairs.size());
  for (std::size_t i = pairs.size(); i-- > 0;) {
    factors[i] = pairs[i].scale * pairs[i].step.dot(q);
    q -= factors[i] * pairs[i].change;
  }
  if (!pairs.empty()) q *= 1.0 / (pairs.back().scale * pairs.back().change.squaredNorm());
  for (std::size_t i = 0; i < pairs.size(); ++i)
    q += (factors[i] - pairs[i].scale * pairs[i].change.dot(q)) * pairs[i].step;
  return q;
}

/// Halves the step until the value has fallen enough. False when even the least step does not help.
bool backtrack(const SmoothFunction& function, const Place& from, const Vec& direction, Place& to) {
  const double slope = from.gradient.dot(direction);
  double step = 1.0;
  for (int halving = 0; halving < 20; ++halving, step *= 0.5) {
    to.x = from.x + step * direction;
    evaluate(function, to);
    if (std::isfinite(to.value) && to.value <= from.value + 1e-4 * step * slope && to.gradient.allFinite())
      return true;
  }
  return false;
}

}  // namespace

Minimum minimise_lbfgs(const SmoothFunction& function, std::vector<double> start,
                       const LbfgsOptions& options) {
  Place here{Eigen::Map<const Vec>(start.data(), static_cast<Eigen::Index>(start.size())), {}, 0.0}, next;
  evaluate(function, here);
  std::deque<Pair> pairs;
  bool converged = !std::isfinite(here.value);
  for (int iteration = 0; iteration < options.iterations && !converged; ++iteration) {
    Vec direction = direction_of(here.gradient, pairs);
    if (pairs.empty()) direction /= std::max(1.0, direction.norm());
    if (direction.dot(here.gradient) >= 0.0) {  // rounding has spoilt the memory
      pairs.clear();
      direction = -here.gradient / std::max(1.0, here.gradient.norm());
    }
    const double longest = direction.cwiseAbs().maxCoeff();
    if (!(longest > 0.0)) return {std::move(start), here.value, true};
    if (longest > options.longest_step) direction *= options.longest_step / longest;
    if (!backtrack(function, here, direction, next)) {
      converged = pairs.empty();
      pairs.clear();  // try once more, straight downhill
      continue;
    }
    const Vec step = next.x - here.x, change = next.gradient - here.gradient;
    if (step.dot(change) > 1e-10 * step.norm() * change.norm())
      pairs.push_back({step, change, 1.0 / step.dot(change)});
    if (static_cast<int>(pairs.size()) > options.memory) pairs.pop_front();
    converged = here.value - next.value < options.tolerance;
    std::swap(here, next);
  }
  std::copy(here.x.begin(), here.x.end(), start.begin());
  return {std::move(start), here.value, converged};
}

}  // namespace parsimony::surrogate
