// Keyword spotting over time alone (49 steps of 10 channels), as a network of one dimension and as one of
// height 1, both with the same random weights: graphs to compile and verify.
//   bench_emit_one_dimension OUT
#include <fmt/format.h>

#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "parsimony/base/files.hpp"
#include "parsimony/ir/text.hpp"
#include "random_weights.hpp"

namespace {

using namespace parsimony;
using Kind = ir::OperatorKind;

constexpr ir::Window kPoint{};

/// Appends operators; windows are those along time, before which `planar` puts an axis of length 1.
class Builder {
 public:
  Builder(std::string name, bool planar) : planar_(planar) {
    graph_.name = std::move(name);
    graph_.input = tensor(shape(49, 10));
  }
  void windowed(Kind kind, std::int32_t channels, ir::Window window) {
    const ir::Tensor& input = graph_.tensors.back();
    const std::int32_t length = input.shape[input.shape.size() - 2];
    push(kind, shape(window.outputs(length), channels));
    if (planar_) graph_.operators.back().windows.push_back(kPoint);
    graph_.operators.back().windows.push_back(window);
  }
  void push(Kind kind, std::vector<std::int32_t> shape) {
    ir::Operator op;
    op.kind = kind;
    op.name = "step" + std::to_string(graph_.operators.size());
    op.inputs = {static_cast<ir::TensorId>(graph_.tensors.size() - 1)};
    op.output = tensor(std::move(shape));
    graph_.operators.push_back(std::move(op));
  }
  ir::Graph finish() {
    graph_.output = graph_.operators.back().output;
    return bench::with_random_weights(graph_);
  }

 private:
  std::vector<std::int32_t> shape(std::int32_t length, std::int32_t channels) const {
    return planar_ ? std::vector{1, length, channels} : std::vector{length, channels};
  }
  ir::TensorId tensor(std::vector<std::int32_t> shape) {
    graph_.tensors.push_back({"t" + std::to_string(graph_.tensors.size()), std::move(shape), {}});
    return static_cast<ir::TensorId>(graph_.tensors.size() - 1);
  }

  bool planar_;
  ir::Graph graph_;
};

ir::Graph keyword_spotting(std::string name, bool planar) {
  Builder build(std::move(name), planar);
  build.windowed(Kind::convolution, 64, {.kernel = 10, .stride = 2, .pad_before = 4, .pad_after = 5});
  for (int block = 0; block < 4; ++block) {
    build.windowed(Kind::depthwise_convolution, 64, {.kernel = 3, .pad_before = 1, .pad_after = 1});
    build.windowed(Kind::convolution, 64, kPoint);
  }
  build.push(Kind::mean, {64});
  build.push(Kind::fully_connected, {12});
  return build.finish();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: bench_emit_one_dimension OUT\n");
    return 2;
  }
  for (const auto& [name, planar] : {std::pair{"kws_1d", false}, {"kws_height_1", true}}) {
    const std::string path = fmt::format("{}/{}.graph", argv[1], name);
    write_file(path, ir::to_text(keyword_spotting(name, planar)));
    fmt::print("{}\n", path);
  }
}
