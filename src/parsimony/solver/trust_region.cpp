#include "parsimony/solver/trust_region.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "parsimony/base/contracts.hpp"
#include "parsimony/space/sobol.hpp"

namespace parsimony::solver {
namespace {

bool is_choice(const space::Space& space, std::size_t index) {
  return std::holds_alternative<space::CategoricalParameter>(space.parameters()[index]);
}

std::optional<int> whole_member(const nlohmann::json& record, const char* key, int limit) {
  if (!record.contains(key) || !record[key].is_number_integer()) return std::nullopt;
  const auto value = record[key].get<std::int64_t>();
  if (value < 0 || value >= limit) return std::nullopt;
  return static_cast<int>(value);
}

/// Scrambled Sobol points; of dimensions without direction numbers uniform ones: [n, d].
std::vector<double> spread_points(std::int64_t n, int d, RandomStream& stream) {
  const int columns = std::min(d, space::kMostSobolDimensions);
  const std::vector<double> sequence = space::sobol_points(n, columns, stream);
  if (columns == d) return sequence;
  std::vector<double> points;
  for (std::int64_t row = 0; row < n; ++row) {
    points.insert(points.end(), sequence.begin() + row * columns, sequence.begin() + (row + 1) * columns);
    for (int column = columns; column < d; ++column) points.push_back(stream.uniform());
  }
  return points;
}

/// Those of the rows that are new and may be within the limits, each once.
std::vector<double> worthwhile(const Problem& problem, PointSet seen, const std::vector<double>& points) {
  const auto d = static_cast<std::ptrdiff_t>(problem.space.dimension());
  const std::vector<bool> possible = possibly_within_limits(problem, points);
  std::vector<double> kept;
  for (std::size_t k = 0; k < possible.size(); ++k) {
    const auto first = points.begin() + static_cast<std::ptrdiff_t>(k) * d;
    if (possible[k] && seen.insert(Point(first, first + d))) kept.insert(kept.end(), first, first + d);
  }
  return kept;
}

}  // namespace

bool RegionPace::tell(bool success, const RegionRules& rules) {
  successes = success ? successes + 1 : 0;
  failures = success ? 0 : failures + 1;
  if (successes == rules.successes) {
    length = std::min(2.0 * length, rules.greatest);
    successes = 0;
  } else if (failures == rules.failures) {
    length /= 2.0;
    failures = 0;
  }
  return length >= rules.least;
}

std::optional<RegionTag> region_of(const Trial& trial, const std::string& solver, int limit) {
  const auto record = nlohmann::json::parse(trial.record, nullptr, /*allow_exceptions=*/false);
  if (!record.is_object() || !record.contains("solver") || record["solver"] != solver) return std::nullopt;
  const std::optional<int> region = whole_member(record, "region", limit),
                           life = record.contains("life") ? whole_member(record, "life", limit) : 0;
  if (!region || !life) return std::nullopt;
  return RegionTag{*region, *life};
}

bool RegionBox::holds(const space::Space& space, std::span<const double> point) const {
  for (std::size_t i = 0; i < point.size(); ++i)
    if (!is_choice(space, i) && (point[i] < lower[i] || point[i] > upper[i])) return false;
  return true;
}

RegionBox region_box(const space::Space& space, std::span<const double> centre, double length,
                     std::span<const double> weights) {
  const std::size_t d = centre.size();
  RegionBox box{std::vector<double>(d, 0.0), std::vector<double>(d, 1.0), std::vector<double>(d, 1.0)};
  for (std::size_t i = 0; i < d; ++i) {
    const int index = static_cast<int>(i);
    if (is_choice(space, i)) {
      box.redraw[i] = std::min(1.0, length);
      continue;
    }
    box.lower[i] = std::max(0.0, centre[i] - 0.5 * length * weights[i]);
    box.upper[i] = std::min(1.0, centre[i] + 0.5 * length * weights[i]);
    if (!std::isfinite(space.count_at(index))) continue;
    const std::int64_t cell = space.cell_at(index, centre[i]);
    if (cell > 0) box.lower[i] = std::min(box.lower[i], space.coordinate_of_cell(index, cell - 1));
    if (static_cast<double>(cell + 1) < space.count_at(index))
      box.upper[i] = std::max(box.upper[i], space.coordinate_of_cell(index, cell + 1));
  }
  return box;
}

std::vector<double> side_weights(std::span<const std::vector<double>> lengthscales, std::size_t d) {
  std::vector<double> logarithms(d, 0.0);
  double mean = 0.0;
  for (std::size_t i = 0; i < d; ++i) {
    for (const std::vector<double>& model : lengthscales)
      logarithms[i] += std::log(model[i]) / static_cast<double>(lengthscales.size());
    mean += logarithms[i] / static_cast<double>(d);
  }
  for (double& value : logarithms) value = std::exp(value - mean);
  return logarithms;
}

std::vector<double> perturbed_candidates(const Problem& problem, const PointSet& known,
                                         std::span<const Point> bases, const RegionBox& box,
                                         double probability, int count, RandomStream& stream) {
  PARSIMONY_EXPECTS(!bases.empty());
  const std::size_t d = box.lower.size();
  std::vector<double> points = spread_points(count, static_cast<int>(d), stream);
  for (std::size_t k = 0; k < static_cast<std::size_t>(count); ++k) {
    const Point& base = bases[stream.below(bases.size())];
    const std::size_t always = stream.below(d);
    for (std::size_t i = 0; i < d; ++i) {
      double& coordinate = points[k * d + i];
      const bool changes =
          (stream.uniform() < probability || i == always) && stream.uniform() < box.redraw[i];
      coordinate = changes ? box.lower[i] + coordinate * (box.upper[i] - box.lower[i]) : base[i];
    }
  }
  problem.space.snap_rows(points);
  return worthwhile(problem, known, points);
}

double measured_violation(const Problem& problem, std::span<const double> constraints) {
  double sum = 0.0;
  for (std::size_t c = 0; c < problem.constraints.size(); ++c)
    if (problem.constraints[c].source == Source::measured) sum += std::max(0.0, constraints[c]);
  return sum;
}

}  // namespace parsimony::solver
