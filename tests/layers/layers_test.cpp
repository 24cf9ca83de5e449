// layers.toml against the #include lines of src/parsimony.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

struct Layer {
  std::set<std::string> may_include;
  bool torch = false;
};

/// The small part of TOML that layers.toml uses: [table], key = ["a", "b"], key = true.
std::map<std::string, Layer> read_layers() {
  std::map<std::string, Layer> layers;
  std::ifstream file(PARSIMONY_SOURCE_DIR "/layers.toml");
  std::string line, folder;
  std::smatch match;
  while (std::getline(file, line)) {
    if (std::regex_match(line, match, std::regex(R"(\[(\w+)\])"))) folder = match[1];
    if (line.starts_with("torch = true")) layers[folder].torch = true;
    if (!line.starts_with("may_include")) continue;
    const std::regex name(R"re("(\w+)")re");
    layers[folder];
    for (std::sregex_iterator it(line.begin(), line.end(), name), end; it != end; ++it)
      layers[folder].may_include.insert((*it)[1]);
  }
  return layers;
}

template <typename Visit>
int for_each_include(Visit visit) {
  int seen = 0;
  const std::regex include(R"re(\s*#include\s*[<"]([^>"]+)[>"].*)re");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(PARSIMONY_SOURCE_DIR "/src/parsimony")) {
    const std::string extension = entry.path().extension();
    if (extension != ".hpp" && extension != ".cpp") continue;
    const auto relative = std::filesystem::relative(entry.path(), PARSIMONY_SOURCE_DIR "/src/parsimony");
    std::ifstream file(entry.path());
    std::smatch match;
    for (std::string line; std::getline(file, line);)
      if (std::regex_match(line, match, include)) {
        ++seen;
        visit(relative.string(), relative.begin()->string(), match[1].str());
      }
  }
  return seen;
}

TEST(Layers, EachFolderIncludesOnlyWhatLayersTomlAllows) {
  const auto layers = read_layers();
  const int seen = for_each_include([&](const std::string& file, const std::string& folder, const std::string& target) {
    ASSERT_TRUE(layers.contains(folder)) << folder << " is not in layers.toml";
    if (!target.starts_with("parsimony/")) return;
    const std::string other = target.substr(10, target.find('/', 10) - 10);
    if (other != folder) {
      EXPECT_TRUE(layers.at(folder).may_include.contains(other)) << file << " includes " << target;
    }
  });
  EXPECT_GT(seen, 100);
}

TEST(Layers, OnlyTheTrainingFolderSeesLibTorch) {
  const auto layers = read_layers();
  for_each_include([&](const std::string& file, const std::string& folder, const std::string& target) {
    const bool torch = target.starts_with("torch/") || target.starts_with("ATen/") || target.starts_with("c10/");
    EXPECT_TRUE(!torch || layers.at(folder).torch) << file << " includes " << target;
  });
}

TEST(Layers, TheFoldersFormNoCycle) {
  auto layers = read_layers();
  ASSERT_GT(layers.size(), 10u);
  while (!layers.empty()) {
    const auto leaf = std::find_if(layers.begin(), layers.end(), [](const auto& one) { return one.second.may_include.empty(); });
    ASSERT_NE(leaf, layers.end()) << "a cycle among the folders that are left, " << layers.begin()->first << " among them";
    const std::string name = leaf->first;
    layers.erase(leaf);
    for (auto& [folder, layer] : layers) layer.may_include.erase(name);
  }
}

}  // namespace
