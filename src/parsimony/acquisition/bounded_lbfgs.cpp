#include "parsimony/acquisition/bounded_lbfgs.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

namespace parsimony::acquisition {
namespace {

using Numbers = std::vector<double>;

struct Pair {
  Numbers step, change;  // of x and of −gradient
  double scale;          // 1 / (stepᵀ change)
};

struct Place {
  Numbers x, gradient;
  double value = 0.0;
};

double dot(const Numbers& a, const Numbers& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

void add(Numbers& to, double factor, const Numbers& other) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * other[i];
}

/// Coordinates that may move: neither fixed nor at a bound that the gradient points out of.
std::vector<bool> free_coordinates(const Place& here, const std::vector<bool>& fixed) {
  std::vector<bool> free(here.x.size(), true);
  for (std::size_t i = 0; i < free.size(); ++i) {
    if (!fixed.empty() && fixed[i]) free[i] = false;
    if (here.x[i] <= 0.0 && here.gradient[i] < 0.0) free[i] = false;
    if (here.x[i] >= 1.0 && here.gradient[i] > 0.0) free[i] = false;
  }
  return free;
}

void keep_free(Numbers& vector, const std::vector<bool>& free) {
  for (std::size_t i = 0; i < vector.size(); ++i)
    if (!free[i]) vector[i] = 0.0;
}

/// H·gradient over the free coordinates by the two-loop recursion.
Numbers ascent(const Place& here, const std::deque<Pair>& pairs, const std::vector<bool>& free) {
  Numbers q = here.gradient;
  keep_free(q, free);
  Numbers factors(pairs.size());
  for (std::size_t i = pairs.size(); i-- > 0;) {
    factors[i] = pairs[i].scale * dot(pairs[i].step, q);
    add(q, -factors[i], pairs[i].change);
  }
  if (!pairs.empty()) {
    const double scale = 1.0 / (pairs.back().scale * dot(pairs.back().change, pairs.back().change));
    for (double& value : q) value *= scale;
  }
  for (std::size_t i = 0; i < pairs.size(); ++i)
    add(q, factors[i] - pairs[i].scale * dot(pairs[i].change, q), pairs[i].step);
  keep_free(q, free);
  return q;
}

double greatest(const Numbers& vector) {
  double result = 0.0;
  for (const double value : vector) result = std::max(result, std::abs(value));
  return result;
}

/// Halves the step until the value has risen enough; false when even the least does not help.
bool climb(const BoundedFunction& function, const Place& from, const Numbers& direction, Place& to) {
  double step = 1.0;
  for (int halving = 0; halving < 12; ++halving, step *= 0.4) {
    double slope = 0.0;
    for (std::size_t i = 0; i < direction.size(); ++i) {
      to.x[i] = std::clamp(from.x[i] + step * direction[i], 0.0, 1.0);
      slope += from.gradient[i] * (to.x[i] - from.x[i]);
    }
    if (!(slope > 0.0)) return false;
    to.value = function(to.x, to.gradient);
    if (std::isfinite(to.value) && to.value >= from.value + 1e-4 * slope) return true;
  }
  return false;
}

}  // namespace

BoundedMaximum maximise_bounded(const BoundedFunction& function, std::vector<double> start,
                                const std::vector<bool>& fixed, const BoundedOptions& options) {
  const std::size_t d = start.size();
  Place here{std::move(start), Numbers(d), 0.0}, next{Numbers(d), Numbers(d), 0.0};
  here.value = function(here.x, here.gradient);
  std::deque<Pair> pairs;
  for (int iteration = 0; iteration < options.iterations && std::isfinite(here.value); ++iteration) {
    const std::vector<bool> free = free_coordinates(here, fixed);
    Numbers direction = ascent(here, pairs, free);
    const double size = greatest(direction);
    if (!(size > 0.0) || !std::isfinite(size)) break;
    const double longest = pairs.empty() ? 0.05 : options.longest_step;
    if (size > longest || pairs.empty())
      for (double& value : direction) value *= std::min(1.0, longest / size);
    if (!(dot(direction, here.gradient) > 0.0) || !climb(function, here, direction, next)) {
      if (pairs.empty()) break;
      pairs.clear();  // try once more, straight uphill
      continue;
    }
    Pair pair{next.x, here.gradient, 0.0};
    add(pair.step, -1.0, here.x);
    add(pair.change, -1.0, next.gradient);
    const double product = dot(pair.step, pair.change);
    if (product > 1e-10 * std::sqrt(dot(pair.step, pair.step) * dot(pair.change, pair.change))) {
      pair.scale = 1.0 / product;
      pairs.push_back(std::move(pair));
    }
    if (static_cast<int>(pairs.size()) > options.memory) pairs.pop_front();
    const bool converged = next.value - here.value < options.tolerance;
    std::swap(here, next);
    if (converged) break;
  }
  return {std::move(here.x), here.value};
}

}  // namespace parsimony::acquisition
