#include "parsimony/pareto/row_order.hpp"

#include <algorithm>
#include <functional>

namespace parsimony::pareto {

std::vector<int> row_order(std::span<const double> points, int m, int column) {
  struct Key {
    double value;
    int row;
  };
  const auto width = static_cast<std::size_t>(m);
  std::vector<Key> keys(points.size() / width);
  for (std::size_t i = 0; i < keys.size(); ++i)
    keys[i] = {points[i * width + static_cast<std::size_t>(column)], static_cast<int>(i)};
  std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
    if (a.value != b.value) return a.value < b.value;
    const double* x = &points[static_cast<std::size_t>(a.row) * width];
    const double* y = &points[static_cast<std::size_t>(b.row) * width];
    for (std::size_t j = 0; j < width; ++j)
      if (x[j] != y[j]) return x[j] < y[j];
    return a.row < b.row;
  });
  std::vector<int> order(keys.size());
  std::ranges::transform(keys, order.begin(), &Key::row);
  return order;
}

std::vector<int> sweep_below(std::span<const double> points, std::span<const double> reference) {
  const std::size_t m = reference.size();
  std::vector<int> below;
  for (std::size_t i = 0; i < points.size() / m; ++i)
    if (std::ranges::equal(points.subspan(i * m, m), reference, std::less<>{}))
      below.push_back(static_cast<int>(i));
  const std::vector<double> rows = gather_rows(points, static_cast<int>(m), below);
  std::vector<int> order = row_order(rows, static_cast<int>(m), static_cast<int>(m) - 1);
  for (int& row : order) row = below[static_cast<std::size_t>(row)];
  return order;
}

std::vector<double> gather_rows(std::span<const double> points, int m, std::span<const int> rows) {
  const auto width = static_cast<std::size_t>(m);
  std::vector<double> gathered(rows.size() * width);
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < width; ++j)
      gathered[i * width + j] = points[static_cast<std::size_t>(rows[i]) * width + j];
  return gathered;
}

}  // namespace parsimony::pareto
