#include "parsimony/solver/nsga2_variation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

namespace parsimony::solver {
namespace {

bool by_chance(double probability, RandomStream& stream) {
  return stream.uniform() < probability;
}

/// Half the distance between two children over that of their parents, by a uniform number u and the room
/// between the nearer bound and its parent, relative to the parents' distance.
double spread_factor(double u, double room, double eta) {
  const double alpha = 2.0 - std::pow(1.0 + 2.0 * room, -(eta + 1.0));
  const double base = u <= 1.0 / alpha ? u * alpha : 1.0 / (2.0 - u * alpha);
  return std::pow(base, 1.0 / (eta + 1.0));
}

/// One of the two children of simulated binary crossover within [0, 1].
double crossed(double a, double b, double eta, RandomStream& stream) {
  const auto [low, high] = std::minmax(a, b);
  const double distance = high - low, u = stream.uniform();
  const bool upper = by_chance(0.5, stream);
  if (!(distance > 0.0)) return a;
  const double room = (upper ? 1.0 - high : low) / distance;
  const double reach = 0.5 * spread_factor(u, room, eta) * distance, middle = 0.5 * (low + high);
  return std::clamp(upper ? middle + reach : middle - reach, 0.0, 1.0);
}

/// Polynomial mutation within [0, 1].
double mutated(double x, double eta, RandomStream& stream) {
  const double u = stream.uniform(), power = 1.0 / (eta + 1.0);
  if (u < 0.5) {
    const double stay = std::pow(1.0 - x, eta + 1.0);
    return std::clamp(x + std::pow(2.0 * u + (1.0 - 2.0 * u) * stay, power) - 1.0, 0.0, 1.0);
  }
  const double stay = std::pow(x, eta + 1.0);
  return std::clamp(x + 1.0 - std::pow(2.0 * (1.0 - u) + (2.0 * u - 1.0) * stay, power), 0.0, 1.0);
}

/// The value next to the one that the mutation would have left as it was.
double moved(const space::Space& space, int index, double from, double to) {
  const auto last = static_cast<std::int64_t>(space.count_at(index)) - 1;
  const std::int64_t cell = space.cell_at(index, from);
  if (last == 0 || space.cell_at(index, to) != cell) return to;
  const bool up = (to > from || cell == 0) && cell < last;
  return space.coordinate_of_cell(index, up ? cell + 1 : cell - 1);
}

/// Another choice than the one held, each as likely.
double other_choice(const space::Space& space, int index, double from, RandomStream& stream) {
  const auto count = static_cast<std::uint64_t>(space.count_at(index));
  if (count == 1) return from;
  const auto cell = static_cast<std::uint64_t>(space.cell_at(index, from));
  const auto other = (cell + 1 + stream.below(count - 1)) % count;
  return space.coordinate_of_cell(index, static_cast<std::int64_t>(other));
}

}  // namespace

Point child_of(const space::Space& space, const Point& a, const Point& b, const Nsga2Options& options,
               RandomStream& stream) {
  const double each = options.mutation > 0.0 ? options.mutation : 1.0 / space.dimension();
  Point child = a;
  const bool crossing = by_chance(options.crossover, stream);
  for (int i = 0; i < space.dimension(); ++i) {
    const auto k = static_cast<std::size_t>(i);
    const space::Parameter& parameter = space.parameters()[k];
    const bool categorical = std::holds_alternative<space::CategoricalParameter>(parameter);
    if (crossing && by_chance(0.5, stream))
      child[k] = categorical ? b[k] : crossed(a[k], b[k], options.crossover_eta, stream);
    if (!by_chance(each, stream)) continue;
    if (categorical) {
      child[k] = other_choice(space, i, child[k], stream);
      continue;
    }
    const double after = mutated(child[k], options.mutation_eta, stream);
    const bool whole = std::holds_alternative<space::IntegerParameter>(parameter);
    child[k] = whole ? moved(space, i, child[k], after) : after;
  }
  return space.snap(child);
}

}  // namespace parsimony::solver
