#include "parsimony/solver/ranked_candidate.hpp"

#include <algorithm>
#include <cmath>

namespace parsimony::solver {
namespace {

constexpr std::size_t kChecked = 64;  // candidates whose exact costs are looked at
constexpr std::size_t kLeastBroken = 5;

}  // namespace

std::vector<double> promising_points(const Evidence& evidence) {
  std::vector<std::size_t> rows = evidence.front;
  if (rows.empty()) {
    const auto excess = [&](std::size_t row) {
      double sum = 0.0;
      for (const double value : evidence.constraints[row]) sum += std::max(0.0, value);
      return sum;
    };
    rows = evidence.infeasible;
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::size_t a, std::size_t b) { return excess(a) < excess(b); });
    rows.resize(std::min(rows.size(), kLeastBroken));
  }
  std::vector<double> points;
  for (const std::size_t row : rows)
    points.insert(points.end(), evidence.points[row].begin(), evidence.points[row].end());
  return points;
}

std::optional<Candidate> best_candidate(const Problem& problem, const PointSet& known,
                                        const ImprovementAcquisition& acquisition,
                                        const acquisition::RankedPoints& ranked, const char* origin) {
  std::optional<Candidate> best;
  std::size_t checked = 0;
  const bool exact = static_cast<bool>(problem.costs.exact);
  for (std::size_t k = 0; k < ranked.size() && checked < kChecked; ++k) {
    const auto found = ranked.point(k);
    const Point point(found.begin(), found.end());
    if (known.contains(point) || !std::isfinite(ranked.values[k])) continue;
    const double value = exact ? acquisition.exact_value(point) : ranked.values[k];
    if (!std::isfinite(value)) continue;
    ++checked;
    if (!best || value > best->value) best = Candidate{point, value, origin};
    if (!exact || (k + 1 < ranked.size() && best->value >= ranked.values[k + 1] && checked > 8)) break;
  }
  return best;
}

}  // namespace parsimony::solver
