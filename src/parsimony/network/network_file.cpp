#include "parsimony/network/network_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "parsimony/base/errors.hpp"
#include "parsimony/network/builder.hpp"

namespace parsimony::network {
namespace {

using config::Field;

constexpr std::int64_t kMostChannels = 1 << 16;
constexpr std::int64_t kLargestWindow = 4096;
constexpr std::size_t kMostLayers = 4096;

constexpr const char* kIdentifier = "letters, digits and '_', no digit first";
bool is_identifier(const std::string& name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

/// Turns the items of a file into layers.
class Reader {
 public:
  Reader(Builder& build, std::int32_t classes) : build_(build), classes_(classes) {}

  /// The layers one after another. @return the last one's index
  /// @throws InputError as read_network
  int read(const Field& list, int input) {
    int last = input;
    for (const Field& item : list.items()) last = item_of(item, last);
    return last;
  }

  /// Every layer but the last must be read by another.
  void expect_all_read(const Description& description) const {
    std::vector<bool> is_read(description.layers.size(), false);
    is_read.back() = true;
    for (const Layer& layer : description.layers)
      for (const int input : layer.inputs)
        if (input != kInput) is_read[static_cast<std::size_t>(input)] = true;
    for (std::size_t i = 0; i < is_read.size(); ++i)
      if (!is_read[i])
        throw InputError(places_[i],
                         fmt::format("layer '{}' is read by no other", description.layers[i].name),
                         "one layer whose output is the network's: the last");
  }

 private:
  int item_of(const Field& item, int before) {
    using Method = int (Reader::*)(const Field&, int);
    static const std::map<std::string, Method> kinds{
        {"convolution", &Reader::convolution},
        {"depthwise", &Reader::depthwise},
        {"linear", &Reader::linear},
        {"average-pool", &Reader::pool},
        {"max-pool", &Reader::pool},
        {"global-average-pool", &Reader::global_mean},
        {"flatten", &Reader::flatten},
        {"squeeze-excite", &Reader::squeeze_excite},
        {"residual", &Reader::residual},
        {"branches", &Reader::branches},
        {"add", &Reader::add},
        {"concatenation", &Reader::concatenation},
        {"inverted-residual", &Reader::inverted},
        {"repeat", &Reader::repeat},
    };
    std::vector<std::string> names;
    for (const auto& [name, method] : kinds) names.push_back(name);
    const Method method = kinds.at(item.at("type").choice(names));
    if (++items_ > kMostLayers) item.fail("is one layer too many", fmt::format("{} in all", kMostLayers));
    build_.at(item.place());
    const int input = item.find("input") ? named(item.at("input")) : before;
    const int index = (this->*method)(item, input);
    places_.resize(static_cast<std::size_t>(std::max(index + 1, static_cast<int>(places_.size()))),
                   item.place());
    if (const auto name = item.find("name")) names_[name->text()] = index;
    return index;
  }

  /// Keys that every kind has, and `own`.
  static void expect(const Field& item, std::vector<std::string> own) {
    own.insert(own.begin(), {"type", "name", "input"});
    item.expect_keys(own);
  }

  int convolution(const Field& item, int input) {
    expect(item, {"channels", "kernel", "stride", "dilation", "padding", "batch-norm", "activation"});
    return build_.add({name_of(item, "conv"),
                       LayerKind::convolution,
                       {input},
                       channels(item),
                       windows(item, input, 3, true),
                       flag(item, "batch-norm", true),
                       activation(item, Activation::relu)});
  }
  int depthwise(const Field& item, int input) {
    expect(item, {"kernel", "stride", "dilation", "padding", "batch-norm", "activation"});
    return build_.add({name_of(item, "depthwise"),
                       LayerKind::depthwise_convolution,
                       {input},
                       0,
                       windows(item, input, 3, true),
                       flag(item, "batch-norm", true),
                       activation(item, Activation::relu)});
  }
  int linear(const Field& item, int input) {
    expect(item, {"channels", "batch-norm", "activation"});
    return build_.add({name_of(item, "linear"),
                       LayerKind::linear,
                       {input},
                       channels(item),
                       {},
                       flag(item, "batch-norm", false),
                       activation(item, Activation::none)});
  }
  int pool(const Field& item, int input) {
    expect(item, {"kernel", "stride", "padding"});
    const bool largest = item.at("type").text() == "max-pool";
    return build_.add({name_of(item, "pool"),
                       largest ? LayerKind::max_pool : LayerKind::average_pool,
                       {input},
                       0,
                       windows(item, input, 2, false),
                       false,
                       Activation::none});
  }
  int global_mean(const Field& item, int input) {
    expect(item, {});
    return build_.mean(name_of(item, "mean"), input);
  }
  /// Linear layers read their input as it lies; nothing else may come between.
  int flatten(const Field& item, int input) {
    expect(item, {});
    return input;
  }
  int squeeze_excite(const Field& item, int input) {
    expect(item, {"channels"});
    return build_.squeeze_excite(name_of(item, "se"), input, channels(item));
  }
  /// The layers' output added to their input, through a pointwise convolution where the shapes differ.
  int residual(const Field& item, int input) {
    expect(item, {"layers", "activation"});
    const std::string name = name_of(item, "residual");
    const int last = read(item.at("layers"), input);
    build_.at(item.place());
    int shortcut = input;
    if (build_.shape(input) != build_.shape(last))
      shortcut = build_.convolution(name + "_shortcut", input, build_.channels(last),
                                    projection(item, input, last), Activation::none);
    return build_.sum(name, shortcut, last, activation(item, Activation::none));
  }
  /// Windows of one tap whose stride takes one shape to the other.
  Windows projection(const Field& item, int from, int to) const {
    const Shape &in = build_.shape(from), &out = build_.shape(to);
    Windows windows;
    for (std::size_t axis = 0; axis + 1 < in.size() && in.size() == out.size(); ++axis) {
      const std::int32_t stride = (in[axis] + out[axis] - 1) / out[axis];
      windows.push_back({.kernel = 1, .stride = stride});
      if (windows.back().outputs(in[axis]) != out[axis]) windows.clear();
      if (windows.empty()) break;
    }
    if (windows.empty())
      item.fail(fmt::format("takes [{}] to [{}]", fmt::join(in, ", "), fmt::join(out, ", ")),
                "shapes that a stride takes one to the other");
    return windows;
  }
  int branches(const Field& item, int input) {
    expect(item, {"of"});
    const std::string name = name_of(item, "branches");
    std::vector<int> ends;
    for (const Field& branch : item.at("of").items()) ends.push_back(read(branch, input));
    build_.at(item.place());
    return build_.add({name, LayerKind::concatenation, std::move(ends), 0, {}, false, Activation::none});
  }
  int add(const Field& item, int) {
    item.expect_keys({"type", "name", "inputs", "activation"});
    return build_.add({name_of(item, "add"),
                       LayerKind::add,
                       inputs(item),
                       0,
                       {},
                       false,
                       activation(item, Activation::none)});
  }
  int concatenation(const Field& item, int) {
    item.expect_keys({"type", "name", "inputs"});
    return build_.add(
        {name_of(item, "joined"), LayerKind::concatenation, inputs(item), 0, {}, false, Activation::none});
  }
  int inverted(const Field& item, int input) {
    expect(item, {"expanded", "channels", "kernel", "stride", "squeeze", "activation"});
    InvertedResidual block;
    const auto expanded = item.find("expanded");
    block.expanded =
        expanded ? static_cast<std::int32_t>(expanded->integer(1, kMostChannels)) : build_.channels(input);
    block.channels = channels(item);
    if (const auto kernel = item.find("kernel"))
      block.kernel = static_cast<std::int32_t>(kernel->integer(1, 255));
    if (const auto stride = item.find("stride"))
      block.stride = static_cast<std::int32_t>(stride->integer(1, 255));
    if (const auto inner = item.find("squeeze"))
      block.squeezed = static_cast<std::int32_t>(inner->integer(1, kMostChannels));
    block.activation = activation(item, Activation::relu6);
    return inverted_residual(build_, name_of(item, "block"), input, block);
  }
  int repeat(const Field& item, int input) {
    expect(item, {"times", "layers"});
    int last = input;
    for (auto left = item.at("times").integer(1, 1000); left > 0; --left)
      last = read(item.at("layers"), last);
    return last;
  }

  std::int32_t channels(const Field& item) const {
    const Field field = item.at("channels");
    if (field.is_scalar() && field.text() == "classes") return classes_;
    return static_cast<std::int32_t>(field.integer(1, kMostChannels));
  }
  static bool flag(const Field& item, std::string_view key, bool otherwise) {
    const auto field = item.find(key);
    return field ? field->boolean() : otherwise;
  }
  static Activation activation(const Field& item, Activation otherwise) {
    const auto field = item.find("activation");
    if (!field) return otherwise;
    static const std::map<std::string, Activation> kinds{{"none", Activation::none},
                                                         {"relu", Activation::relu},
                                                         {"relu6", Activation::relu6},
                                                         {"hard-sigmoid", Activation::hard_sigmoid},
                                                         {"hard-swish", Activation::hard_swish}};
    return kinds.at(field->choice({"none", "relu", "relu6", "hard-sigmoid", "hard-swish"}));
  }

  /// One number for every axis, or a list of one for each.
  std::vector<std::int32_t> per_axis(const Field& field, std::size_t axes, std::int64_t low) const {
    if (field.is_scalar())
      return std::vector<std::int32_t>(axes, static_cast<std::int32_t>(field.integer(low, kLargestWindow)));
    std::vector<std::int32_t> numbers;
    for (const Field& item : field.items())
      numbers.push_back(static_cast<std::int32_t>(item.integer(low, kLargestWindow)));
    if (numbers.size() != axes)
      field.fail(fmt::format("has {} numbers", numbers.size()), fmt::format("one, or {}: one an axis", axes));
    return numbers;
  }
  /// @param padded  what is not said: half the window on both sides; else none, and the kernel as stride
  Windows windows(const Field& item, int input, std::int32_t kernel, bool padded) const {
    const std::size_t axes = build_.shape(input).size() - 1;
    const auto kernels =
        item.find("kernel") ? per_axis(item.at("kernel"), axes, 1) : std::vector<std::int32_t>(axes, kernel);
    auto strides = padded ? std::vector<std::int32_t>(axes, 1) : kernels;
    if (const auto stride = item.find("stride")) strides = per_axis(*stride, axes, 1);
    std::vector<std::int32_t> dilations(axes, 1);
    if (const auto dilation = item.find("dilation")) dilations = per_axis(*dilation, axes, 1);
    Windows result;
    for (std::size_t axis = 0; axis < axes; ++axis) {
      if (dilations[axis] > 1 && strides[axis] > 1)
        item.at("dilation")
            .fail(fmt::format("is {} beside a stride of {}", dilations[axis], strides[axis]),
                  "1 where the stride is more than 1");
      const std::int32_t half = padded ? kernels[axis] / 2 * dilations[axis] : 0;
      result.push_back({kernels[axis], strides[axis], half, half, dilations[axis]});
    }
    if (const auto padding = item.find("padding")) pad(*padding, input, result);
    return result;
  }
  /// `same`, or as many on both sides.
  void pad(const Field& padding, int input, Windows& windows) const {
    if (padding.is_scalar() && padding.text() == "same") {
      for (std::size_t axis = 0; axis < windows.size(); ++axis)
        windows[axis] = same_window(windows[axis], build_.shape(input)[axis]);
      return;
    }
    const std::vector<std::int32_t> pads = per_axis(padding, windows.size(), 0);
    for (std::size_t axis = 0; axis < windows.size(); ++axis)
      windows[axis].pad_before = windows[axis].pad_after = pads[axis];
  }

  /// The name given, or "<kind><number>".
  std::string name_of(const Field& item, const std::string& kind) {
    const auto given = item.find("name");
    std::string name = given ? given->text() : kind;
    if (!is_identifier(name)) given->fail(fmt::format("is '{}'", name), kIdentifier);
    const int again = ++uses_[name];
    if (!given || again > 1) name += std::to_string(again);
    return name;
  }
  int named(const Field& field) const {
    const std::string name = field.text();
    if (name == "input") return kInput;
    const auto found = names_.find(name);
    if (found != names_.end()) return found->second;
    std::vector<std::string> known{"input"};
    for (const auto& [other, index] : names_) known.push_back(other);
    field.fail(fmt::format("is '{}', no layer before it", name), fmt::format("{}", fmt::join(known, ", ")));
  }
  std::vector<int> inputs(const Field& item) const {
    std::vector<int> result;
    for (const Field& one : item.at("inputs").items()) result.push_back(named(one));
    return result;
  }

  Builder& build_;
  std::int32_t classes_;
  std::map<std::string, int> names_;  ///< the layers that have names, by them
  std::map<std::string, int> uses_;
  std::vector<std::string> places_;  ///< [layers]
  std::size_t items_ = 0;
};

bool is_mcunet(const Field& file) {
  return file.find("first_conv").has_value() && file.find("blocks").has_value();
}

std::string name_of(const Field& file) {
  const auto name = file.find("name");
  if (name && !is_identifier(name->text())) name->fail(fmt::format("is '{}'", name->text()), kIdentifier);
  return name ? name->text() : "network";
}

}  // namespace

FileTask read_network_task(std::string_view text, std::string_view where) {
  const Field file = Field::from_text(text, where);
  FileTask task;
  if (is_mcunet(file)) {
    const auto side = static_cast<std::int32_t>(file.at("resolution").integer(1, 4096));
    task.input = Shape{side, side, 3};
    task.classes = static_cast<std::int32_t>(file.at("classifier").at("out_features").integer(1, 1 << 16));
    return task;
  }
  if (const auto input = file.find("input")) {
    task.input.emplace();
    for (const Field& length : input->items())
      task.input->push_back(static_cast<std::int32_t>(length.integer(1, 1 << 20)));
  }
  if (const auto classes = file.find("classes"))
    task.classes = static_cast<std::int32_t>(classes->integer(1, 1 << 16));
  return task;
}

Description read_network(std::string_view text, std::string_view where, const Task& task) {
  const Field file = Field::from_text(text, where);
  if (is_mcunet(file)) return read_mcunet(file, task);
  file.expect_keys({"name", "input", "classes", "layers"});
  const FileTask said = read_network_task(text, where);
  if (said.input && *said.input != task.input)
    file.at("input").fail(fmt::format("is [{}]", fmt::join(*said.input, ", ")),
                          fmt::format("[{}]: the data's", fmt::join(task.input, ", ")));
  if (said.classes && *said.classes != task.classes)
    file.at("classes").fail(fmt::format("is {}", *said.classes), fmt::format("{}: the data's", task.classes));
  Builder build(name_of(file), task.input, std::string(where));
  const Field layers = file.at("layers");
  Reader reader(build, task.classes);
  const int last = reader.read(layers, kInput);
  if (last == kInput || build.shape(last) != Shape{task.classes})
    layers.fail(last == kInput ? "is empty" : fmt::format("ends in [{}]", fmt::join(build.shape(last), ", ")),
                fmt::format("[{}], one number a class: a linear layer of 'classes' channels", task.classes));
  Description description = std::move(build).finish();
  reader.expect_all_read(description);
  return description;
}

}  // namespace parsimony::network
