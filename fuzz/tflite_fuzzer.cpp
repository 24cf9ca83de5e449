// Any bytes: a network or an InputError.
#include "parsimony/base/errors.hpp"
#include "parsimony/import/tflite.hpp"
#include "same_everywhere.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    parsimony::fuzz::expect_same_everywhere(parsimony::tflite::import_model({data, size}, "fuzz.tflite"));
  } catch (const parsimony::InputError&) {
  }
  return 0;
}
