#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/cli/commands.hpp"
#include "parsimony/network/cost.hpp"
#include "parsimony/network/network_file.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::cli {
namespace {

using Json = nlohmann::json;
using network::Shape;

struct NetworkArguments {
  std::string name, input, target = "cortex-m4";
  std::int32_t classes = 0, width = 0;
  bool json = false;
};

std::string text(const Shape& shape) {
  return fmt::format("{}", fmt::join(shape, "×"));
}

/// "100x6" or "32x32x3".
Shape parse_shape(const std::string& given) {
  Shape shape;
  std::istringstream parts(given);
  for (std::string part; std::getline(parts, part, 'x');) {
    std::int32_t length = 0;
    const char* const end = part.data() + part.size();
    const auto read = std::from_chars(part.data(), end, length);
    if (read.ec != std::errc{} || read.ptr != end || length < 1) {
      shape.clear();
      break;
    }
    shape.push_back(length);
  }
  if (shape.empty() || shape.size() > 3)
    throw InputError("--input", fmt::format("is '{}'", given),
                     "LENGTHxCHANNELS or HEIGHTxWIDTHxCHANNELS, such as 100x6");
  return shape;
}

bool is_file(const std::string& name) {
  return std::filesystem::is_regular_file(name);
}

network::Task task_of(const NetworkArguments& arguments) {
  network::Task task;
  if (is_file(arguments.name)) {
    const network::FileTask said = network::read_network_task(read_file(arguments.name), arguments.name);
    task = {said.input.value_or(Shape{}), said.classes.value_or(0)};
  } else {
    task = network::find_built_in("network show", arguments.name).example;
  }
  if (!arguments.input.empty()) task.input = parse_shape(arguments.input);
  if (arguments.classes > 0) task.classes = arguments.classes;
  if (task.input.empty())
    throw InputError(arguments.name, "does not say its input", "--input 100x6, or 'input' in the file");
  if (task.classes < 1)
    throw InputError(arguments.name, "does not say its classes", "--classes N, or 'classes' in the file");
  return task;
}

network::Description described(const NetworkArguments& arguments) {
  const network::Task task = task_of(arguments);
  if (is_file(arguments.name)) {
    if (arguments.width > 0)
      throw InputError("--width", "is given", "no width: a network file says its channels");
    return network::read_network(read_file(arguments.name), arguments.name, task);
  }
  const network::BuiltIn& built_in = network::find_built_in("network show", arguments.name);
  return network::build(built_in, task, arguments.width > 0 ? arguments.width : built_in.width,
                        "network " + arguments.name);
}

/// Of convolutions and linear layers.
std::int64_t macs_of(const ir::Graph& graph, const ir::Operator& op) {
  return ir::has_weights(op.kind) ? ir::flops(graph, op) / 2 : 0;
}
std::int64_t parameters_of(const ir::Graph& graph, const ir::Operator& op) {
  return ir::weight_count(graph, op) + ir::output_channels(graph, op);
}

std::int64_t macs_of(const ir::Graph& graph) {
  std::int64_t sum = 0;
  for (const ir::Operator& op : graph.operators) sum += macs_of(graph, op);
  return sum;
}

/// "3×3 stride 2", "3 dilation 4".
std::string window_text(const ir::Operator& op) {
  if (op.windows.empty()) return "";
  std::vector<std::int32_t> kernels;
  for (const ir::Window& window : op.windows) kernels.push_back(window.kernel);
  const ir::Window& first = op.windows[0];
  return text(kernels) + (first.stride == 1 ? "" : fmt::format(" stride {}", first.stride)) +
         (first.dilation == 1 ? "" : fmt::format(" dilation {}", first.dilation));
}

/// The groups that each layer's channels are in, by its name.
std::map<std::string, std::string> groups_by_layer(const network::CostModel& costs) {
  std::map<std::string, std::string> groups;
  for (const network::Group& group : costs.groups())
    for (const network::Member& member : group.members) {
      const std::string& layer = costs.description().layers[static_cast<std::size_t>(member.layer)].name;
      std::string& names = groups[layer];
      if (names.find(group.name) == std::string::npos) names += (names.empty() ? "" : ", ") + group.name;
    }
  return groups;
}

int run_list(const NetworkArguments& arguments) {
  Json json = Json::array();
  if (!arguments.json)
    fmt::print("{:<16} {:>11} {:>8} {:>6} {:>12} {:>12}  {}\n", "name", "input", "classes", "width",
               "parameters", "MACs", "what");
  for (const network::BuiltIn& built_in : network::built_in_networks()) {
    const network::Description description =
        network::build(built_in, built_in.example, built_in.width, "network list");
    const std::int64_t macs = macs_of(network::skeleton(description)),
                       parameters = network::parameter_count(description);
    if (arguments.json)
      json.push_back({{"name", built_in.name},
                      {"about", built_in.about},
                      {"input", built_in.example.input},
                      {"classes", built_in.example.classes},
                      {"width", built_in.width},
                      {"widest", built_in.widest},
                      {"width_is", built_in.of_width},
                      {"parameters", parameters},
                      {"macs", macs}});
    else
      fmt::print("{:<16} {:>11} {:>8} {:>6} {:>12} {:>12}  {}\n", built_in.name,
                 fmt::format("{}", fmt::join(built_in.example.input, "x")), built_in.example.classes,
                 built_in.width, parameters, macs, built_in.about);
  }
  if (arguments.json)
    fmt::print("{}\n", json.dump(2));
  else
    fmt::print("\nInput and classes are examples: a search takes its data's. Your own: docs/networks.md.\n");
  return 0;
}

Json show_json(const network::CostModel& costs, const std::string& target) {
  const network::Description& description = costs.description();
  const ir::Graph graph = network::skeleton(description);
  Json layers = Json::array(), groups = Json::array();
  for (const ir::Operator& op : graph.operators) {
    std::vector<std::string> inputs;
    for (const ir::TensorId id : op.inputs) inputs.push_back(graph.tensor(id).name);
    layers.push_back({{"name", op.name},
                      {"kind", ir::kind_name(op.kind)},
                      {"inputs", inputs},
                      {"shape", graph.tensor(op.output).shape},
                      {"parameters", parameters_of(graph, op)},
                      {"macs", macs_of(graph, op)}});
  }
  for (const network::Group& group : costs.groups()) {
    Json members = Json::array();
    for (const network::Member& member : group.members)
      members.push_back({{"layer", description.layers[static_cast<std::size_t>(member.layer)].name},
                         {"first", member.first}});
    groups.push_back({{"name", group.name}, {"channels", group.channels}, {"members", members}});
  }
  const network::Cost cost = costs.unpruned();
  return {{"name", description.name},
          {"input", description.input_shape},
          {"classes", description.layers.back().channels},
          {"layers", layers},
          {"groups", groups},
          {"parameters", cost.parameters},
          {"macs", macs_of(graph)},
          {"flops", cost.flops.value},
          {"target", target},
          {"rom_bytes", cost.rom.value},
          {"ram_bytes", cost.ram.value}};
}

void show_text(const network::CostModel& costs, const std::string& target) {
  const network::Description& description = costs.description();
  const ir::Graph graph = network::skeleton(description);
  const auto groups = groups_by_layer(costs);
  fmt::print("{}: input {}\n\n{:<26} {:<22} {:<14} {:>11} {:>11} {:>12}  {}\n", description.name,
             text(description.input_shape), "layer", "operator", "window", "output", "parameters", "MACs",
             "channels pruned with");
  for (const ir::Operator& op : graph.operators) {
    const auto group = groups.find(op.name);
    fmt::print("{:<26} {:<22} {:<14} {:>11} {:>11} {:>12}  {}\n", op.name, ir::kind_name(op.kind),
               window_text(op), text(graph.tensor(op.output).shape), parameters_of(graph, op),
               macs_of(graph, op), group == groups.end() ? "" : group->second);
  }
  fmt::print("\n{} prunable groups\n", costs.groups().size());
  for (const network::Group& group : costs.groups())
    fmt::print("  keep_{:<26} {:>5} channels in {} layers\n", group.name, group.channels,
               group.members.size());
  const network::Cost cost = costs.unpruned();
  fmt::print("\nunpruned: {} parameters, {} MACs, {} FLOPs\non {}: {} B ROM, {} B RAM\n", cost.parameters,
             macs_of(graph), cost.flops.value, target, cost.rom.value, cost.ram.value);
}

int run_show(const NetworkArguments& arguments) {
  const network::CostModel costs(described(arguments), target::find_target("--target", arguments.target));
  if (arguments.json)
    fmt::print("{}\n", show_json(costs, arguments.target).dump(2));
  else
    show_text(costs, arguments.target);
  return 0;
}

}  // namespace

void add_network(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("network", "Networks: layers, parameters, MACs, what is prunable and coupled");
  command->require_subcommand(1);
  command->footer("Example:\n  parsimony network show resnet18-3");
  auto arguments = std::make_shared<NetworkArguments>();
  auto* list = command->add_subcommand("list", "All built-in networks");
  list->footer("Example:\n  parsimony network list --json");
  auto* show = command->add_subcommand("show", "Layer by layer, with its groups and what it costs unpruned");
  show->add_option("NAME", arguments->name, "a built-in network's name, or a network file")->required();
  show->add_option("--input", arguments->input, "100x6, 32x32x3, …");
  show->add_option("--classes", arguments->classes, "")->check(CLI::Range(1, 65536));
  show->add_option("--width", arguments->width, "instead of the network's own")->check(CLI::Range(1, 4096));
  show->add_option("--target", arguments->target, "the board's core")->capture_default_str();
  show->footer("Example:\n  parsimony network show my.yaml --input 100x6 --classes 4");
  for (auto* one : {list, show}) one->add_flag("--json", arguments->json, "for a program to read");
  list->callback([&action, arguments] { action = [arguments] { return run_list(*arguments); }; });
  show->callback([&action, arguments] { action = [arguments] { return run_show(*arguments); }; });
}

}  // namespace parsimony::cli
