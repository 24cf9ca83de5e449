#include "parsimony/pareto/k_means.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "parsimony/base/contracts.hpp"

namespace parsimony::pareto {
namespace {

constexpr int kMostRounds = 100;
using Rows = std::vector<std::vector<double>>;

double squared_distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += (a[j] - b[j]) * (a[j] - b[j]);
  return sum;
}

std::size_t nearest(const Rows& centres, const std::vector<double>& row) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < centres.size(); ++k)
    if (squared_distance(centres[k], row) < squared_distance(centres[best], row)) best = k;
  return best;
}

/// Each further centre is a member drawn in proportion to its squared distance from the centres so far.
Rows first_centres(const Rows& rows, std::size_t k, RandomStream& stream) {
  Rows centres{rows[stream.below(rows.size())]};
  while (centres.size() < k) {
    std::vector<double> cumulated;
    double sum = 0.0;
    for (const auto& row : rows)
      cumulated.push_back(sum += squared_distance(centres[nearest(centres, row)], row));
    const double drawn = stream.uniform() * sum;
    const auto place = std::upper_bound(cumulated.begin(), cumulated.end(), drawn);
    const auto index =
        std::min<std::size_t>(static_cast<std::size_t>(place - cumulated.begin()), rows.size() - 1);
    centres.push_back(rows[index]);
  }
  return centres;
}

/// Means of the clusters; an empty one keeps its centre.
Rows means(const Rows& rows, const std::vector<std::size_t>& cluster, Rows centres) {
  for (std::size_t k = 0; k < centres.size(); ++k) {
    std::vector<double> sum(centres[k].size());
    double count = 0.0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (cluster[i] != k) continue;
      for (std::size_t j = 0; j < sum.size(); ++j) sum[j] += rows[i][j];
      count += 1.0;
    }
    if (count == 0.0) continue;
    for (std::size_t j = 0; j < sum.size(); ++j) centres[k][j] = sum[j] / count;
  }
  return centres;
}

}  // namespace

std::vector<int> k_means_representatives(std::span<const double> points, int m, int k, RandomStream& stream) {
  PARSIMONY_EXPECTS(m >= 1 && k >= 0 && points.size() % static_cast<std::size_t>(m) == 0);
  Rows rows;
  for (std::size_t start = 0; start < points.size(); start += static_cast<std::size_t>(m)) {
    const auto row = points.subspan(start, static_cast<std::size_t>(m));
    rows.emplace_back(row.begin(), row.end());
  }
  std::vector<int> chosen(std::min(rows.size(), static_cast<std::size_t>(k)));
  if (chosen.size() == rows.size() || chosen.empty()) {
    std::iota(chosen.begin(), chosen.end(), 0);
    return chosen;
  }
  Rows centres = first_centres(rows, chosen.size(), stream);
  std::vector<std::size_t> cluster(rows.size(), rows.size());
  for (int round = 0; round < kMostRounds; ++round) {
    std::vector<std::size_t> next;
    for (const auto& row : rows) next.push_back(nearest(centres, row));
    if (next == cluster) break;
    cluster = std::move(next);
    centres = means(rows, cluster, std::move(centres));
  }
  // Each centre in turn takes the nearest member that is still free: so equal members and empty clusters do
  // no harm.
  std::vector<bool> taken(rows.size());
  for (std::size_t c = 0; c < centres.size(); ++c) {
    std::size_t best = rows.size();
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (!taken[i] && (best == rows.size() ||
                        squared_distance(centres[c], rows[i]) < squared_distance(centres[c], rows[best])))
        best = i;
    taken[best] = true;
    chosen[c] = static_cast<int>(best);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace parsimony::pareto
