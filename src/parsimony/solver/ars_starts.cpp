#include "parsimony/solver/ars_starts.hpp"

#include <algorithm>

#include "parsimony/pareto/k_means.hpp"

namespace parsimony::solver {
namespace {

constexpr double kFloatStep = 0.01;

std::vector<Point> representatives(const Evidence& evidence, const Scalarisation& scalarisation, int agents,
                                   RandomStream& stream) {
  std::vector<double> scaled;
  const std::size_t m = scalarisation.weights.size();
  for (const std::size_t row : evidence.front)
    for (std::size_t j = 0; j < m; ++j)
      scaled.push_back((evidence.objectives[row][j] - scalarisation.low[j]) / scalarisation.range[j]);
  std::vector<Point> starts;
  for (const int index : pareto::k_means_representatives(scaled, static_cast<int>(m), agents, stream))
    starts.push_back(evidence.points[evidence.front[static_cast<std::size_t>(index)]]);
  return starts;
}

std::vector<std::size_t> dominated_by_scalarisation(const Evidence& evidence,
                                                    const Scalarisation& scalarisation) {
  std::vector<std::size_t> rows;
  for (const std::size_t row : evidence.feasible)
    if (std::find(evidence.front.begin(), evidence.front.end(), row) == evidence.front.end())
      rows.push_back(row);
  std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    return scalarisation(evidence.objectives[a]) < scalarisation(evidence.objectives[b]);
  });
  return rows;
}

std::vector<std::size_t> infeasible_by_excess(const Evidence& evidence) {
  const auto excess = [&](std::size_t row) {
    double sum = 0.0;
    for (const double value : evidence.constraints[row]) sum += std::max(0.0, value);
    return sum;
  };
  std::vector<std::size_t> rows = evidence.infeasible;
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::size_t a, std::size_t b) { return excess(a) < excess(b); });
  return rows;
}

Point with(const Point& point, std::size_t index, double coordinate) {
  Point changed = point;
  changed[index] = coordinate;
  return changed;
}

}  // namespace

std::vector<Point> choose_starts(const Problem& problem, const Evidence& evidence,
                                 const Scalarisation& scalarisation, int agents, RandomStream& stream) {
  std::vector<Point> starts = representatives(evidence, scalarisation, agents, stream);
  PointSet taken;
  for (const Point& start : starts) taken.insert(start);
  const auto add = [&](const Point& point) {
    if (static_cast<int>(starts.size()) < agents && taken.insert(point)) starts.push_back(point);
  };
  for (const std::size_t row : dominated_by_scalarisation(evidence, scalarisation)) add(evidence.points[row]);
  for (const std::size_t row : infeasible_by_excess(evidence)) add(evidence.points[row]);
  while (static_cast<int>(starts.size()) < agents) {
    const std::optional<Point> point = find_point(problem, taken, starts, stream);
    if (!point) break;
    add(*point);
  }
  return starts;
}

std::vector<Point> neighbours_of(const space::Space& space, const std::vector<Point>& starts) {
  std::vector<Point> neighbours;
  for (const Point& start : starts) {
    for (int i = 0; i < space.dimension(); ++i) {
      const auto index = static_cast<std::size_t>(i);
      const auto& parameter = space.parameters()[index];
      if (std::holds_alternative<space::FloatParameter>(parameter)) {
        for (const double step : {-kFloatStep, kFloatStep})
          neighbours.push_back(space.snap(with(start, index, start[index] + step)));
        continue;
      }
      const std::int64_t cell = space.cell_at(i, start[index]);
      const auto count = static_cast<std::int64_t>(space.count_at(i));
      const bool ordered = std::holds_alternative<space::IntegerParameter>(parameter);
      const std::int64_t first = ordered ? std::max<std::int64_t>(cell - 1, 0) : 0;
      const std::int64_t last = ordered ? std::min(cell + 1, count - 1) : count - 1;
      for (std::int64_t other = first; other <= last; ++other)
        if (other != cell) neighbours.push_back(with(start, index, space.coordinate_of_cell(i, other)));
    }
  }
  return neighbours;
}

}  // namespace parsimony::solver
