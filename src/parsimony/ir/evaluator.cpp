#include "parsimony/ir/evaluator.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "parsimony/base/contracts.hpp"
#include "parsimony/ir/evaluator_kernels.hpp"
#include "parsimony/ir/lanes_avx2.hpp"
#include "parsimony/ir/lanes_avx512.hpp"
#include "parsimony/ir/lanes_portable.hpp"
#include "parsimony/ir/reference_kernels.hpp"

namespace parsimony::ir {
namespace {

/// Activations of the samples that pass through together should stay in a core's second-level cache.
constexpr std::int64_t kCacheBytes = 512 * 1024;
constexpr std::int64_t kMaxSamples = 64;

/// For each tensor a buffer that no other tensor alive at the same time uses.
struct Slots {
  std::vector<std::size_t> of_tensor;
  std::vector<std::int64_t> bytes;  ///< of each slot, for one sample
};

Slots assign_slots(const Graph& graph, const std::vector<Layout>& layouts) {
  std::vector<std::size_t> last_reader(graph.tensors.size(), 0);
  for (std::size_t step = 0; step < graph.operators.size(); ++step) {
    last_reader[static_cast<std::size_t>(graph.operators[step].output)] = step;
    for (const TensorId id : graph.operators[step].inputs) last_reader[static_cast<std::size_t>(id)] = step;
  }
  last_reader[static_cast<std::size_t>(graph.output)] = graph.operators.size();

  Slots slots{std::vector<std::size_t>(graph.tensors.size(), 0), {}};
  std::vector<std::size_t> free_from;  // the first step at which a slot is free again
  const auto take = [&](TensorId id, std::size_t step) {
    const auto tensor = static_cast<std::size_t>(id);
    std::size_t slot = 0;
    while (slot < free_from.size() && free_from[slot] > step) ++slot;
    if (slot == free_from.size()) {
      free_from.push_back(0);
      slots.bytes.push_back(0);
    }
    free_from[slot] = last_reader[tensor] + 1;
    slots.bytes[slot] = std::max(slots.bytes[slot], layouts[tensor].bytes());
    slots.of_tensor[tensor] = slot;
  };
  take(graph.input, 0);
  for (std::size_t step = 0; step < graph.operators.size(); ++step) take(graph.operators[step].output, step);
  return slots;
}

/// int8 pixels to bytes q + 128 at the layout's pitch.
void load_sample(const std::int8_t* from, const Layout& layout, std::uint8_t* to) {
  for (std::int64_t pixel = 0; pixel < layout.pixels(); ++pixel, from += layout.channels, to += layout.pitch)
    for (std::int32_t c = 0; c < layout.channels; ++c) to[c] = static_cast<std::uint8_t>(from[c] + 128);
}

void store_sample(const std::uint8_t* from, const Layout& layout, std::int8_t* to) {
  for (std::int64_t pixel = 0; pixel < layout.pixels(); ++pixel, from += layout.pitch, to += layout.channels)
    for (std::int32_t c = 0; c < layout.channels; ++c) to[c] = static_cast<std::int8_t>(from[c] - 128);
}

/// Whether the vector kernels know the operator; the reference kernels run the others, and all that round
/// once.
bool has_vector_kernel(const Graph& graph, const Operator& op) {
  if (graph.rounding == Rounding::once) return op.kind == OperatorKind::table;
  const bool plain = std::all_of(op.windows.begin(), op.windows.end(),
                                 [](const Window& window) { return window.dilation == 1; }) &&
                     std::find(op.weights.begin(), op.weights.end(), -128) == op.weights.end();
  switch (op.kind) {
    case OperatorKind::depthwise_convolution:
      return plain && graph.tensor(op.inputs[0]).shape.back() == graph.tensor(op.output).shape.back();
    case OperatorKind::convolution:
    case OperatorKind::fully_connected:
    case OperatorKind::mean:
    case OperatorKind::table:
      return plain;
    case OperatorKind::multiply:
      return op.constant.shape.empty();
    default:
      return false;
  }
}

/// The input with its padding around it, which holds the zero point.
void surround(const std::uint8_t* from, const Layout& layout, const PackedOperator& op, std::uint8_t* to) {
  const std::size_t line = static_cast<std::size_t>(layout.width * layout.pitch);
  const std::size_t before = static_cast<std::size_t>(op.horizontal.pad_before * layout.pitch);
  const std::size_t after = static_cast<std::size_t>(op.horizontal.pad_after * layout.pitch);
  const auto fill = [&](std::size_t count) {
    std::memset(to, op.zero_points[0], count);
    to += count;
  };
  fill(static_cast<std::size_t>(op.vertical.pad_before) * (before + line + after));
  for (std::int32_t y = 0; y < layout.height; ++y, from += line) {
    fill(before);
    std::memcpy(to, from, line);
    to += line;
    fill(after);
  }
  fill(static_cast<std::size_t>(op.vertical.pad_after) * (before + line + after));
}

std::int64_t padded_width(const Layout& input, const PackedOperator& op) {
  return std::int64_t{input.width} + op.horizontal.pad_before + op.horizontal.pad_after;
}

std::int64_t padded_bytes(const Layout& input, const PackedOperator& op) {
  return (std::int64_t{input.height} + op.vertical.pad_before + op.vertical.pad_after) *
         padded_width(input, op) * input.pitch;
}

}  // namespace

struct Evaluator::Program {
  Program(const Graph& of, VectorUnit unit);

  void run(const std::int8_t* inputs, std::int64_t n, std::int8_t* outputs);

  void execute(const PackedOperator& op, std::int64_t n);
  template <typename Lanes>
  void execute_with(const PackedOperator& op, std::int64_t n);
  template <typename Lanes>
  void convolve(const PackedOperator& op, std::int64_t n);
  template <typename Lanes>
  void reduce_or_multiply(const PackedOperator& op, std::int64_t n);

  void refer(const Operator& op, std::int64_t n);

  std::uint8_t* buffer(std::size_t tensor) { return buffers[slots.of_tensor[tensor]].data(); }

  VectorUnit unit;
  Graph graph;  ///< constants only of operators that the reference kernels run
  std::vector<Layout> layouts;
  std::vector<PackedOperator> operators;  ///< those of the reference kernels: nothing but their kind
  Slots slots;
  std::size_t input, output;
  std::int64_t samples = 1;  ///< that pass through together
  std::vector<std::vector<std::uint8_t>> buffers;
  std::vector<std::uint8_t> padded;  ///< one sample's input with its padding
  std::vector<std::int64_t> offsets;
};

Evaluator::Program::Program(const Graph& of, VectorUnit which)
    : unit(which),
      graph(of),
      layouts(graph.tensors.begin(), graph.tensors.end()),
      slots(assign_slots(graph, layouts)),
      input(static_cast<std::size_t>(graph.input)),
      output(static_cast<std::size_t>(graph.output)) {
  PARSIMONY_EXPECTS(!is_skeleton(graph));
  std::int64_t padded_most = 0;
  for (Operator& op : graph.operators) {
    if (!has_vector_kernel(graph, op)) {
      operators.emplace_back();
      continue;
    }
    operators.push_back(pack(graph, op, layouts));
    op.weights = {};
    const Layout& in = layouts[operators.back().inputs[0]];
    if (operators.back().padded) padded_most = std::max(padded_most, padded_bytes(in, operators.back()));
  }
  padded.resize(static_cast<std::size_t>(padded_most));
  std::int64_t sum = 0;
  for (const std::int64_t bytes : slots.bytes) sum += bytes;
  samples = std::clamp<std::int64_t>(kCacheBytes / sum, 1, kMaxSamples);
}

void Evaluator::Program::run(const std::int8_t* inputs, std::int64_t n, std::int8_t* outputs) {
  const std::int64_t most = std::min(n, samples);
  buffers.resize(slots.bytes.size());
  for (std::size_t slot = 0; slot < buffers.size(); ++slot)
    if (static_cast<std::int64_t>(buffers[slot].size()) < slots.bytes[slot] * most)
      buffers[slot].resize(static_cast<std::size_t>(slots.bytes[slot] * most));

  const Layout &in = layouts[input], &out = layouts[output];
  for (std::int64_t start = 0; start < n; start += samples) {
    const std::int64_t count = std::min(samples, n - start);
    for (std::int64_t s = 0; s < count; ++s)
      load_sample(inputs + (start + s) * in.pixels() * in.channels, in, buffer(input) + s * in.bytes());
    for (std::size_t k = 0; k < operators.size(); ++k) {
      if (operators[k].inputs.empty()) {
        refer(graph.operators[k], count);
      } else {
        execute(operators[k], count);
      }
    }
    for (std::int64_t s = 0; s < count; ++s)
      store_sample(buffer(output) + s * out.bytes(), out,
                   outputs + (start + s) * out.pixels() * out.channels);
  }
}

/// Runs an operator by its reference kernel, sample by sample.
void Evaluator::Program::refer(const Operator& op, std::int64_t n) {
  const auto tensor = [](TensorId id) { return static_cast<std::size_t>(id); };
  std::vector<reference::Values> values(op.inputs.size());
  std::vector<const reference::Values*> inputs;
  for (const reference::Values& value : values) inputs.push_back(&value);
  const Layout& out = layouts[tensor(op.output)];
  for (std::int64_t s = 0; s < n; ++s) {
    for (std::size_t k = 0; k < values.size(); ++k) {
      const Layout& in = layouts[tensor(op.inputs[k])];
      values[k].resize(static_cast<std::size_t>(in.pixels() * in.channels));
      store_sample(buffer(tensor(op.inputs[k])) + s * in.bytes(), in, values[k].data());
    }
    const reference::Values result = reference::run(graph, op, inputs);
    load_sample(result.data(), out, buffer(tensor(op.output)) + s * out.bytes());
  }
}

void Evaluator::Program::execute(const PackedOperator& op, std::int64_t n) {
#ifdef PARSIMONY_LANES_AVX512
  if (unit == VectorUnit::widest) return execute_with<Avx512Lanes>(op, n);
#endif
#ifdef PARSIMONY_LANES_AVX2
  if (unit != VectorUnit::portable) return execute_with<Avx2Lanes>(op, n);
#endif
  execute_with<PortableLanes>(op, n);
}

template <typename Lanes>
void Evaluator::Program::execute_with(const PackedOperator& op, std::int64_t n) {
  const Layout &in = layouts[op.inputs[0]], &out = layouts[op.output];
  switch (op.kind) {
    case OperatorKind::convolution:
    case OperatorKind::depthwise_convolution:
      convolve<Lanes>(op, n);
      break;
    case OperatorKind::fully_connected:
      dense<Lanes>(op, {buffer(op.inputs[0]), n, n, in.bytes(), 0, 0}, buffer(op.output), out.pitch);
      break;
    case OperatorKind::mean:
    case OperatorKind::multiply:
      reduce_or_multiply<Lanes>(op, n);
      break;
    case OperatorKind::table:
      Lanes::look_up(buffer(op.inputs[0]), buffer(op.output), n * in.bytes(), op.table.data());
      break;
    default:
      contract_broken("precondition", "a kind with vector kernels", __FILE__, __LINE__);
  }
}

template <typename Lanes>
void Evaluator::Program::convolve(const PackedOperator& op, std::int64_t n) {
  const Layout &in = layouts[op.inputs[0]], &out = layouts[op.output];
  const std::int64_t line = padded_width(in, op) * in.pitch;
  Rows rows;
  rows.count = out.pixels();
  rows.line = out.width;
  rows.pixel_pitch = op.horizontal.stride * in.pitch;
  rows.line_pitch = op.vertical.stride * line;
  rows.segment_pitch = line;

  const bool is_depthwise = op.kind == OperatorKind::depthwise_convolution;
  const bool pointwise = op.vertical == Window{} && op.horizontal == Window{};
  if (pointwise && !is_depthwise) {  // all samples are one long row of pixels
    rows.input = buffer(op.inputs[0]);
    rows.count = rows.line = n * out.pixels();
    return dense<Lanes>(op, rows, buffer(op.output), out.pitch);
  }
  if (is_depthwise) {
    const std::int64_t taps = std::int64_t{op.vertical.kernel} * op.horizontal.kernel;
    offsets.clear();
    for (std::int64_t t = 0; t < op.taps; ++t) {  // taps that only fill up a group of four have weight 0
      const std::int64_t tap = std::min(t, taps - 1);
      offsets.push_back(tap / op.horizontal.kernel * line + tap % op.horizontal.kernel * in.pitch);
    }
  }
  for (std::int64_t s = 0; s < n; ++s) {
    const std::uint8_t* sample = buffer(op.inputs[0]) + s * in.bytes();
    if (op.padded) surround(sample, in, op, padded.data());
    rows.input = op.padded ? padded.data() : sample;
    std::uint8_t* result = buffer(op.output) + s * out.bytes();
    if (is_depthwise) {
      depthwise<Lanes>(op, rows, offsets, result, out.pitch);
    } else {
      dense<Lanes>(op, rows, result, out.pitch);
    }
  }
}

template <typename Lanes>
void Evaluator::Program::reduce_or_multiply(const PackedOperator& op, std::int64_t n) {
  const Layout &in = layouts[op.inputs[0]], &out = layouts[op.output];
  for (std::int64_t s = 0; s < n; ++s) {
    const std::uint8_t* sample = buffer(op.inputs[0]) + s * in.bytes();
    std::uint8_t* result = buffer(op.output) + s * out.bytes();
    if (op.kind == OperatorKind::mean) {
      mean<Lanes>(op, sample, in, result);
    } else {
      const Layout& factor = layouts[op.inputs[1]];
      const std::int64_t factor_pitch = factor.pixels() == in.pixels() ? factor.pitch : 0;
      multiply<Lanes>(op, sample, buffer(op.inputs[1]) + s * factor.bytes(), factor_pitch, in, result);
    }
  }
}

Evaluator::Evaluator(const Graph& graph, VectorUnit unit)
    : program_(std::make_unique<Program>(graph, unit)) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

void Evaluator::run(std::span<const std::int8_t> inputs, std::int64_t n, std::span<std::int8_t> outputs) {
  const auto elements = [&](std::size_t tensor) {
    const Layout& layout = program_->layouts[tensor];
    return layout.pixels() * layout.channels;
  };
  PARSIMONY_EXPECTS(n >= 0);
  PARSIMONY_EXPECTS(static_cast<std::int64_t>(inputs.size()) == n * elements(program_->input));
  PARSIMONY_EXPECTS(static_cast<std::int64_t>(outputs.size()) == n * elements(program_->output));
  program_->run(inputs.data(), n, outputs.data());
}

}  // namespace parsimony::ir
