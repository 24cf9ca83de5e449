#include "synthetic_study.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "parsimony/base/random.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/ir/text.hpp"
#include "parsimony/lower/lower.hpp"
#include "parsimony/plan/plan.hpp"

namespace parsimony::report::testing {
namespace {

using Json = nlohmann::ordered_json;
using ir::OperatorKind;
using ir::TensorId;

constexpr int kBlocks = 10, kLength = 128, kChannels = 6;
constexpr std::int32_t kWidth = 114;
const double kNan = std::numeric_limits<double>::quiet_NaN();

class GraphBuilder {
 public:
  GraphBuilder(std::int32_t length, std::int32_t channels) {
    graph_.input = add_tensor("input", {length, channels});
  }

  TensorId add(OperatorKind kind, const std::string& name, std::vector<TensorId> inputs,
               std::vector<std::int32_t> shape, std::int32_t kernel = 0, std::int32_t stride = 1) {
    ir::Operator op;
    op.kind = kind;
    op.name = name;
    op.inputs = std::move(inputs);
    op.output = add_tensor(name, std::move(shape));
    if (kernel > 0) op.windows = {{kernel, stride, (kernel - 1) / 2, (kernel - 1) / 2}};
    graph_.operators.push_back(op);
    return op.output;
  }

  const std::vector<std::int32_t>& shape(TensorId id) const { return graph_.tensor(id).shape; }
  ir::Graph take(TensorId output) {
    graph_.name = "dscnn";
    graph_.output = output;
    return graph_;
  }

 private:
  TensorId add_tensor(const std::string& name, std::vector<std::int32_t> shape) {
    graph_.tensors.push_back({name, std::move(shape), {}});
    return static_cast<TensorId>(graph_.tensors.size() - 1);
  }
  ir::Graph graph_;
};

std::string block_name(int block, const char* part) {
  return "block" + std::to_string(block) + part;
}

/// A network's figures from its shapes; constants as if they were all of ROM but 6 KB of code.
Json costs_of(const ir::Graph& graph) {
  std::int64_t parameters = 0, constants = 0;
  for (const ir::Operator& op : graph.operators) {
    parameters += ir::weight_count(graph, op) + ir::output_channels(graph, op);
    constants += ir::weight_count(graph, op) + 9 * ir::output_channels(graph, op) + 60;
  }
  return {{"rom_bytes", constants + 6144},
          {"ram_bytes", emit::plan_memory(lower::lower(graph)).arena.value},
          {"flops", ir::flops(graph)},
          {"parameter_count", parameters},
          {"constant_bytes", constants}};
}

struct Candidate {
  std::vector<std::int32_t> kept;
  int epochs = 0;
  double rate = 0.0, momentum = 0.0;
};

Candidate drawn(int number) {
  RandomStream stream(1, static_cast<std::uint64_t>(number), "candidate");
  Candidate candidate;
  const double size = std::pow(stream.uniform(), 1.5);
  for (int i = 0; i <= kBlocks; ++i)
    candidate.kept.push_back(std::max(
        1, static_cast<std::int32_t>(kWidth * std::clamp(size + 0.25 * stream.normal() * size, 0.02, 0.9))));
  candidate.epochs = static_cast<int>(stream.uniform(100, 500));
  candidate.rate = std::exp(stream.uniform(std::log(1e-5), std::log(1e-2)));
  candidate.momentum = stream.uniform(0.7, 0.99);
  return candidate;
}

double accuracy_of(const Candidate& candidate, std::int64_t parameters, RandomStream& stream) {
  const double size = std::log10(static_cast<double>(parameters)), rate = std::log10(candidate.rate);
  const double accuracy = 0.99 - 0.9 * std::exp(-1.3 * (size - 1.6)) - 0.06 * std::max(0.0, -3.2 - rate) +
                          0.012 * stream.normal();
  return std::round(std::clamp(accuracy, 0.13, 0.99) * 320.0) / 320.0;
}

std::vector<std::vector<int>> confusion_of(double accuracy, int classes, int cases_per_class,
                                           RandomStream& stream) {
  std::vector<std::vector<int>> matrix(static_cast<std::size_t>(classes),
                                       std::vector<int>(static_cast<std::size_t>(classes), 0));
  for (int k = 0; k < classes; ++k) {
    for (int i = 0; i < cases_per_class; ++i) {
      const bool right = stream.uniform() < accuracy * (k == 3 ? 0.85 : 1.02);
      const int other = stream.uniform() < 0.7
                            ? (k ^ 1) % classes
                            : static_cast<int>(stream.below(static_cast<std::uint64_t>(classes)));
      ++matrix[static_cast<std::size_t>(k)][static_cast<std::size_t>(right ? k : other)];
    }
  }
  return matrix;
}

std::vector<double> recall_of(const std::vector<std::vector<int>>& confusion) {
  std::vector<double> recall;
  for (std::size_t k = 0; k < confusion.size(); ++k) {
    double total = 0.0;
    for (int count : confusion[k]) total += count;
    recall.push_back(total > 0.0 ? confusion[k][k] / total : 0.0);
  }
  return recall;
}

Json curve_of(const Candidate& candidate, double accuracy, std::int64_t parameters, RandomStream& stream) {
  Json curve = Json::array();
  const double pace = 3.0 / candidate.epochs;
  for (int epoch = 0; epoch < candidate.epochs; ++epoch) {
    const double done = 1.0 - std::exp(-pace * epoch),
                 pruned = std::clamp(std::floor(10.0 * epoch / candidate.epochs - 2.0) / 6.0, 0.0, 1.0);
    curve.push_back({{"epoch", epoch},
                     {"loss", 2.0 * std::exp(-1.6 * pace * epoch) + 0.08 + 0.03 * stream.uniform()},
                     {"accuracy", 0.125 + (accuracy + 0.01 - 0.125) * done + 0.01 * stream.normal()},
                     {"rate", candidate.rate * std::pow(0.6, std::max(0, 10 * epoch / candidate.epochs - 6))},
                     {"parameters", static_cast<std::int64_t>(
                                        180000.0 - (180000.0 - static_cast<double>(parameters)) * pruned)}});
  }
  return curve;
}

Json trial_metrics(const Candidate& candidate, const ir::Graph& graph, const NetworkStudyOptions& options,
                   RandomStream& stream) {
  Json metrics = costs_of(graph);
  const auto parameters = metrics["parameter_count"].get<std::int64_t>();
  const double accuracy = accuracy_of(candidate, parameters, stream);
  Json kept = Json::object(), sparsity = Json::object();
  for (int i = 0; i <= kBlocks; ++i) {
    const std::string group = i == 0 ? "conv1" : block_name(i, "_pointwise");
    kept[group] = candidate.kept[static_cast<std::size_t>(i)];
    sparsity[group] = 1.0 - static_cast<double>(candidate.kept[static_cast<std::size_t>(i)]) / kWidth;
  }
  const auto confusion = confusion_of(accuracy, static_cast<int>(options.class_names.size()), 40, stream);
  metrics.update(Json{{"kept", kept},
                      {"sparsity", sparsity},
                      {"validation_accuracy", accuracy},
                      {"float_accuracy", std::min(1.0, accuracy + 0.004 * stream.uniform())},
                      {"validation_cross_entropy", 0.05 + 1.9 * (1.0 - accuracy)},
                      {"validation_cases", 320},
                      {"confusion", confusion},
                      {"recall", recall_of(confusion)},
                      {"class_names", options.class_names},
                      {"curve", curve_of(candidate, accuracy, parameters, stream)},
                      {"seconds_training", 0.02 * candidate.epochs}});
  return metrics;
}

Json final_metrics(const Json& trial, const NetworkStudyOptions& options, RandomStream& stream) {
  const double accuracy = trial["validation_accuracy"].get<double>() - 0.015 + 0.008 * stream.normal();
  const auto confusion = confusion_of(accuracy, static_cast<int>(options.class_names.size()), 60, stream);
  return {{"test_accuracy", accuracy},
          {"float_test_accuracy", accuracy + 0.002},
          {"test_cases", 480},
          {"test_confusion", confusion},
          {"test_recall", recall_of(confusion)}};
}

std::string configuration_text(const NetworkStudyOptions& options) {
  return Json{{"data", {{"format", "motions"}, {"path", ""}, {"seed", 1}}},
              {"network", {{"name", "dscnn-se-1d"}, {"width", kWidth}}},
              {"objectives", {"error", "rom", "ram", "flops"}},
              {"target", "cortex-m4"},
              {"limits", {{"rom", 1 << 20}, {"ram", 256 << 10}, {"flops", nullptr}}},
              {"solver", {{"name", "ars"}, {"directions", "300"}, {"horizon", "4"}}},
              {"space", {{"preset", "paper"}, {"parameters", Json::array()}}},
              {"protocol", options.protocol},
              {"split", "auto"},
              {"schedule", "ordered"},
              {"trials", options.trials},
              {"initial", 10},
              {"seed", 1},
              {"workers", 2},
              {"hours", 0.0}}
      .dump();
}

void trouble(std::vector<study::Row>& rows) {
  if (rows.size() < 20) return;
  const auto spoil = [&](std::size_t index, study::State state, const char* stage, const char* code,
                         const char* reason) -> study::Row& {
    study::Row& row = rows[index];
    row.execution.state = state;
    row.execution.stage = stage;
    row.execution.code = code;
    row.execution.reason = reason;
    return row;
  };
  study::Row& failed = spoil(6, study::State::failed, "train", "worker-died",
                             "three workers died on this trial (last: signal 9)");
  failed.objectives = {kNan, failed.objectives[1], failed.objectives[2], failed.objectives[3]};
  failed.execution.metrics.clear();
  study::Row& diverged =
      spoil(17, study::State::complete, "train", "diverged", "the loss was not a number in epoch 37");
  diverged.objectives[0] = 1.0;
  Json metrics = Json::parse(diverged.execution.metrics);
  metrics["diverged"] = "the loss was not a number in epoch 37";
  metrics["validation_accuracy"] = 0.0;
  metrics["curve"].erase(metrics["curve"].begin() + 37, metrics["curve"].end());
  metrics.erase("confusion");
  diverged.execution.metrics = metrics.dump();
  study::Row& running = spoil(rows.size() - 1, study::State::running, "", "", "");
  running.objectives.assign(4, kNan);
  running.execution.metrics.clear();
  running.execution.seconds = 0.0;
}

}  // namespace

ir::Graph separable_network(std::int32_t length, std::int32_t channels, std::int32_t classes,
                            const std::vector<std::int32_t>& kept) {
  GraphBuilder builder(length, channels);
  TensorId x = builder.add(OperatorKind::convolution, "conv1", {TensorId{0}}, {length / 2, kept[0]}, 3, 2);
  for (std::size_t b = 1; b < kept.size(); ++b) {
    const int block = static_cast<int>(b);
    x = builder.add(OperatorKind::depthwise_convolution, block_name(block, "_depthwise"), {x},
                    builder.shape(x), 3);
    x = builder.add(OperatorKind::convolution, block_name(block, "_pointwise"), {x}, {length / 2, kept[b]},
                    1);
    if (block % 2 != 0) continue;
    TensorId gate = builder.add(OperatorKind::mean, block_name(block, "_squeeze"), {x}, {kept[b]});
    gate = builder.add(OperatorKind::fully_connected, block_name(block, "_reduce"), {gate},
                       {std::max(1, kept[b] / 4)});
    gate = builder.add(OperatorKind::fully_connected, block_name(block, "_expand"), {gate}, {kept[b]});
    gate = builder.add(OperatorKind::table, block_name(block, "_expand_gate"), {gate}, {kept[b]});
    x = builder.add(OperatorKind::multiply, block_name(block, "_scale"), {x, gate}, builder.shape(x));
  }
  x = builder.add(OperatorKind::mean, "pool", {x}, {kept.back()});
  return builder.take(builder.add(OperatorKind::fully_connected, "classifier", {x}, {classes}));
}

Contents network_study(const NetworkStudyOptions& options) {
  Contents contents;
  contents.description.configuration = configuration_text(options);
  contents.description.parameters = {"epochs", "learning_rate", "momentum", "keep_conv1"};
  for (int b = 1; b <= kBlocks; ++b)
    contents.description.parameters.push_back("keep_" + block_name(b, "_pointwise"));
  contents.description.objectives = {"error", "rom", "ram", "flops"};
  contents.description.constraints = {"rom", "ram"};
  contents.description.notes = {{"cost table", "cortex-m4/arm-none-eabi-gcc 12.2.1/-O2/1f2e3d4c"}};
  const double full_flops = static_cast<double>(
      ir::flops(separable_network(kLength, kChannels, 8, std::vector<std::int32_t>(kBlocks + 1, kWidth))));
  for (int number = 1; number <= options.trials; ++number) {
    RandomStream stream(1, static_cast<std::uint64_t>(number), "outcome");
    const Candidate candidate = drawn(number);
    const ir::Graph graph = separable_network(
        kLength, kChannels, static_cast<std::int32_t>(options.class_names.size()), candidate.kept);
    const Json metrics = trial_metrics(candidate, graph, options, stream);
    study::Row row;
    row.number = number;
    row.configuration.emplace_back(std::int64_t{candidate.epochs});
    row.configuration.emplace_back(candidate.rate);
    row.configuration.emplace_back(candidate.momentum);
    for (std::int32_t kept : candidate.kept) row.configuration.emplace_back(std::int64_t{kept});
    row.objectives = {
        1.0 - metrics["validation_accuracy"].get<double>(), metrics["rom_bytes"].get<double>() / (1 << 20),
        metrics["ram_bytes"].get<double>() / (256 << 10), metrics["flops"].get<double>() / full_flops};
    row.constraints = {row.objectives[1] - 1.0, row.objectives[2] - 1.0};
    row.execution.trial = number;
    row.execution.state = study::State::complete;
    row.execution.metrics = metrics.dump();
    row.execution.seconds = 0.021 * candidate.epochs;
    contents.rows.push_back(row);
    contents.graphs[number] = ir::to_text(graph);
    if (options.protocol == "paper") continue;
    study::Execution final;
    final.trial = number;
    final.purpose = study::kFinal;
    final.state = study::State::complete;
    final.metrics = final_metrics(metrics, options, stream).dump();
    contents.finals.push_back(final);
  }
  if (options.troubled) trouble(contents.rows);
  return contents;
}

const Contents& usual_network_study() {
  static const Contents contents = network_study();
  return contents;
}

Contents generic_study(int trials) {
  Contents contents;
  contents.description.configuration = Json{
      {"parameters",
       {{{"name", "x"}, {"type", "float"}, {"low", 0.0}, {"high", 1.0}, {"log", false}},
        {{"name", "layers"}, {"type", "int"}, {"low", 1}, {"high", 8}, {"log", false}},
        {{"name", "activation"}, {"type", "categorical"}, {"choices", {"relu", "tanh"}}}}},
      {"objectives",
       {{{"name", "f1"}, {"goal", "minimise"}, {"reference", 1.1}},
        {{"name", "f2"}, {"goal", "minimise"}, {"reference", 2.0}}}},
      {"constraints", {{{"name", "c1"}}}},
      {"solver", {{"name", "random"}}},
      {"seed", 7}}.dump();
  contents.description.parameters = {"x", "layers", "activation"};
  contents.description.objectives = {"f1", "f2"};
  contents.description.constraints = {"c1"};
  for (int number = 1; number <= trials; ++number) {
    RandomStream stream(7, static_cast<std::uint64_t>(number), "generic");
    const double x = stream.uniform();
    const std::int64_t layers = 1 + static_cast<std::int64_t>(stream.below(8));
    const bool tanh = stream.uniform() < 0.5;
    study::Row row;
    row.number = number;
    row.configuration.emplace_back(x);
    row.configuration.emplace_back(layers);
    row.configuration.emplace_back(std::string(tanh ? "tanh" : "relu"));
    const double g = 0.05 * static_cast<double>(std::abs(layers - 3)) + (tanh ? 0.1 : 0.0);
    row.objectives = {x + 0.2 * g, 1.0 + g - std::sqrt(x)};
    row.constraints = {0.1 - x};
    row.execution.trial = number;
    row.execution.state = row.constraints[0] > 0.0 ? study::State::infeasible : study::State::complete;
    row.execution.seconds = 1.0;
    contents.rows.push_back(row);
  }
  return contents;
}

}  // namespace parsimony::report::testing
