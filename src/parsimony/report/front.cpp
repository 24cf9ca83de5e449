#include "parsimony/report/front.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "parsimony/pareto/dominance.hpp"
#include "parsimony/pareto/hypervolume.hpp"

namespace parsimony::report {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool has_all_values(const Row& row) {
  return row.state == study::State::complete && !row.objectives.empty() &&
         std::none_of(row.objectives.begin(), row.objectives.end(),
                      [](double value) { return std::isnan(value); });
}

double cross_entropy(const Row& row) {
  return row.network ? row.network->validation_cross_entropy.value_or(kInfinity) : kInfinity;
}

/// What decides between equals: less comes first.
std::pair<double, int> preference(const Row& row, bool by_number_alone) {
  return {by_number_alone ? 0.0 : cross_entropy(row), row.number};
}

std::vector<double> flattened(const std::vector<const Row*>& rows) {
  std::vector<double> points;
  for (const Row* row : rows) points.insert(points.end(), row->objectives.begin(), row->objectives.end());
  return points;
}

}  // namespace

std::vector<int> front_of(const std::vector<Row>& rows, bool by_number_alone) {
  std::vector<const Row*> candidates;
  for (const Row& row : rows)
    if (has_all_values(row)) candidates.push_back(&row);
  if (candidates.empty()) return {};
  std::sort(candidates.begin(), candidates.end(), [&](const Row* a, const Row* b) {
    return preference(*a, by_number_alone) < preference(*b, by_number_alone);
  });
  std::vector<int> front;
  const int m = static_cast<int>(candidates.front()->objectives.size());
  for (int index : pareto::front_indices(flattened(candidates), m))  // of equals it keeps the first
    front.push_back(candidates[static_cast<std::size_t>(index)]->number);
  std::sort(front.begin(), front.end());
  return front;
}

std::vector<std::pair<int, double>> hypervolume_curve_of(const std::vector<Row>& rows,
                                                         const std::vector<double>& reference) {
  std::vector<std::pair<int, double>> curve;
  std::vector<double> front;  // [members, m] of the rows so far
  const std::size_t m = reference.size();
  double volume = 0.0;
  for (const Row& row : rows) {
    if (!study::ended(row.state)) continue;
    if (has_all_values(row)) {
      std::vector<double> kept = row.objectives;
      bool adds = true;
      for (std::size_t at = 0; at < front.size() && adds; at += m) {
        const std::span<const double> member(front.data() + at, m);
        adds = !pareto::dominates(member, row.objectives) &&
               !std::equal(member.begin(), member.end(), row.objectives.begin());
        if (!pareto::dominates(row.objectives, member)) kept.insert(kept.end(), member.begin(), member.end());
      }
      if (adds) {
        front = std::move(kept);
        volume = std::max(volume, pareto::hypervolume(front, reference));
      }
    }
    curve.emplace_back(row.number, volume);
  }
  return curve;
}

std::vector<std::pair<int, double>> best_curve_of(const std::vector<Row>& rows) {
  std::vector<std::pair<int, double>> curve;
  for (const Row& row : rows) {
    if (!study::ended(row.state) || (curve.empty() && !has_all_values(row))) continue;
    const double before = curve.empty() ? kInfinity : curve.back().second;
    curve.emplace_back(row.number, has_all_values(row) ? std::min(before, row.objectives.front()) : before);
  }
  return curve;
}

std::optional<int> best_of(const Report& report, bool by_number_alone) {
  std::optional<int> best;
  std::tuple<double, std::pair<double, int>> least;
  for (int number : report.front) {
    const Row& row = report.row(number);
    double score = row.objectives.front();
    if (report.has_networks)
      score =
          row.network && row.network->validation_accuracy ? -*row.network->validation_accuracy : kInfinity;
    const std::tuple key{score, preference(row, by_number_alone)};
    if (!best || key < least) {
      best = number;
      least = key;
    }
  }
  return best;
}

}  // namespace parsimony::report
