#include "parsimony/data/image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "data_test_support.hpp"
#include "image_bytes.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/data/image_folder.hpp"

namespace parsimony::data {
namespace {

/// A smooth image, so that JPEG changes little.
Image smooth_image(std::int32_t height, std::int32_t width, std::int32_t channels) {
  Image image{height, width, channels, {}};
  for (std::int32_t y = 0; y < height; ++y)
    for (std::int32_t x = 0; x < width; ++x)
      for (std::int32_t c = 0; c < channels; ++c)
        image.pixels.push_back(static_cast<std::uint8_t>(20 + 90 * y / height + 90 * x / width + 20 * c));
  return image;
}

TEST(DecodeImage, GivesBackWhatAPngHolds) {
  for (const std::int32_t channels : {1, 3}) {
    const Image image = smooth_image(7, 12, channels);
    const Image read = decode_image(png_bytes(image), "x");
    EXPECT_EQ(read.height, 7);
    EXPECT_EQ(read.width, 12);
    EXPECT_EQ(read.channels, channels);
    EXPECT_EQ(read.pixels, image.pixels);
  }
}

TEST(DecodeImage, GivesBackWhatAJpegHoldsToItsLoss) {
  for (const std::int32_t channels : {1, 3}) {
    const Image image = smooth_image(24, 17, channels);
    const Image read = decode_image(jpeg_bytes(image), "x");
    ASSERT_EQ(read.pixels.size(), image.pixels.size());
    for (std::size_t i = 0; i < image.pixels.size(); ++i) EXPECT_NEAR(read.pixels[i], image.pixels[i], 8);
  }
}

TEST(DecodeImage, MakesTheColourAskedFor) {
  const Image grey = smooth_image(4, 4, 1);
  for (const std::string& bytes : {png_bytes(grey), jpeg_bytes(grey)}) {
    const Image colour = decode_image(bytes, "x", 3);
    EXPECT_EQ(colour.channels, 3);
    for (std::size_t i = 0; i < grey.pixels.size(); ++i)
      EXPECT_NEAR(colour.pixels[3 * i + 1], grey.pixels[i], 4);
  }
  EXPECT_EQ(decode_image(jpeg_bytes(smooth_image(4, 4, 3)), "x", 1).channels, 1);
  EXPECT_EQ(decode_image(png_bytes(smooth_image(4, 4, 3)), "x", 1).channels, 1);
}

TEST(DecodeImage, RefusesEveryCut) {
  for (const std::string& whole : {png_bytes(smooth_image(16, 16, 3)), jpeg_bytes(smooth_image(16, 16, 3))})
    for (std::size_t bytes = 0; bytes + 13 < whole.size(); ++bytes)
      EXPECT_THROW(decode_image(whole.substr(0, bytes), "x"), InputError) << bytes << " of " << whole.size();
}

TEST(DecodeImage, SurvivesAnyDamage) {
  for (const std::string& whole : {png_bytes(smooth_image(16, 16, 3)), jpeg_bytes(smooth_image(16, 16, 3))})
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      RandomStream random(seed, 0, "test.damage");
      std::string damaged = whole;
      for (std::uint64_t k = 1 + random.below(8); k > 0; --k)
        damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
      try {
        const Image image = decode_image(damaged, "x");
        EXPECT_EQ(image.pixels.size(), static_cast<std::size_t>(image.height * image.width * image.channels));
      } catch (const InputError&) {
      }
    }
}

TEST(DecodeImage, RefusesAHugeSizeBeforeItTakesTheMemory) {
  std::string bytes = jpeg_bytes(smooth_image(16, 16, 3));
  const std::size_t frame = bytes.find("\xff\xc0");
  ASSERT_NE(frame, std::string::npos);
  bytes[frame + 5] = bytes[frame + 7] = '\x40';
  EXPECT_THAT([&] { decode_image(bytes, "x.jpg"); },
              testing::ThrowsMessage<InputError>(
                  testing::StartsWith("x.jpg: is an image of 16400 × 16400 pixels; allowed: 1 to 8192")));
}

TEST(DecodeImage, NamesWhatIsNoImage) {
  EXPECT_THAT([] { decode_image("GIF89a", "x.png"); },
              testing::ThrowsMessage<InputError>(
                  "x.png: is no image that is known by its first bytes; allowed: JPEG, PNG"));
}

TEST(Resized, KeepsAConstantImageAndTheMeanOfAnother) {
  RandomStream random(1, 0, "test.resize");
  for (int i = 0; i < 30; ++i) {
    const auto side = [&] { return 1 + static_cast<std::int32_t>(random.below(40)); };
    Image image{side(), side(), 3, {}};
    image.pixels.assign(static_cast<std::size_t>(image.height * image.width * 3), 77);
    const Image other = resized(image, side(), side());
    EXPECT_EQ(other.pixels.size(), static_cast<std::size_t>(other.height * other.width * 3));
    EXPECT_THAT(other.pixels, testing::Each(77));
  }
}

TEST(Resized, HalvesByTheTriangleAndDoublesByTheLine) {
  const Image row{1, 4, 1, {0, 80, 160, 240}};
  EXPECT_EQ(resized(row, 1, 2).pixels, (std::vector<std::uint8_t>{57, 183}));
  EXPECT_EQ(resized({1, 2, 1, {0, 100}}, 1, 4).pixels, (std::vector<std::uint8_t>{0, 25, 75, 100}));
}

/// train/{a,b} with four images each, test/{a,b} with two.
void write_images(const std::filesystem::path& folder, const Image& image) {
  for (const char* part : {"train", "test"})
    for (const char* label : {"a", "b"})
      for (int i = 0; i < (part[1] == 'r' ? 4 : 2); ++i)
        write_file(folder / part / label / (std::to_string(i) + ".png"), png_bytes(image));
}

TEST(ImageFolder, ReadsPartsClassesAndShape) {
  const TemporaryFolder folder("images");
  const Image image = smooth_image(3, 5, 3);
  write_images(folder.path(), image);
  const DataSource source = read_image_folder(folder.path(), {}, {});
  EXPECT_EQ(source.train.size(), 8);
  EXPECT_EQ(source.test.size(), 4);
  EXPECT_EQ(source.train.height, 3);
  EXPECT_EQ(source.train.width(), 5);
  EXPECT_EQ(source.train.class_names, (std::vector<std::string>{"a", "b"}));
  EXPECT_THAT(source.train.case_values(0), testing::ElementsAreArray(image.pixels));
}

TEST(ImageFolder, RefusesAnotherSizeOrColourUnlessBroughtToOne) {
  const TemporaryFolder folder("images");
  write_images(folder.path(), smooth_image(3, 5, 3));
  const auto odd = folder.path() / "train/b/9.png";
  write_file(odd, png_bytes(smooth_image(4, 4, 3)));
  EXPECT_THAT(
      [&] { read_image_folder(folder.path(), {}, {}); },
      testing::ThrowsMessage<InputError>(testing::HasSubstr("9.png: has 4 × 4 pixels; allowed: 3 × 5, as ")));
  EXPECT_EQ(read_image_folder(folder.path(), {}, {.size = "2x6"}).train.width(), 6);
  write_file(odd, png_bytes(smooth_image(3, 5, 1)));
  EXPECT_THAT([&] { read_image_folder(folder.path(), {}, {}); },
              testing::ThrowsMessage<InputError>(
                  testing::HasSubstr("9.png: has 1 colour channels; allowed: 3, as ")));
  EXPECT_EQ(read_image_folder(folder.path(), {}, {.colour = "grey"}).train.channels, 1);
}

TEST(ImageFolder, NamesTheCorruptImage) {
  const TemporaryFolder folder("images");
  write_images(folder.path(), smooth_image(3, 5, 3));
  const std::string whole = jpeg_bytes(smooth_image(16, 16, 3));
  write_file(folder.path() / "test/a/9.jpg", whole.substr(0, whole.size() / 2));
  EXPECT_THAT([&] { read_image_folder(folder.path(), {}, {}); },
              testing::ThrowsMessage<InputError>(testing::HasSubstr("test/a/9.jpg: is a corrupt JPEG: ")));
}

TEST(ImageFolder, RefusesASizeThatIsNone) {
  for (const char* size : {"32", "0x4", "4x", "4x4x4", "x4", "9999x9999"})
    EXPECT_THAT([&] { read_image_folder(".", {}, {.size = size}); },
                testing::ThrowsMessage<InputError>(testing::HasSubstr("data.size: is \"")));
}

}  // namespace
}  // namespace parsimony::data
