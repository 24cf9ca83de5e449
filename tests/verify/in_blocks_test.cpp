#include "parsimony/verify/in_blocks.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace parsimony::verify {
namespace {

TEST(InBlocks, RunsEveryRowOnceInItsOrder) {
  for (const std::size_t rows : {0u, 1u, 15u, 16u, 17u, 1000u}) {
    std::size_t next = 0;
    EXPECT_EQ(in_blocks(rows,
                        [&](const Block& block) {
                          EXPECT_EQ(block.first, next);
                          EXPECT_GE(block.count, 1u);
                          next += block.count;
                          return true;
                        }),
              rows);
    EXPECT_EQ(next, rows);
  }
}

TEST(InBlocks, DoublesBlocksThatEndAtOnce) {
  std::vector<std::size_t> counts;
  (void)in_blocks(100, [&](const Block& block) {
    counts.push_back(block.count);
    return true;
  });
  EXPECT_EQ(counts, (std::vector<std::size_t>{16, 32, 52}));
}

TEST(InBlocks, EndsAtTheFirstBlockThatFails) {
  int runs = 0;
  EXPECT_EQ(in_blocks(100, [&](const Block&) { return ++runs < 2; }), 16u + 32u);
  EXPECT_EQ(runs, 2);
}

}  // namespace
}  // namespace parsimony::verify
