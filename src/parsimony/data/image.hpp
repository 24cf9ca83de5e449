#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parsimony::data {

/// Pixels of 8 bits a colour.
struct Image {
  std::int32_t height = 0, width = 0, channels = 0;  ///< channels: 1 grey, 3 red, green, blue
  std::vector<std::uint8_t> pixels;                  ///< [height, width, channels]
};

inline constexpr std::int32_t kLongestSide = 8192;  ///< [pixels] of an image that is read

/// A JPEG or PNG from memory, told apart by their first bytes. Grey stays grey and colour colour unless
/// `channels` asks for 1 or 3; transparency is laid over black; 16 bits become 8.
/// @param where  what messages call it
/// @throws InputError when the bytes are neither, corrupt or cut off, or a side is over kLongestSide
Image decode_image(std::string_view bytes, const std::string& where, std::int32_t channels = 0);

/// At another size: each pixel the weighted mean of those it covers, the weights a triangle as wide as the
/// larger of a step in the old and in the new image (bilinear when it grows).
Image resized(const Image& image, std::int32_t height, std::int32_t width);

}  // namespace parsimony::data
