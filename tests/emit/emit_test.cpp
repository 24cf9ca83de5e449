#include "parsimony/emit/emit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../ir/random_graph.hpp"
#include "emitted.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/ir/text.hpp"
#include "tiny_graph.hpp"

namespace parsimony::emit {
namespace {

using testing::HasSubstr;

constexpr const char* kUpdate = "PARSIMONY_UPDATE_GOLDEN";  // any value: write the golden files anew

TEST(Emit, WritesTheTinyNetworkAsItsGoldenFilesHaveIt) {
  const Folder folder = test::emitted(test::TinyGraph().take(), "tiny");
  for (const char* name :
       {"model.h", "model.c", "test/network.h", "Makefile", "CMakeLists.txt", "README.md"}) {
    const std::filesystem::path golden = std::filesystem::path(PARSIMONY_TEST_DIR) / "golden" / name;
    if (std::getenv(kUpdate) != nullptr) write_file(golden, folder.at(name));
    EXPECT_EQ(folder.at(name), read_file(golden)) << name << " differs; " << kUpdate << "=1 writes it anew";
  }
}

TEST(Emit, GivesTheSameBytesTwice) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const ir::Graph graph = test::random_graph(seed);
    EXPECT_EQ(test::emitted(graph, "same"), test::emitted(graph, "same"));
  }
}

TEST(Emit, PutsALicenceLineIntoEveryFile) {
  for (const auto& [name, text] : test::emitted(test::TinyGraph().take(), "tiny"))
    EXPECT_THAT(text.substr(0, 120), HasSubstr("SPDX-License-Identifier: 0BSD")) << name;
}

TEST(Emit, KeepsTheGraphThatItWasMadeFrom) {
  const ir::Graph graph = test::TinyGraph().take();
  const Folder folder = test::emitted(graph, "tiny");
  EXPECT_EQ(ir::from_text(folder.at("model.graph"), "model.graph"), graph);
  EXPECT_THAT(folder.at("model.h"), HasSubstr("#define TINY_MODEL_HASH \"" + ir::model_hash(graph) + "\""));
}

TEST(Emit, HoldsOnlyTheKernelsThatTheNetworkNeeds) {
  ir::Graph graph = test::TinyGraph().take();
  EXPECT_THAT(test::emitted(graph, "tiny").at("model.c"), HasSubstr("parsimony_depthwise_1d("));
  graph.operators.resize(1);
  graph.output = graph.operators[0].output;
  graph.tensors.resize(2);
  graph.class_names.clear();
  EXPECT_THAT(test::emitted(graph, "tiny").at("model.c"), testing::Not(HasSubstr("parsimony_depthwise_1d")));
}

TEST(Emit, RefusesANameThatCannotBeginACFunction) {
  for (const char* name : {"", "3d", "my-net", "Motions", "_x", "a b"}) try {
      (void)test::emitted(test::TinyGraph().take(), name);
      ADD_FAILURE() << name;
    } catch (const InputError& problem) {
      EXPECT_THAT(problem.what(), HasSubstr("--name"));
      EXPECT_THAT(problem.what(), HasSubstr("lower-case letters"));
    }
}

TEST(Emit, RefusesWhatTheKernelsParametersCannotHold) {
  const ir::Graph graph = test::TinyGraph().take();
  plan::Plan far = emit::plan_memory(graph);
  far.tensors[3].offset = 4 * 65535;
  EXPECT_NO_THROW((void)emit(graph, far, {.name = "tiny"})) << "the highest offset of 16 bits of words";
  far.tensors[3].offset += 4;
  try {
    (void)emit(graph, far, {.name = "tiny"});
    ADD_FAILURE();
  } catch (const InputError& problem) {
    EXPECT_THAT(problem.what(), HasSubstr("262144 is not yet supported; allowed: up to 262140"));
  }
  ir::Graph wide = graph;
  wide.operators[0].windows[0].kernel = 256;
  EXPECT_THROW((void)emit(wide, emit::plan_memory(graph), {.name = "tiny"}), InputError);
}

TEST(Emit, RefusesATargetThatIsNotYetSupported) {
  const ir::Graph graph = test::TinyGraph().take();
  try {
    (void)emit(graph, emit::plan_memory(graph), {.name = "tiny", .target = "cortex-m85"});
    ADD_FAILURE();
  } catch (const InputError& problem) {
    EXPECT_THAT(problem.what(), HasSubstr("'cortex-m85' is not yet supported; allowed: host, cortex-m0"));
  }
}

TEST(PrefixFrom, MakesAPrefixOfAnyFolderName) {
  EXPECT_EQ(prefix_from("motions"), "motions");
  EXPECT_EQ(prefix_from("My net--2.1"), "my_net_2_1");
  EXPECT_EQ(prefix_from("7"), "network_7");
  EXPECT_EQ(prefix_from("__"), "network_0");
  EXPECT_EQ(prefix_from(""), "network_0");
}

}  // namespace
}  // namespace parsimony::emit
