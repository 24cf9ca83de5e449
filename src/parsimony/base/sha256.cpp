#include "parsimony/base/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "parsimony/base/contracts.hpp"

namespace parsimony {

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  PARSIMONY_ENSURES(done == 1 && size == digest.size());
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace parsimony
