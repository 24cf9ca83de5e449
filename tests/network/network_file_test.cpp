#include "parsimony/network/network_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/ir/verify.hpp"

namespace parsimony::network {
namespace {

namespace fs = std::filesystem;

const Task kImages{{16, 16, 3}, 5};

std::string first_line_of(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

/// Every bad-*.yaml names in its first line what the message must hold.
TEST(NetworkFile, RefusesEachBadFileWithItsMessage) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(PARSIMONY_TEST_DIR "/files")) {
    const std::string name = entry.path().filename().string(), text = read_file(entry.path());
    if (!name.starts_with("bad-")) continue;
    const std::string expected = first_line_of(text).substr(std::string("# expect: ").size());
    try {
      read_network(text, name, kImages);
      ADD_FAILURE() << name << " was accepted";
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(expected)) << name;
      EXPECT_THAT(error.what(), testing::HasSubstr(name));
    }
    ++files;
  }
  EXPECT_GE(files, 15);
}

TEST(NetworkFile, BuildsEveryKindOfLayerAndBlock) {
  const std::string text = read_file(PARSIMONY_TEST_DIR "/files/every-kind.yaml");
  const Description network = read_network(text, "every-kind.yaml", kImages);
  EXPECT_NO_THROW(ir::verify(skeleton(network)));
  std::vector<LayerKind> missing;
  for (int kind = 0; kind <= static_cast<int>(LayerKind::max_pool); ++kind)
    if (std::none_of(network.layers.begin(), network.layers.end(),
                     [&](const Layer& layer) { return layer.kind == static_cast<LayerKind>(kind); }))
      missing.push_back(static_cast<LayerKind>(kind));
  EXPECT_TRUE(missing.empty());
  const FileTask task = read_network_task(text, "every-kind.yaml");
  EXPECT_EQ(task.input, kImages.input);
  EXPECT_EQ(task.classes, kImages.classes);
}

/// The paper's network of series, written as a file of the user's own.
TEST(NetworkFile, CanSayABuiltInNetwork) {
  const std::string text = read_file(PARSIMONY_TEST_DIR "/files/dscnn-se-1d.yaml");
  const Description read = read_network(text, "dscnn-se-1d.yaml", {{100, 6}, 4});
  const Description built = dscnn_se_1d({.length = 100, .channels = 6, .classes = 4, .width = 16});
  const ir::Graph a = skeleton(read), b = skeleton(built);
  ASSERT_EQ(a.operators.size(), b.operators.size());
  for (std::size_t i = 0; i < a.operators.size(); ++i) {
    EXPECT_EQ(a.operators[i].kind, b.operators[i].kind);
    EXPECT_EQ(a.operators[i].windows, b.operators[i].windows);
    EXPECT_EQ(a.tensor(a.operators[i].output).shape, b.tensor(b.operators[i].output).shape);
  }
  EXPECT_EQ(coupled_groups(read).size(), coupled_groups(built).size());
}

/// Deutel et al. 2023, Table 2.
TEST(Mcunet, HasThePublishedMacs) {
  const char* given = std::getenv("PARSIMONY_DATA");
  const fs::path folder =
      fs::path(given ? given : PARSIMONY_SOURCE_DIR "/../shared/data").parent_path() / "models/mcunet";
  if (!fs::exists(folder)) GTEST_SKIP() << "no descriptions at " << folder;
  for (const auto& [name, macs] : {std::pair{"10fps", 6.4e6},
                                   {"5fps", 12.8e6},
                                   {"256kb-1mb", 67.3e6},
                                   {"320kb-1mb", 81.8e6},
                                   {"512kb-2mb", 125.9e6}}) {
    const std::string file = std::string("mcunet-") + name + ".json", text = read_file(folder / file);
    const FileTask said = read_network_task(text, file);
    const ir::Graph graph = skeleton(read_network(text, file, {*said.input, *said.classes}));
    double sum = 0.0;
    for (const ir::Operator& op : graph.operators)
      if (ir::has_weights(op.kind)) sum += static_cast<double>(ir::flops(graph, op)) / 2;
    EXPECT_NEAR(sum, macs, 0.01 * macs) << file;
    EXPECT_FALSE(coupled_groups(read_network(text, file, {{32, 32, 3}, 10})).empty());
  }
}

}  // namespace
}  // namespace parsimony::network
