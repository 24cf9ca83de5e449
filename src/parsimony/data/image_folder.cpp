#include "parsimony/data/image_folder.hpp"

#include <fmt/format.h>

#include <charconv>

#include "parsimony/base/errors.hpp"
#include "parsimony/data/file_tree.hpp"
#include "parsimony/data/image.hpp"
#include "parsimony/data/named_cases.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

struct ImageFile {
  std::string name, where;
  std::string label;
  std::vector<std::uint8_t> pixels;
};

/// What every image is brought to, or must have; 0 and nobody: as the first image has it.
struct Shape {
  std::int32_t height = 0, width = 0, channels = 0;
  std::string as;  ///< who says so
  bool resize = false;
};

/// "32x32"
Shape wanted_shape(const SourceOptions& options) {
  Shape shape;
  if (options.colour == "grey") shape.channels = 1;
  if (options.colour == "rgb") shape.channels = 3;
  if (options.size.empty()) return shape;
  const char* const end = options.size.data() + options.size.size();
  const auto height = std::from_chars(options.size.data(), end, shape.height);
  const bool divided = height.ptr != end && *height.ptr == 'x';
  const auto width = std::from_chars(height.ptr + (divided ? 1 : 0), end, shape.width);
  const auto fits = [](std::int32_t side) { return side >= 1 && side <= kLongestSide; };
  if (!divided || width.ptr != end || !fits(shape.height) || !fits(shape.width))
    throw InputError("data.size", fmt::format("is \"{}\"", options.size),
                     "HEIGHTxWIDTH in pixels, such as 32x32");
  shape.resize = true;
  return shape;
}

class ImageReader {
 public:
  explicit ImageReader(const SourceOptions& options)
      : shape_(wanted_shape(options)), colour_(shape_.channels), may_lack_labels_(options.may_lack_labels) {}

  const Shape& shape() const { return shape_; }

  std::vector<ImageFile> read(const fs::path& path) {
    std::vector<ImageFile> files;
    visit_files(path, {".jpg", ".jpeg", ".png"}, [&](const std::string& name, const std::string& bytes) {
      const std::string where = place_of(path, name);
      Image image = decode_image(bytes, where, colour_);
      if (shape_.resize) image = resized(image, shape_.height, shape_.width);
      require_shape(image, where);
      files.push_back({name, where,
                       folder_label_of(name, where, "a folder of the class's name", may_lack_labels_),
                       std::move(image.pixels)});
    });
    return files;
  }

 private:
  void require_shape(const Image& image, const std::string& where) {
    if (shape_.as.empty()) shape_ = {image.height, image.width, image.channels, where, shape_.resize};
    if (image.channels != shape_.channels)
      throw InputError(
          where, fmt::format("has {} colour channels", image.channels),
          fmt::format("{}, as {}, or `colour: rgb` or `grey` for all", shape_.channels, shape_.as));
    if (image.height != shape_.height || image.width != shape_.width)
      throw InputError(where, fmt::format("has {} × {} pixels", image.height, image.width),
                       fmt::format("{} × {}, as {}, or `size: HEIGHTxWIDTH` for all", shape_.height,
                                   shape_.width, shape_.as));
  }

  Shape shape_;
  std::int32_t colour_;
  bool may_lack_labels_;
};

NamedCases cases_of(std::vector<ImageFile> files, const Shape& shape) {
  NamedCases cases;
  cases.data.height = shape.height;
  cases.data.length = shape.height * shape.width;
  cases.data.channels = shape.channels;
  cases.data.values.reserve(files.size() * static_cast<std::size_t>(cases.data.case_size()));
  if (shape.channels == 3) cases.data.channel_names = {"red", "green", "blue"};
  for (ImageFile& file : files) {
    cases.data.values.insert(cases.data.values.end(), file.pixels.begin(), file.pixels.end());
    file.pixels = {};
    cases.labels.push_back(std::move(file.label));
    cases.places.push_back(std::move(file.where));
  }
  return cases;
}

}  // namespace

DataSource read_image_folder(const fs::path& path, const fs::path& test_path, const SourceOptions& options) {
  ImageReader reader(options);
  auto [train, test] = divided_by_folder(reader.read(path));
  if (!test_path.empty()) test = divided_by_folder(reader.read(test_path)).first;
  std::optional<NamedCases> test_cases;
  if (test) test_cases = cases_of(std::move(*test), reader.shape());
  return assemble(data_name(path), cases_of(std::move(train), reader.shape()), std::move(test_cases),
                  options);
}

NamedCases read_image_cases(const fs::path& path, const SourceOptions& options) {
  ImageReader reader(options);
  auto files = test_part_or_all(reader.read(path));
  return cases_of(std::move(files), reader.shape());
}

}  // namespace parsimony::data
