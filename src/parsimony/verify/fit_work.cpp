#include "parsimony/verify/fit_work.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace parsimony::verify {
namespace {

/// Coordinate descent on |rows · x − 1|², x >= 0.
emit::Work solve(std::span<const emit::Work> rows) {
  constexpr int kSweeps = 20000;
  emit::Work x{};
  std::vector<double> residual(rows.size(), -1.0);
  for (int sweep = 0; sweep < kSweeps; ++sweep)
    for (std::size_t item = 0; item < emit::kWorkItems; ++item) {
      double slope = 0.0, curvature = 0.0;
      for (std::size_t row = 0; row < rows.size(); ++row) {
        slope += rows[row][item] * residual[row];
        curvature += rows[row][item] * rows[row][item];
      }
      if (curvature == 0.0) continue;
      const double next = std::max(x[item] - slope / curvature, 0.0);
      for (std::size_t row = 0; row < rows.size(); ++row) residual[row] += (next - x[item]) * rows[row][item];
      x[item] = next;
    }
  return x;
}

}  // namespace

std::array<std::int32_t, emit::kWorkItems> fit_work(std::span<const CountedWork> counted) {
  std::vector<emit::Work> shares;  // of the instructions
  for (const CountedWork& one : counted) {
    shares.push_back(one.work);
    for (double& item : shares.back()) item /= one.instructions;
  }
  std::array<std::int32_t, emit::kWorkItems> each{};
  std::ranges::transform(solve(shares), each.begin(),
                         [](double value) { return static_cast<std::int32_t>(std::lround(1024.0 * value)); });
  return each;
}

}  // namespace parsimony::verify
