#include "parsimony/pareto/dominance.hpp"

#include <algorithm>
#include <numeric>

#include "parsimony/base/contracts.hpp"

namespace parsimony::pareto {
namespace {

std::span<const double> row_of(std::span<const double> points, int m, int row) {
  return points.subspan(static_cast<std::size_t>(row) * static_cast<std::size_t>(m),
                        static_cast<std::size_t>(m));
}

/// Rows in lexicographic order, equal ones by index: nobody is dominated by a later one.
std::vector<int> lexicographic_order(std::span<const double> points, int m) {
  std::vector<int> order(points.size() / static_cast<std::size_t>(m));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    const auto x = row_of(points, m, a), y = row_of(points, m, b);
    return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end());
  });
  return order;
}

/// The latest members are the likeliest to dominate, so they are asked first.
bool some_dominates(std::span<const double> points, int m, const std::vector<int>& members,
                    std::span<const double> point) {
  return std::any_of(members.rbegin(), members.rend(),
                     [&](int member) { return dominates(row_of(points, m, member), point); });
}

}  // namespace

bool dominates(std::span<const double> a, std::span<const double> b) {
  bool below = false;
  for (std::size_t j = 0; j < a.size(); ++j) {
    if (a[j] > b[j]) return false;
    below |= a[j] < b[j];
  }
  return below;
}

std::vector<int> non_dominated_ranks(std::span<const double> points, int m) {
  PARSIMONY_EXPECTS(m >= 1 && points.size() % static_cast<std::size_t>(m) == 0);
  std::vector<int> ranks(points.size() / static_cast<std::size_t>(m));
  std::vector<std::vector<int>> fronts;
  for (const int row : lexicographic_order(points, m)) {
    // A point dominated by a member of one front is dominated by members of all before it: so search by
    // halves.
    const auto front =
        std::partition_point(fronts.begin(), fronts.end(), [&](const std::vector<int>& members) {
          return some_dominates(points, m, members, row_of(points, m, row));
        });
    ranks[static_cast<std::size_t>(row)] = static_cast<int>(front - fronts.begin());
    if (front == fronts.end())
      fronts.push_back({row});
    else
      front->push_back(row);
  }
  return ranks;
}

std::vector<int> front_indices(std::span<const double> points, int m) {
  PARSIMONY_EXPECTS(m >= 1 && points.size() % static_cast<std::size_t>(m) == 0);
  std::vector<int> front;
  for (const int row : lexicographic_order(points, m)) {
    const auto point = row_of(points, m, row);
    const bool beaten = std::any_of(front.rbegin(), front.rend(), [&](int member) {
      const auto other = row_of(points, m, member);
      return dominates(other, point) || std::equal(other.begin(), other.end(), point.begin());
    });
    if (!beaten) front.push_back(row);
  }
  std::sort(front.begin(), front.end());
  return front;
}

}  // namespace parsimony::pareto
