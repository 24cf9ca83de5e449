// import_run MODEL.tflite INPUTS OUTPUTS [interpreter|evaluator]: int8 inputs, one after another, to int8
// outputs. "import_run MODEL.tflite" alone prints the graph's text.
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/import/tflite.hpp"
#include "parsimony/ir/evaluator.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/text.hpp"

namespace {

using namespace parsimony;

ir::Graph read_graph(const std::string& path) {
  const std::string bytes = read_file(path);
  return tflite::import_model({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, path);
}

std::string interpreted(const ir::Graph& graph, const std::string& inputs) {
  const auto size = static_cast<std::size_t>(graph.tensor(graph.input).elements());
  std::string outputs;
  for (std::size_t at = 0; at < inputs.size(); at += size) {
    const auto output =
        ir::interpret(graph, {reinterpret_cast<const std::int8_t*>(inputs.data()) + at, size});
    outputs.append(reinterpret_cast<const char*>(output.data()), output.size());
  }
  return outputs;
}

std::string evaluated(const ir::Graph& graph, const std::string& inputs) {
  const auto count = static_cast<std::int64_t>(inputs.size()) / graph.tensor(graph.input).elements();
  std::string outputs(static_cast<std::size_t>(count * graph.tensor(graph.output).elements()), '\0');
  ir::Evaluator(graph).run({reinterpret_cast<const std::int8_t*>(inputs.data()), inputs.size()}, count,
                           {reinterpret_cast<std::int8_t*>(outputs.data()), outputs.size()});
  return outputs;
}

int run(int count, char** arguments) {
  if (count != 2 && count != 4 && count != 5)
    throw InputError("import_run", "takes MODEL.tflite [INPUTS OUTPUTS [interpreter|evaluator]]");
  const ir::Graph graph = read_graph(arguments[1]);
  if (count == 2) return std::fputs(ir::to_text(graph).c_str(), stdout) < 0 ? 1 : 0;
  const std::string inputs = read_file(arguments[2]);
  if (inputs.size() % static_cast<std::size_t>(graph.tensor(graph.input).elements()) != 0)
    throw InputError(arguments[2], "holds a part of an input");
  const bool by_evaluator = count == 5 && std::strcmp(arguments[4], "evaluator") == 0;
  write_file(arguments[3], by_evaluator ? evaluated(graph, inputs) : interpreted(graph, inputs));
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run(count, arguments);
  } catch (const InputError& error) {
    std::fprintf(stderr, "import_run: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "import_run: %s\n", error.what());
    return 3;
  }
}
