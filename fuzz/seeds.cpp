// fuzz_seeds FOLDER MODEL.tflite ...: FOLDER/MODEL.graph for each that imports, the graph reader's seeds.
#include <cstdio>
#include <filesystem>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/import/tflite.hpp"
#include "parsimony/ir/text.hpp"

int main(int count, char** arguments) {
  using namespace parsimony;
  for (int k = 2; k < count; ++k) try {
      const std::filesystem::path model = arguments[k];
      const std::string bytes = read_file(model);
      const ir::Graph graph = tflite::import_model(
          {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, model.string());
      write_file(std::filesystem::path(arguments[1]) / (model.stem().string() + ".graph"),
                 ir::to_text(graph));
    } catch (const InputError& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
}
