#include "parsimony/verify/verify_folder.hpp"

#include <gtest/gtest.h>

#include "../emit/emitted.hpp"
#include "../ir/dscnn_graph.hpp"

namespace parsimony {
namespace {

TEST(VerifyFolder, FindsNoDifferenceInANetworkWeEmitted) {
  const test::TemporaryFolder folder;
  const ir::Graph graph = test::DscnnGraph(16, 50, 6, 8).take();
  emit::write_folder(test::emitted(graph, "dscnn"), folder.path / "out");
  if (getenv("KEEP")) emit::write_folder(test::emitted(graph, "dscnn"), getenv("KEEP"));
  for (const auto& v : verify::verify_folder(folder.path / "out", {"all"}, {.cases = 8})) {
    EXPECT_EQ(v.mismatches, 0) << v.target << ": " << v.first_difference;
    printf("%s cases %ld ram %ld/%ld rom %ld/%ld data %ld/%ld stack %ld/%ld instr %ld\n", v.target.c_str(),
           v.cases, v.ram_bytes.value, v.predicted_ram_bytes.value, v.rom_bytes.value_or(Bytes(0)).value,
           v.predicted_rom_bytes.value_or(Bytes(0)).value, v.rom_data_bytes.value_or(Bytes(0)).value,
           v.predicted_rom_data_bytes.value_or(Bytes(0)).value, v.stack_bytes.value_or(Bytes(0)).value,
           v.static_stack_bytes.value_or(Bytes(0)).value, v.instructions.value_or(0));
  }
}

}  // namespace
}  // namespace parsimony
