#include "parsimony/data/byte_images.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/data/file_tree.hpp"
#include "parsimony/data/image.hpp"
#include "parsimony/data/named_cases.hpp"
#include "parsimony/data/text_lines.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

std::uint8_t byte_at(const std::string& bytes, std::size_t place) {
  return static_cast<std::uint8_t>(bytes[place]);
}

/// An idx file's sizes, one an axis, and where its bytes begin.
struct IdxHeader {
  std::vector<std::uint64_t> sizes;
  std::size_t start = 0;
};

/// @throws InputError unless the file holds unsigned bytes along `axes` axes, all of them
IdxHeader idx_header(const std::string& bytes, std::size_t axes, const std::string& where) {
  IdxHeader header;
  header.start = 4 + 4 * axes;
  const std::string magic{'\0', '\0', '\x08', static_cast<char>(axes)};
  if (bytes.size() < header.start || !bytes.starts_with(magic))
    throw InputError(where, "does not begin as an idx file of bytes does",
                     fmt::format("00 00 08 {:02}, then {} sizes", axes, axes));
  std::uint64_t count = 1;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    std::uint64_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size << 8 | byte_at(bytes, 4 + 4 * axis + i);
    header.sizes.push_back(size);
    if (axis > 0 && (size == 0 || size > static_cast<std::uint64_t>(kLongestSide)))
      throw InputError(where, fmt::format("has images with a side of {}", size),
                       fmt::format("1 to {}", kLongestSide));
    count *= size;  // at most 2³² · 2¹³ · 2¹³
  }
  if (count == 0 || bytes.size() - header.start != count)
    throw InputError(
        where, fmt::format("holds {} bytes behind its header; is it cut off?", bytes.size() - header.start),
        fmt::format("{}, as its header says, and not 0", count));
  return header;
}

/// The file's bytes and name, as it is or with .gz.
std::pair<std::string, std::string> read_packed(const fs::path& file) {
  const fs::path gz = file.string() + ".gz";
  const fs::path found = !fs::exists(file) && fs::exists(gz) ? gz : file;
  return {decompressed(read_file(found), found.string()), found.string()};
}

NamedCases read_idx_part(const fs::path& folder, const std::string& name) {
  const auto [images, where] = read_packed(folder / (name + "-images-idx3-ubyte"));
  const auto [labels, labels_where] = read_packed(folder / (name + "-labels-idx1-ubyte"));
  const IdxHeader header = idx_header(images, 3, where), label_header = idx_header(labels, 1, labels_where);
  if (label_header.sizes[0] != header.sizes[0])
    throw InputError(labels_where, fmt::format("holds {} labels", label_header.sizes[0]),
                     fmt::format("{}, one for each image", header.sizes[0]));
  NamedCases cases;
  cases.data.height = static_cast<std::int32_t>(header.sizes[1]);
  cases.data.length = static_cast<std::int32_t>(header.sizes[1] * header.sizes[2]);
  cases.data.channels = 1;
  cases.data.values.reserve(images.size() - header.start);
  for (std::size_t i = header.start; i < images.size(); ++i) cases.data.values.push_back(byte_at(images, i));
  for (std::size_t i = label_header.start; i < labels.size(); ++i) {
    cases.labels.push_back(std::to_string(byte_at(labels, i)));
    cases.places.push_back(fmt::format("{}, case {}", labels_where, i - label_header.start));
  }
  return cases;
}

constexpr std::int32_t kCifarSide = 32, kCifarChannels = 3, kCifarClasses = 10;
constexpr std::size_t kCifarPixels = kCifarSide * kCifarSide;
constexpr std::size_t kCifarRecord = 1 + kCifarChannels * kCifarPixels;  // label, then a plane a colour

std::vector<std::string> cifar_classes(const fs::path& folder) {
  std::vector<std::string> names;
  if (const fs::path meta = folder / "batches.meta.txt"; fs::exists(meta)) {
    const std::string text = read_file(meta), where = meta.string();
    TextLines lines(text, where, 0);
    while (const auto line = lines.next()) names.emplace_back(*line);
    if (names.size() != kCifarClasses)
      throw InputError(where, fmt::format("names {} classes", names.size()), std::to_string(kCifarClasses));
    return names;
  }
  for (std::int32_t c = 0; c < kCifarClasses; ++c) names.push_back(std::to_string(c));
  return names;
}

void read_cifar_batch(const fs::path& file, NamedCases& cases) {
  const std::string bytes = read_file(file);
  if (bytes.empty() || bytes.size() % kCifarRecord != 0)
    throw InputError(file.string(), fmt::format("holds {} bytes; is it cut off?", bytes.size()),
                     fmt::format("a whole number of records of {} bytes", kCifarRecord));
  for (std::size_t start = 0; start < bytes.size(); start += kCifarRecord) {
    const std::string where = fmt::format("{}, record {}", file.string(), start / kCifarRecord);
    const std::size_t label = byte_at(bytes, start);
    if (label >= cases.data.class_names.size())
      throw InputError(where, fmt::format("has the label {}", label),
                       fmt::format("0 to {}", kCifarClasses - 1));
    cases.labels.push_back(cases.data.class_names[label]);
    cases.places.push_back(where);
    for (std::size_t pixel = 0; pixel < kCifarPixels; ++pixel)
      for (std::size_t c = 0; c < kCifarChannels; ++c)
        cases.data.values.push_back(byte_at(bytes, start + 1 + c * kCifarPixels + pixel));
  }
}

NamedCases empty_cifar_part(const fs::path& folder) {
  NamedCases cases;
  cases.data.height = kCifarSide;
  cases.data.length = static_cast<std::int32_t>(kCifarPixels);
  cases.data.channels = kCifarChannels;
  cases.data.channel_names = {"red", "green", "blue"};
  cases.data.class_names = cifar_classes(folder);
  return cases;
}

}  // namespace

DataSource read_idx(const fs::path& folder, const SourceOptions& options) {
  return assemble(data_name(folder), read_idx_part(folder, "train"), read_idx_part(folder, "t10k"), options);
}

DataSource read_cifar10(const fs::path& folder, const SourceOptions& options) {
  NamedCases train = empty_cifar_part(folder), test = empty_cifar_part(folder);
  for (int batch = 1; batch <= 5; ++batch)
    read_cifar_batch(folder / fmt::format("data_batch_{}.bin", batch), train);
  read_cifar_batch(folder / "test_batch.bin", test);
  return assemble(data_name(folder), std::move(train), std::move(test), options);
}

}  // namespace parsimony::data
