#include "parsimony/emit/cost.hpp"

#include <gtest/gtest.h>

#include "../ir/random_graph.hpp"

namespace parsimony::emit {
namespace {

constexpr std::uint64_t kGraphs = 200;

TEST(ConstantBytes, AreTheSameForASkeleton) {
  for (std::uint64_t seed = 0; seed < kGraphs; ++seed) {
    const ir::Graph graph = test::random_graph(seed);
    const RomPrediction whole = predict_rom(graph), shapes = predict_rom(test::skeleton_of(graph));
    ASSERT_EQ(whole.data, shapes.data) << seed;
    ASSERT_EQ(whole.code, shapes.code) << seed;
  }
}

TEST(ConstantBytes, AreNeverBelowTheirRealValuedForm) {
  for (std::uint64_t seed = 0; seed < kGraphs; ++seed) {
    const ir::Graph graph = test::random_graph(seed);
    const KernelChoice choice(graph, Family::portable);
    for (const ir::Operator& op : graph.operators) {
      const Kernel kernel = choice.of(op);
      const auto weights = static_cast<double>(ir::weight_count(graph, op));
      const auto exact = static_cast<double>(constant_bytes(graph, op, kernel));
      const double lower = constant_bytes_lower(op, kernel, weights, double(ir::output_channels(graph, op)));
      ASSERT_LE(lower, exact) << seed << " " << op.name;
      ASSERT_GT(lower, exact - 7) << "only padding may be between them: " << seed << " " << op.name;
    }
  }
}

TEST(CodeBytes, CountAKernelOnceHoweverManyOperatorsUseIt) {
  const KernelTable& table = kernel_table();
  KernelSet once, twice;
  once.add(Kernel::convolution_1d);
  twice.add(Kernel::convolution_1d);
  twice.add(Kernel::convolution_1d);
  EXPECT_EQ(code_bytes(once), code_bytes(twice));
  EXPECT_EQ(code_bytes(once).value, table.fixed_bytes + table.kernel_bytes[0]);
}

TEST(KernelTable, HasAnIdentityThatChangesWithItsContent) {
  KernelTable other = kernel_table();
  EXPECT_EQ(table_identity(other), table_identity());
  other.kernel_bytes[2] += 4;
  EXPECT_NE(table_identity(other), table_identity());
  EXPECT_TRUE(table_identity().starts_with("cortex-m4/arm-none-eabi-gcc 12.2.1/-O2/"));
}

}  // namespace
}  // namespace parsimony::emit
