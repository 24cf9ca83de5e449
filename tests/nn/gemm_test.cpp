#include "parsimony/nn/gemm.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

#include "parsimony/base/random.hpp"
#include "parsimony/nn/lanes.hpp"

namespace parsimony::nn {
namespace {

struct Free {
  void operator()(double* memory) const { std::free(memory); }
};
using Aligned = std::unique_ptr<double[], Free>;

Aligned random_numbers(std::int64_t count, RandomStream& random) {
  Aligned numbers(
      static_cast<double*>(std::aligned_alloc(64, static_cast<std::size_t>((count + 8) / 8 * 64))));
  for (std::int64_t i = 0; i < count; ++i) numbers[static_cast<std::size_t>(i)] = random.normal();
  return numbers;
}

void expect_product(std::int64_t rows, std::int64_t depth, std::int64_t width, bool transposed,
                    bool accumulate, RandomStream& random) {
  const Aligned a = random_numbers(rows * depth, random), b = random_numbers(depth * width, random);
  const Aligned c = random_numbers(rows * width, random);
  std::vector<double> expected(c.get(), c.get() + rows * width);
  const std::int64_t a_row = transposed ? 1 : depth, a_column = transposed ? rows : 1;
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < width; ++j) {
      double sum = accumulate ? expected[static_cast<std::size_t>(i * width + j)] : 0.0;
      for (std::int64_t p = 0; p < depth; ++p)
        sum += a.get()[i * a_row + p * a_column] * b.get()[p * width + j];
      expected[static_cast<std::size_t>(i * width + j)] = sum;
    }
  multiply(Product<double>{rows, depth, width, a.get(), a_row, a_column, b.get(), width, c.get(), width,
                           accumulate});
  for (std::size_t i = 0; i < expected.size(); ++i) ASSERT_NEAR(c[i], expected[i], 1e-10) << i;
}

TEST(Product, IsThePlainSumForAnyShape) {
  RandomStream random(1, 0, "gemm");
  for (int trial = 0; trial < 200; ++trial) {
    const auto rows = static_cast<std::int64_t>(1 + random.below(40));
    const auto depth = static_cast<std::int64_t>(1 + random.below(300));
    const auto width = static_cast<std::int64_t>(kLanes<double> * (1 + random.below(11)));
    SCOPED_TRACE(testing::Message() << rows << " x " << depth << " x " << width);
    expect_product(rows, depth, width, random.below(2) == 1, random.below(2) == 1, random);
  }
}

}  // namespace
}  // namespace parsimony::nn
