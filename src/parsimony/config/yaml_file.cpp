#include "parsimony/config/yaml_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <utility>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"

namespace parsimony::config {

struct Field::Node {
  YAML::Node yaml;
};

namespace {

std::string kind_of(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      return fmt::format("is '{}'", node.Scalar());
    case YAML::NodeType::Sequence:
      return "is a list";
    case YAML::NodeType::Map:
      return "is a mapping";
    default:
      return "is empty";
  }
}

template <typename Number>
std::optional<Number> parse(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Field::Field(std::shared_ptr<const Node> node, std::string file, std::string path)
    : node_(std::move(node)), file_(std::move(file)), path_(std::move(path)) {}

Field Field::child(std::shared_ptr<const Node> node, std::string path) const {
  return Field(std::move(node), file_, std::move(path));
}

Field Field::from_file(const std::filesystem::path& path) {
  return from_text(read_file(path), path.string());
}

Field Field::from_text(std::string_view text, std::string_view where) {
  YAML::Node node;
  try {
    node = YAML::Load(std::string(text));
  } catch (const YAML::Exception& error) {
    throw InputError(fmt::format("{}:{}", where, error.mark.line + 1),
                     fmt::format("is no YAML: {}", error.msg));
  }
  if (!node.IsMap()) throw InputError(where, kind_of(node), "a mapping of fields");
  return Field(std::make_shared<Node>(Node{node}), std::string(where), "");
}

bool Field::is_scalar() const {
  return node_->yaml.IsScalar();
}
bool Field::is_sequence() const {
  return node_->yaml.IsSequence();
}
bool Field::is_mapping() const {
  return node_->yaml.IsMap();
}

std::optional<Field> Field::find(std::string_view key) const {
  if (!is_mapping()) fail(kind_of(node_->yaml), "a mapping");
  for (const auto& member : node_->yaml)
    if (member.first.IsScalar() && member.first.Scalar() == key && !member.second.IsNull())
      return child(std::make_shared<Node>(Node{member.second}),
                   path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key));
  return std::nullopt;
}

Field Field::at(std::string_view key) const {
  auto member = find(key);
  if (!member) fail(fmt::format("lacks '{}'", key), "it has no default and must be given");
  return *member;
}

std::vector<std::string> Field::keys() const {
  if (!is_mapping()) fail(kind_of(node_->yaml), "a mapping");
  std::vector<std::string> names;
  for (const auto& member : node_->yaml)
    names.push_back(member.first.IsScalar() ? member.first.Scalar() : "");
  return names;
}

std::vector<Field> Field::items() const {
  if (!is_sequence()) fail(kind_of(node_->yaml), "a list");
  std::vector<Field> fields;
  for (const auto& item : node_->yaml)
    fields.push_back(child(std::make_shared<Node>(Node{item}), fmt::format("{}[{}]", path_, fields.size())));
  return fields;
}

void Field::expect_keys(const std::vector<std::string>& known) const {
  std::set<std::string> seen;
  for (const std::string& key : keys()) {
    if (!seen.insert(key).second) fail(fmt::format("has '{}' twice", key));
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string near = nearest_name(key, known);
    const Field at_fault = find(key).value_or(*this);
    throw InputError(at_fault.place(),
                     near.empty() ? "unknown key" : fmt::format("unknown key; did you mean '{}'?", near),
                     fmt::format("{}", fmt::join(known, ", ")));
  }
}

std::string Field::text() const {
  if (!is_scalar()) fail(kind_of(node_->yaml), "a single value");
  return node_->yaml.Scalar();
}

std::int64_t Field::integer(std::int64_t low, std::int64_t high) const {
  const std::string allowed = fmt::format("an integer from {} to {}", low, high);
  if (!is_scalar()) fail(kind_of(node_->yaml), allowed);
  const auto value = parse<std::int64_t>(text());
  if (!value || *value < low || *value > high) fail(kind_of(node_->yaml), allowed);
  return *value;
}

double Field::number(double low, double high) const {
  const std::string allowed = fmt::format("a number from {} to {}", low, high);
  if (!is_scalar()) fail(kind_of(node_->yaml), allowed);
  const auto value = parse<double>(text());
  if (!value || !(*value >= low && *value <= high)) fail(kind_of(node_->yaml), allowed);
  return *value;
}

bool Field::boolean() const {
  const std::string word = is_scalar() ? text() : "";
  if (word != "true" && word != "false") fail(kind_of(node_->yaml), "true or false");
  return word == "true";
}

Bytes Field::bytes() const {
  if (!is_scalar()) fail(kind_of(node_->yaml), "a size such as 4096, 256 KB or 1 MB");
  return parse_bytes(place(), text());
}

double Field::seconds() const {
  if (!is_scalar()) fail(kind_of(node_->yaml), "a time such as 60 s, 5 min or 1 h");
  return parse_seconds(place(), text());
}

std::string Field::choice(const std::vector<std::string>& choices) const {
  const std::string word = is_scalar() ? text() : "";
  if (std::find(choices.begin(), choices.end(), word) != choices.end()) return word;
  const std::string near = nearest_name(word, choices);
  fail(kind_of(node_->yaml) + (near.empty() ? "" : fmt::format("; did you mean '{}'?", near)),
       fmt::format("{}", fmt::join(choices, ", ")));
}

std::string Field::place() const {
  const int line = node_->yaml.Mark().line;
  std::string place = line >= 0 ? fmt::format("{}:{}", file_, line + 1) : file_;
  if (!path_.empty()) place += ": " + path_;
  return place;
}

void Field::fail(std::string_view problem, std::string_view allowed) const {
  throw InputError(place(), problem, allowed);
}

}  // namespace parsimony::config
