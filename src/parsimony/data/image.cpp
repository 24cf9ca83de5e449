#include "parsimony/data/image.hpp"

#include <fmt/format.h>
#include <png.h>

#include <csetjmp>
#include <cstdio>
// after <cstdio>, which it needs
#include <jpeglib.h>

#include <algorithm>
#include <cmath>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"

namespace parsimony::data {
namespace {

Image sized_image(const std::string& where, std::uint64_t height, std::uint64_t width,
                  std::int32_t channels) {
  if (height < 1 || width < 1 || height > kLongestSide || width > kLongestSide)
    throw InputError(where, fmt::format("is an image of {} × {} pixels", height, width),
                     fmt::format("1 to {} on each side", kLongestSide));
  Image image{static_cast<std::int32_t>(height), static_cast<std::int32_t>(width), channels, {}};
  image.pixels.resize(height * width * static_cast<std::size_t>(channels));
  return image;
}

[[noreturn]] void fail_corrupt(const std::string& where, const char* kind, const char* text) {
  throw InputError(where, fmt::format("is a corrupt {}: {}", kind, text));
}

/// libjpeg's errors come back here by longjmp: between setjmp and the last call nothing is made that has a
/// destructor.
struct JpegErrors {
  jpeg_error_mgr manager;
  std::jmp_buf back;
  char text[JMSG_LENGTH_MAX];

  static void jump(j_common_ptr info) {
    auto* const errors = reinterpret_cast<JpegErrors*>(info->err);
    info->err->format_message(info, errors->text);
    std::longjmp(errors->back, 1);
  }
  /// A warning (data cut off or damaged) is an error here.
  static void refuse_warning(j_common_ptr info, int level) {
    if (level < 0) jump(info);
  }
};

class JpegReader {
 public:
  JpegReader(std::string_view bytes, std::int32_t channels) : bytes_(bytes), channels_(channels) {
    info_.err = jpeg_std_error(&errors_.manager);
    errors_.manager.error_exit = JpegErrors::jump;
    errors_.manager.emit_message = JpegErrors::refuse_warning;
    jpeg_create_decompress(&info_);
  }
  ~JpegReader() { jpeg_destroy_decompress(&info_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  const char* message() const { return errors_.text; }
  std::uint64_t height() const { return info_.image_height; }
  std::uint64_t width() const { return info_.image_width; }
  std::int32_t channels() const { return info_.out_color_space == JCS_GRAYSCALE ? 1 : 3; }

  bool read_header() {
    if (setjmp(errors_.back) != 0) return false;
    jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size());
    jpeg_read_header(&info_, TRUE);
    const bool grey = channels_ == 1 || (channels_ == 0 && info_.jpeg_color_space == JCS_GRAYSCALE);
    info_.out_color_space = grey ? JCS_GRAYSCALE : JCS_RGB;
    info_.dct_method = JDCT_ISLOW;  // its result does not depend on the processor
    return true;
  }

  bool read_pixels(std::uint8_t* pixels) {
    if (setjmp(errors_.back) != 0) return false;
    jpeg_start_decompress(&info_);
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW row = pixels + static_cast<std::size_t>(info_.output_scanline) * info_.output_width *
                                  static_cast<std::size_t>(info_.output_components);
      jpeg_read_scanlines(&info_, &row, 1);
    }
    jpeg_finish_decompress(&info_);
    return true;
  }

 private:
  std::string_view bytes_;
  std::int32_t channels_;
  jpeg_decompress_struct info_{};
  JpegErrors errors_{};
};

Image decode_jpeg(std::string_view bytes, const std::string& where, std::int32_t channels) {
  JpegReader reader(bytes, channels);
  if (!reader.read_header()) fail_corrupt(where, "JPEG", reader.message());
  Image image = sized_image(where, reader.height(), reader.width(), reader.channels());
  if (!reader.read_pixels(image.pixels.data())) fail_corrupt(where, "JPEG", reader.message());
  return image;
}

Image decode_png(std::string_view bytes, const std::string& where, std::int32_t channels) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()) == 0)
    fail_corrupt(where, "PNG", png.message);
  const bool grey = channels == 1 || (channels == 0 && (png.format & PNG_FORMAT_FLAG_COLOR) == 0);
  png.format = grey ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  Image image;
  try {
    image = sized_image(where, png.height, png.width, grey ? 1 : 3);
  } catch (...) {
    png_image_free(&png);
    throw;
  }
  const png_color black{0, 0, 0};
  if (png_image_finish_read(&png, &black, image.pixels.data(), 0, nullptr) == 0 || png.warning_or_error != 0)
    fail_corrupt(where, "PNG", png.message);
  return image;
}

/// For each new step: the first old one that it covers, and the weights of those from there on.
struct Weights {
  std::vector<std::size_t> first;
  std::vector<std::vector<float>> share;
};

Weights weights_of(std::int32_t from, std::int32_t to) {
  const double scale = static_cast<double>(from) / to, reach = std::max(scale, 1.0);
  Weights weights;
  for (std::int32_t i = 0; i < to; ++i) {
    const double middle = (i + 0.5) * scale - 0.5;
    const auto low = std::max(0, static_cast<std::int32_t>(std::ceil(middle - reach)));
    const auto high = std::min(from - 1, static_cast<std::int32_t>(std::floor(middle + reach)));
    std::vector<float> share;
    double sum = 0.0;
    for (std::int32_t k = low; k <= high; ++k) sum += std::max(0.0, 1.0 - std::abs(k - middle) / reach);
    for (std::int32_t k = low; k <= high; ++k)
      share.push_back(static_cast<float>(std::max(0.0, 1.0 - std::abs(k - middle) / reach) / sum));
    weights.first.push_back(static_cast<std::size_t>(low));
    weights.share.push_back(std::move(share));
  }
  return weights;
}

/// Weighs the middle axis of values [outer, from, inner]: [outer, to, inner].
std::vector<float> weighed(const std::vector<float>& values, std::size_t outer, std::size_t from,
                           std::size_t inner, const Weights& weights) {
  std::vector<float> result(outer * weights.first.size() * inner, 0.0f);
  for (std::size_t o = 0; o < outer; ++o)
    for (std::size_t t = 0; t < weights.first.size(); ++t)
      for (std::size_t k = 0; k < weights.share[t].size(); ++k)
        for (std::size_t i = 0; i < inner; ++i)
          result[(o * weights.first.size() + t) * inner + i] +=
              weights.share[t][k] * values[(o * from + weights.first[t] + k) * inner + i];
  return result;
}

}  // namespace

Image decode_image(std::string_view bytes, const std::string& where, std::int32_t channels) {
  PARSIMONY_EXPECTS(channels == 0 || channels == 1 || channels == 3);
  if (bytes.starts_with("\xff\xd8\xff")) return decode_jpeg(bytes, where, channels);
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return decode_png(bytes, where, channels);
  throw InputError(where, bytes.empty() ? "is empty" : "is no image that is known by its first bytes",
                   "JPEG, PNG");
}

Image resized(const Image& image, std::int32_t height, std::int32_t width) {
  PARSIMONY_EXPECTS(height > 0 && width > 0);
  if (height == image.height && width == image.width) return image;
  const auto channels = static_cast<std::size_t>(image.channels);
  std::vector<float> values(image.pixels.begin(), image.pixels.end());
  values = weighed(values, static_cast<std::size_t>(image.height), static_cast<std::size_t>(image.width),
                   channels, weights_of(image.width, width));
  values = weighed(values, 1, static_cast<std::size_t>(image.height),
                   static_cast<std::size_t>(width) * channels, weights_of(image.height, height));
  Image result{height, width, image.channels, {}};
  for (const float value : values)
    result.pixels.push_back(static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L)));
  return result;
}

}  // namespace parsimony::data
