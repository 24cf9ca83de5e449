#include "parsimony/acquisition/maximise.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "parsimony/base/contracts.hpp"
#include "parsimony/space/sobol.hpp"

namespace parsimony::acquisition {
namespace {

constexpr std::int64_t kBatch = 128;
constexpr double kFloatStep = 0.01;
constexpr std::size_t kReturned = 256;

using Point = std::vector<double>;

struct Scored {
  std::vector<double> points;  // [n, d]
  std::vector<double> values;  // [n]
};

std::span<const double> row(const std::vector<double>& points, std::size_t k, std::size_t d) {
  return std::span(points).subspan(k * d, d);
}

/// Whether a parameter is one of choices, where a gradient says nothing.
bool is_choice(const space::Space& space, std::size_t index) {
  return std::holds_alternative<space::CategoricalParameter>(space.parameters()[index]);
}

bool is_float(const space::Space& space, std::size_t index) {
  return std::holds_alternative<space::FloatParameter>(space.parameters()[index]);
}

void score(const Acquisition& acquisition, std::size_t d, Scored& scored, ThreadPool& pool) {
  const auto n = static_cast<std::int64_t>(scored.points.size() / d);
  scored.values.resize(static_cast<std::size_t>(n));
  pool.for_each_chunk((n + kBatch - 1) / kBatch, [&](std::int64_t chunk) {
    const auto first = static_cast<std::size_t>(chunk * kBatch);
    const auto count = static_cast<std::size_t>(std::min(kBatch, n - chunk * kBatch));
    acquisition.values(std::span(scored.points).subspan(first * d, count * d),
                       std::span(scored.values).subspan(first, count));
  });
}

std::vector<double> all_points(const space::Space& space) {
  const auto size = static_cast<std::int64_t>(space.size());
  const auto d = static_cast<std::size_t>(space.dimension());
  std::vector<double> points(static_cast<std::size_t>(size) * d);
  for (std::int64_t number = 0; number < size; ++number) {
    std::int64_t rest = number;
    for (std::size_t i = d; i-- > 0;) {
      const auto count = static_cast<std::int64_t>(space.count_at(static_cast<int>(i)));
      points[static_cast<std::size_t>(number) * d + i] =
          space.coordinate_of_cell(static_cast<int>(i), rest % count);
      rest /= count;
    }
  }
  return points;
}

/// A point on the line through two of the near ones, or one of them, some coordinates shaken.
Point changed(const space::Space& space, std::span<const double> near, RandomStream& stream) {
  const auto d = static_cast<std::size_t>(space.dimension());
  const std::uint64_t count = near.size() / d;
  const auto member = [&] { return near.subspan(stream.below(count) * d, d); };
  const std::span<const double> base = member(), other = member();
  Point point(base.begin(), base.end());
  if (stream.uniform() < 0.4) {
    const double along = stream.uniform(-0.3, 1.3);
    for (std::size_t i = 0; i < d; ++i)
      point[i] = is_choice(space, i) ? (stream.uniform() < along ? other[i] : base[i])
                                     : point[i] + along * (other[i] - base[i]);
  }
  const double deviation = std::exp(stream.uniform(std::log(1e-3), std::log(0.5)));
  const double share = stream.uniform() < 0.5 ? 1.0 : std::min(1.0, 3.0 / static_cast<double>(d));
  for (std::size_t i = 0; i < d; ++i) {
    if (stream.uniform() >= share) continue;
    if (is_choice(space, i)) {
      if (stream.uniform() < std::min(0.5, 2.0 / static_cast<double>(d))) point[i] = stream.uniform();
    } else {
      const double count_here = space.count_at(static_cast<int>(i));
      point[i] += std::max(deviation, 1.0 / count_here) * stream.normal();
    }
  }
  for (double& coordinate : point) coordinate = std::clamp(coordinate, 0.0, 1.0);
  return point;
}

std::vector<std::size_t> falling(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  return order;
}

double square_distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

/// Up to `count` of the best points that keep a distance from those chosen before; the distance is given up
/// where they are too few.
void choose_starts(const Scored& scored, std::size_t d, std::size_t first, int count,
                   std::vector<Point>& starts) {
  const std::vector<std::size_t> order = falling(scored.values);
  const std::size_t wanted = starts.size() + static_cast<std::size_t>(count);
  for (const double apart : {0.1 * 0.1 * static_cast<double>(d), 0.02 * 0.02 * static_cast<double>(d), 0.0}) {
    for (const std::size_t k : order) {
      if (starts.size() >= wanted) return;
      if (k < first || !std::isfinite(scored.values[k])) continue;
      const auto candidate = row(scored.points, k, d);
      const bool far = std::all_of(starts.begin(), starts.end(), [&](const Point& start) {
        return square_distance(candidate, start) > apart;
      });
      if (far) starts.emplace_back(candidate.begin(), candidate.end());
    }
  }
}

std::vector<Point> climb_from(const Acquisition& acquisition, const space::Space& space,
                              const std::vector<Point>& starts, const BoundedOptions& options,
                              ThreadPool& pool) {
  std::vector<bool> fixed(static_cast<std::size_t>(space.dimension()));
  for (std::size_t i = 0; i < fixed.size(); ++i) fixed[i] = is_choice(space, i);
  std::vector<Point> ends(starts.size());
  pool.for_each_chunk(static_cast<std::int64_t>(starts.size()), [&](std::int64_t chunk) {
    const auto k = static_cast<std::size_t>(chunk);
    ends[k] = maximise_bounded(acquisition.with_gradient, starts[k], fixed, options).x;
  });
  return ends;
}

/// The points one step away: the next values of an integer and some further off, other choices, a fine step
/// of a float.
void append_neighbours(const space::Space& space, const Point& point, std::vector<double>& neighbours) {
  const auto add = [&](std::size_t index, double coordinate) {
    Point changed = point;
    changed[index] = coordinate;
    neighbours.insert(neighbours.end(), changed.begin(), changed.end());
  };
  for (std::size_t i = 0; i < point.size(); ++i) {
    if (is_float(space, i)) {
      for (const double step : {-kFloatStep, kFloatStep}) add(i, std::clamp(point[i] + step, 0.0, 1.0));
      continue;
    }
    const auto count = static_cast<std::int64_t>(space.count_at(static_cast<int>(i)));
    const std::int64_t cell = space.cell_at(static_cast<int>(i), point[i]);
    const auto add_cell = [&](std::int64_t other) {
      if (other >= 0 && other < count && other != cell)
        add(i, space.coordinate_of_cell(static_cast<int>(i), other));
    };
    if (is_choice(space, i)) {
      for (std::int64_t other = 0; other < std::min<std::int64_t>(count, 16); ++other) add_cell(other);
      continue;
    }
    for (const std::int64_t step : {std::int64_t{1}, std::max<std::int64_t>(2, count / 10)}) {
      add_cell(cell - step);
      add_cell(cell + step);
    }
  }
}

/// Goes to the best neighbour as long as there is a better one; everything seen is appended to `seen`.
void search_coordinates(const Acquisition& acquisition, const space::Space& space, Point point, double value,
                        int rounds, ThreadPool& pool, Scored& seen) {
  const auto d = static_cast<std::size_t>(space.dimension());
  for (int round = 0; round < rounds; ++round) {
    Scored near;
    append_neighbours(space, point, near.points);
    if (near.points.empty()) return;
    space.snap_rows(near.points);
    score(acquisition, d, near, pool);
    const std::size_t best = falling(near.values).front();
    seen.points.insert(seen.points.end(), near.points.begin(), near.points.end());
    seen.values.insert(seen.values.end(), near.values.begin(), near.values.end());
    if (!(near.values[best] > value + 1e-9)) return;
    value = near.values[best];
    const auto next = row(near.points, best, d);
    point.assign(next.begin(), next.end());
  }
}

RankedPoints ranked(const Scored& scored, std::size_t d) {
  RankedPoints result{static_cast<int>(d), {}, {}};
  std::map<Point, bool> taken;
  for (const std::size_t k : falling(scored.values)) {
    if (std::isnan(scored.values[k])) continue;
    const auto point = row(scored.points, k, d);
    if (!taken.emplace(Point(point.begin(), point.end()), true).second) continue;
    result.points.insert(result.points.end(), point.begin(), point.end());
    result.values.push_back(scored.values[k]);
    if (result.values.size() == kReturned) break;
  }
  return result;
}

/// Climbs from the starts and a search by single steps from the best snapped points; all that was seen,
/// ranked.
RankedPoints climb_and_search(const Acquisition& acquisition, const space::Space& space, Scored seen,
                              const std::vector<Point>& starts, const MaximiserOptions& options,
                              ThreadPool& pool) {
  const auto d = static_cast<std::size_t>(space.dimension());
  Scored ends;
  for (const Point& end : climb_from(acquisition, space, starts, options.climb, pool))
    ends.points.insert(ends.points.end(), end.begin(), end.end());
  space.snap_rows(ends.points);
  score(acquisition, d, ends, pool);
  seen.points.insert(seen.points.end(), ends.points.begin(), ends.points.end());
  seen.values.insert(seen.values.end(), ends.values.begin(), ends.values.end());

  bool steps = false;
  for (std::size_t i = 0; i < d; ++i) steps |= !is_float(space, i);
  if (steps) {
    const RankedPoints best = ranked(seen, d);
    for (std::size_t k = 0; k < best.size() && k < static_cast<std::size_t>(options.searched); ++k) {
      const auto point = best.point(k);
      search_coordinates(acquisition, space, Point(point.begin(), point.end()), best.values[k],
                         options.rounds, pool, seen);
    }
  }
  return ranked(seen, d);
}

}  // namespace

RankedPoints maximise(const Acquisition& acquisition, const space::Space& space, std::span<const double> near,
                      const MaximiserOptions& options, RandomStream& stream, ThreadPool& pool) {
  const auto d = static_cast<std::size_t>(space.dimension());
  PARSIMONY_EXPECTS(near.size() % d == 0);
  Scored seen;
  if (space.size() <= static_cast<double>(options.enumerated)) {
    seen.points = all_points(space);
    score(acquisition, d, seen, pool);
    return ranked(seen, d);
  }
  for (int k = 0; k < options.perturbed && !near.empty(); ++k) {
    const Point point = changed(space, near, stream);
    seen.points.insert(seen.points.end(), point.begin(), point.end());
  }
  const std::size_t raw = seen.points.size() / d;
  const std::vector<double> sobol = space::sobol_points(options.raw, space.dimension(), stream);
  seen.points.insert(seen.points.end(), sobol.begin(), sobol.end());
  space.snap_rows(seen.points);
  score(acquisition, d, seen, pool);

  std::vector<Point> starts;
  choose_starts(seen, d, 0, options.starts - options.starts / 3, starts);
  choose_starts(seen, d, raw, options.starts / 3, starts);
  return climb_and_search(acquisition, space, std::move(seen), starts, options, pool);
}

RankedPoints improve(const Acquisition& acquisition, const space::Space& space,
                     std::span<const double> points, const MaximiserOptions& options, ThreadPool& pool) {
  const auto d = static_cast<std::size_t>(space.dimension());
  PARSIMONY_EXPECTS(points.size() % d == 0);
  Scored seen{{points.begin(), points.end()}, {}};
  space.snap_rows(seen.points);
  score(acquisition, d, seen, pool);
  std::vector<Point> starts;
  choose_starts(seen, d, 0, options.starts, starts);
  return climb_and_search(acquisition, space, std::move(seen), starts, options, pool);
}

}  // namespace parsimony::acquisition
