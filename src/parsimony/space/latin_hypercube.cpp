#include "parsimony/space/latin_hypercube.hpp"

#include "parsimony/base/contracts.hpp"

namespace parsimony::space {

std::vector<double> LatinHypercube::draw(std::int64_t row, RandomStream& stream) const {
  PARSIMONY_EXPECTS(row >= 0 && row < n);
  std::vector<double> point(static_cast<std::size_t>(d));
  for (int column = 0; column < d; ++column) {
    const auto stratum = static_cast<double>(strata[static_cast<std::size_t>(row * d + column)]);
    point[static_cast<std::size_t>(column)] = (stratum + stream.uniform()) / static_cast<double>(n);
  }
  return point;
}

LatinHypercube latin_hypercube(std::int64_t n, int d, RandomStream& stream) {
  PARSIMONY_EXPECTS(n >= 1 && d >= 1);
  LatinHypercube design{n, d, std::vector<std::int64_t>(static_cast<std::size_t>(n * d))};
  for (int column = 0; column < d; ++column) {
    const std::vector<std::int64_t> order = stream.permutation(n);
    for (std::int64_t row = 0; row < n; ++row)
      design.strata[static_cast<std::size_t>(row * d + column)] = order[static_cast<std::size_t>(row)];
  }
  return design;
}

}  // namespace parsimony::space
