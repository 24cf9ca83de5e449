#include "parsimony/data/npz_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "parsimony/base/errors.hpp"
#include "parsimony/data/file_tree.hpp"
#include "parsimony/data/named_cases.hpp"
#include "parsimony/data/npy_array.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

/// The arrays' bytes by name: "X_train" for X_train.npy.
struct Arrays {
  std::map<std::string, std::string> bytes;
  std::string where;

  /// The first of these names that is there.
  std::optional<NpyArray> find(const std::vector<std::string>& names) const {
    for (const std::string& name : names)
      if (const auto found = bytes.find(name); found != bytes.end())
        return NpyArray(found->second, fmt::format("{}: {}", where, name));
    return std::nullopt;
  }
  NpyArray at(const std::vector<std::string>& names) const {
    if (auto array = find(names)) return *array;
    std::vector<std::string> held;
    for (const auto& [name, unused] : bytes) held.push_back(name);
    throw InputError(where, fmt::format("holds no array {}, only {}", names.front(), fmt::join(held, ", ")),
                     "X_train, y_train, X_test, y_test, or X, y; groups besides");
  }
};

/// Size and stride of one axis; an axis that the array lacks has size 1.
struct Axis {
  std::uint64_t size = 1, stride = 0;
};

Axis axis_of(const NpyArray& array, const std::string& axes, char letter) {
  const std::size_t at = axes.find(letter);
  return at == std::string::npos ? Axis{} : Axis{array.shape()[at], array.strides()[at]};
}

/// @throws InputError unless the letters are n, then l, or h and w, and perhaps c, each once
std::string checked_axes(const NpyArray& array, const std::string& given) {
  static const std::vector<std::string> by_count = {"", "", "nl", "ncl", "nchw"};
  const std::size_t count = array.shape().size();
  const std::string axes = !given.empty() ? given : count < by_count.size() ? by_count[count] : "";
  std::string sorted = axes;
  std::sort(sorted.begin(), sorted.end());
  const bool known = sorted == "ln" || sorted == "cln" || sorted == "hnw" || sorted == "chnw";
  if (!known || axes.size() != count)
    throw InputError(array.where(), fmt::format("has {} axes, data.axes is \"{}\"", count, given),
                     "one letter an axis: n, l (or h and w), and perhaps c, such as ncl, nlc, nhw, nchw");
  return axes;
}

void read_values(const NpyArray& array, const std::string& given, Dataset& data) {
  constexpr std::uint64_t kLongest = 1 << 24;  // values of a case: far over what a microcontroller takes
  const std::string axes = checked_axes(array, given);
  const Axis n = axis_of(array, axes, 'n'), c = axis_of(array, axes, 'c');
  const Axis h = axis_of(array, axes, 'h');
  const Axis w = axis_of(array, axes, axes.find('l') == std::string::npos ? 'w' : 'l');
  if (array.size() == 0 || c.size > kLongest || h.size > kLongest || w.size > kLongest ||
      c.size * h.size > kLongest || c.size * h.size * w.size > kLongest)
    throw InputError(array.where(), fmt::format("has the shape ({})", fmt::join(array.shape(), ", ")),
                     fmt::format("1 to {} values a case, and a case", kLongest));
  data.channels = static_cast<std::int32_t>(c.size);
  data.height = static_cast<std::int32_t>(h.size);
  data.length = static_cast<std::int32_t>(h.size * w.size);
  data.values.reserve(array.size());
  for (std::uint64_t i = 0; i < n.size; ++i)
    for (std::uint64_t y = 0; y < h.size; ++y)
      for (std::uint64_t x = 0; x < w.size; ++x)
        for (std::uint64_t k = 0; k < c.size; ++k)
          data.values.push_back(array.number(i * n.stride + y * h.stride + x * w.stride + k * c.stride));
}

std::vector<std::string> read_names(const NpyArray& array, std::int64_t cases) {
  if (array.shape() != std::vector<std::uint64_t>{static_cast<std::uint64_t>(cases)} &&
      array.shape() != std::vector<std::uint64_t>{static_cast<std::uint64_t>(cases), 1})
    throw InputError(array.where(), fmt::format("has the shape ({})", fmt::join(array.shape(), ", ")),
                     fmt::format("({}), one for each case", cases));
  std::vector<std::string> names;
  for (std::uint64_t i = 0; i < array.size(); ++i) names.push_back(array.name(i));
  return names;
}

/// @param part  "_train", "_test" or ""
NamedCases read_part(const Arrays& arrays, const std::string& part, const SourceOptions& options) {
  NamedCases cases;
  const NpyArray values = arrays.at({"X" + part, "x" + part});
  read_values(values, options.axes, cases.data);
  const std::int64_t count = static_cast<std::int64_t>(cases.data.values.size()) / cases.data.case_size();
  const std::vector<std::string> label_names{"y" + part, "Y" + part};
  if (options.may_lack_labels && !arrays.find(label_names))
    cases.labels.resize(static_cast<std::size_t>(count));
  else
    cases.labels = read_names(arrays.at(label_names), count);
  if (const auto groups = arrays.find({"groups" + part})) cases.groups = read_names(*groups, count);
  for (std::int64_t i = 0; i < count; ++i)
    cases.places.push_back(fmt::format("{}, case {}", values.where(), i));
  return cases;
}

Arrays read_arrays(const fs::path& path) {
  Arrays arrays{{}, path.string()};
  if (!fs::is_directory(path) && !names_archive(path))
    throw InputError(path.string(), "is neither a .npz file nor a folder",
                     "NAME.npz, or a folder of .npy files");
  visit_files(path, {".npy"}, [&](const std::string& name, std::string bytes) {
    arrays.bytes[name.substr(0, name.size() - 4)] = std::move(bytes);
  });
  return arrays;
}

}  // namespace

DataSource read_npz(const fs::path& path, const SourceOptions& options) {
  const Arrays arrays = read_arrays(path);
  const bool whole = arrays.find({"X", "x"}).has_value();
  NamedCases train = read_part(arrays, whole ? "" : "_train", options);
  std::optional<NamedCases> test;
  if (!whole) test = read_part(arrays, "_test", options);
  return assemble(data_name(path), std::move(train), std::move(test), options);
}

NamedCases read_npz_cases(const fs::path& path, const SourceOptions& options) {
  const Arrays arrays = read_arrays(path);
  const bool whole = arrays.find({"X", "x"}).has_value();
  return read_part(arrays, whole ? "" : "_test", options);
}

}  // namespace parsimony::data
