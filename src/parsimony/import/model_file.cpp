#include "parsimony/import/model_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/ir/verify.hpp"

namespace parsimony::tflite {
namespace {

constexpr std::size_t kAlignment = 16;
/// Constants shared by many operators are copied once for each; together they may be this much larger than
/// the file before we call it hostile.
constexpr std::int64_t kMostCopies = 16;

/// A name of the file's, fit for a terminal.
std::string printable(std::string_view name) {
  constexpr std::size_t kMost = 80;
  std::string text(name.substr(0, kMost));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return name.size() > kMost ? text + "..." : text;
}

template <typename Vector>
std::size_t size_of(const Vector* vector) {
  return vector == nullptr ? 0 : vector->size();
}

/// The verifier lets a vector of 8-byte numbers begin at any multiple of 4.
std::int64_t number_at(const flatbuffers::Vector<std::int64_t>& vector, std::size_t k) {
  std::int64_t number = 0;
  std::memcpy(&number, vector.Data() + k * sizeof(number), sizeof(number));
  return flatbuffers::EndianScalar(number);
}

}  // namespace

Place Place::tensor(std::int32_t number, std::string_view name) const {
  return Place(fmt::format("{}{}tensor {} '{}'", text_, separator_, number, printable(name)));
}

void Place::fail(std::string_view problem, std::string_view allowed) const {
  throw InputError(text_, problem, allowed);
}

ModelFile::ModelFile(std::span<const std::uint8_t> bytes, std::string_view where) : where_(where) {
  constexpr std::size_t kHeader = 8, kMostBytes = std::numeric_limits<std::int32_t>::max();
  if (bytes.size() < kHeader || bytes.size() > kMostBytes ||
      !flatbuffers::BufferHasIdentifier(bytes.data(), schema::ModelIdentifier()))
    place().fail("is no .tflite file", "a flatbuffer with the identifier TFL3 at byte 4");
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % kAlignment != 0) {
    aligned_.resize(bytes.size() / sizeof(std::uint64_t) + 1);
    std::memcpy(aligned_.data(), bytes.data(), bytes.size());
    bytes = {reinterpret_cast<const std::uint8_t*>(aligned_.data()), bytes.size()};
  }
  flatbuffers::Verifier verifier(bytes.data(), bytes.size());
  if (!schema::VerifyModelBuffer(verifier))
    place().fail("is damaged: offsets or sizes lead outside the file");
  model_ = schema::GetModel(bytes.data());
  constexpr std::uint32_t kVersion = 3;
  if (model_->version() != kVersion)
    place().fail(fmt::format("has schema version {}", model_->version()), fmt::format("{}", kVersion));
  if (size_of(model_->subgraphs()) != 1)
    place().fail(fmt::format("has {} subgraphs", size_of(model_->subgraphs())), "1");
  graph_ = model_->subgraphs()->Get(0);
  budget_ = kMostCopies * static_cast<std::int64_t>(bytes.size());
}

std::int32_t ModelFile::tensor_count() const {
  return static_cast<std::int32_t>(size_of(graph_->tensors()));
}

schema::BuiltinOperator ModelFile::code(const schema::Operator& op, const Place& place) const {
  if (op.opcode_index() >= size_of(model_->operator_codes()))
    place.fail(fmt::format("has operator code {}", op.opcode_index()),
               fmt::format("below {}", size_of(model_->operator_codes())));
  const schema::OperatorCode& code = *model_->operator_codes()->Get(op.opcode_index());
  const auto number = std::max<std::int32_t>(code.deprecated_builtin_code(), code.builtin_code());
  if (number < schema::BuiltinOperator_MIN || number > schema::BuiltinOperator_MAX)
    place.fail(fmt::format("is builtin operator {}", number), "one that we know");
  if (number == schema::BuiltinOperator_CUSTOM)
    place.fail(fmt::format("is the custom operator '{}'",
                           code.custom_code() == nullptr ? "" : printable(code.custom_code()->str())),
               "built-in ones");
  return static_cast<schema::BuiltinOperator>(number);
}

const schema::Tensor& ModelFile::tensor(std::int32_t number) const {
  PARSIMONY_EXPECTS(number >= 0 && number < tensor_count());
  return *graph_->tensors()->Get(static_cast<flatbuffers::uoffset_t>(number));
}

Place ModelFile::tensor_place(std::int32_t number, const Place& place) const {
  const flatbuffers::String* const name = tensor(number).name();
  return place.tensor(number, name == nullptr ? std::string_view() : name->string_view());
}

std::vector<std::int32_t> ModelFile::shape(std::int32_t number, const Place& place) const {
  const auto* const lengths = tensor(number).shape();
  const auto* const signature = tensor(number).shape_signature();
  constexpr std::size_t kMostAxes = 5;
  const Place here = tensor_place(number, place);
  if (size_of(lengths) > kMostAxes)
    here.fail(fmt::format("has {} axes", size_of(lengths)), fmt::format("{} at most", kMostAxes));
  std::vector<std::int32_t> shape;
  std::int64_t elements = 1;
  for (std::size_t axis = 0; axis < size_of(lengths); ++axis) {
    const std::int32_t length = lengths->Get(static_cast<flatbuffers::uoffset_t>(axis));
    const bool dynamic = axis > 0 && axis < size_of(signature) &&
                         signature->Get(static_cast<flatbuffers::uoffset_t>(axis)) < 0;
    if (dynamic || length < 0)
      here.fail(fmt::format("has a dynamic length along axis {}", axis), "shapes known when compiled");
    if (length < 1 || length > ir::kMaxDimension)
      here.fail(fmt::format("has length {} along axis {}", length, axis),
                fmt::format("1 to {}", ir::kMaxDimension));
    elements *= length;
    if (elements > ir::kMaxElements)
      here.fail("has too many elements", fmt::format("{} at most", ir::kMaxElements));
    shape.push_back(length);
  }
  if (shape.empty()) shape.push_back(1);
  return shape;
}

std::vector<std::int32_t> ModelFile::shape_without_batch(std::int32_t number, const Place& place) const {
  std::vector<std::int32_t> lengths = shape(number, place);
  if (lengths.size() > 1 && lengths[0] == 1) lengths.erase(lengths.begin());
  if (lengths.size() > 3)
    tensor_place(number, place)
        .fail(fmt::format("has shape [{}]", fmt::join(shape(number, place), ", ")),
              "a batch of 1 and three axes at most");
  return lengths;
}

ir::Quantisation ModelFile::quantisation(std::int32_t number, const Place& place) const {
  const Place here = tensor_place(number, place);
  const schema::QuantizationParameters* const parameters = tensor(number).quantization();
  if (parameters == nullptr || size_of(parameters->scale()) == 0)
    here.fail("has no quantisation", "a scale and a zero point");
  if (parameters->details_type() != 0) here.fail("has a block-wise or custom quantisation", "affine");
  if (size_of(parameters->scale()) != 1 || size_of(parameters->zero_point()) > 1)
    here.fail(fmt::format("has {} scales and {} zero points", size_of(parameters->scale()),
                          size_of(parameters->zero_point())),
              "one of each for an activation");
  const bool is_unsigned = tensor(number).type() == schema::TensorType_UINT8;
  const std::int64_t offset = is_unsigned ? 128 : 0;
  const std::int64_t zero_point =
      size_of(parameters->zero_point()) == 0 ? 0 : number_at(*parameters->zero_point(), 0);
  if (zero_point < -128 + offset || zero_point > 127 + offset)
    here.fail(fmt::format("has zero point {}", zero_point),
              fmt::format("{} to {}", -128 + offset, 127 + offset));
  const float scale = parameters->scale()->Get(0);
  if (!std::isfinite(scale) || scale < std::numeric_limits<float>::min())
    here.fail(fmt::format("has scale {}", scale), "finite, above 0");
  return {scale, static_cast<std::int32_t>(zero_point - offset)};
}

void ModelFile::expect_type(std::int32_t number, schema::TensorType type, const Place& place) const {
  const schema::TensorType given = tensor(number).type();
  if (given == type) return;
  const char* const name = schema::EnumNameTensorType(given);
  std::string allowed = schema::EnumNameTensorType(type);
  if (type == schema::TensorType_INT8 && given == schema::TensorType_FLOAT32)
    allowed += ": only networks quantised as a whole are supported";
  tensor_place(number, place)
      .fail(*name == '\0' ? fmt::format("has type {}", static_cast<int>(given)) : fmt::format("is {}", name),
            allowed);
}

bool ModelFile::is_constant(std::int32_t number) const {
  return has_data(number) || computed_.contains(number);
}

void ModelFile::set_constant(std::int32_t number, std::vector<std::int8_t> values) {
  computed_.insert_or_assign(number, std::move(values));
}

void ModelFile::spend(std::int64_t bytes, const Place& place) {
  budget_ -= bytes;
  if (budget_ < 0)
    place.fail("makes more of the file's constants than the file is long",
               fmt::format("{} times its size", kMostCopies));
}

bool ModelFile::has_data(std::int32_t number) const {
  const std::uint32_t buffer = tensor(number).buffer();
  if (buffer >= size_of(model_->buffers())) return false;
  return size_of(model_->buffers()->Get(buffer)->data()) != 0 || model_->buffers()->Get(buffer)->offset() > 1;
}

std::span<const std::uint8_t> ModelFile::constant_bytes(std::int32_t number, std::size_t element,
                                                        const Place& place) {
  const Place here = tensor_place(number, place);
  const schema::Tensor& one = tensor(number);
  if (!has_data(number) || one.is_variable()) here.fail("is computed", "a constant");
  if (one.sparsity() != nullptr) here.fail("is stored as a sparse tensor", "dense ones");
  if (one.external_buffer() != 0 || model_->buffers()->Get(one.buffer())->offset() > 1)
    here.fail("has its data outside the flatbuffer", "data inside");
  std::int64_t wanted = static_cast<std::int64_t>(element);
  for (const std::int32_t length : shape(number, place)) wanted *= length;
  const auto& data = *model_->buffers()->Get(one.buffer())->data();
  if (static_cast<std::int64_t>(data.size()) != wanted)
    here.fail(fmt::format("has {} bytes of data", data.size()), fmt::format("{} by its shape", wanted));
  budget_ -= wanted;
  if (budget_ < 0)
    here.fail("is shared by so many operators that they outgrow the file",
              fmt::format("{} times its size", kMostCopies));
  return {data.data(), data.size()};
}

std::vector<std::int8_t> ModelFile::int8_values(std::int32_t number, const Place& place) {
  expect_type(number, schema::TensorType_INT8, place);
  if (const auto computed = computed_.find(number); computed != computed_.end()) {
    spend(static_cast<std::int64_t>(computed->second.size()), tensor_place(number, place));
    return computed->second;
  }
  const auto bytes = constant_bytes(number, 1, place);
  std::vector<std::int8_t> values(bytes.size());
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

std::vector<std::int32_t> ModelFile::int32_values(std::int32_t number, const Place& place) {
  expect_type(number, schema::TensorType_INT32, place);
  const auto bytes = constant_bytes(number, sizeof(std::int32_t), place);
  std::vector<std::int32_t> values(bytes.size() / sizeof(std::int32_t));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

std::vector<float> ModelFile::float_values(std::int32_t number, const Place& place) {
  expect_type(number, schema::TensorType_FLOAT32, place);
  const auto bytes = constant_bytes(number, sizeof(float), place);
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

std::vector<float> ModelFile::weight_scales(std::int32_t number, std::int32_t axis, const Place& place) {
  const Place here = tensor_place(number, place);
  const schema::QuantizationParameters* const parameters = tensor(number).quantization();
  if (parameters == nullptr || size_of(parameters->scale()) == 0) here.fail("has no quantisation", "scales");
  if (parameters->details_type() != 0) here.fail("has a block-wise or custom quantisation", "affine");
  const std::size_t count = parameters->scale()->size();
  const std::vector<std::int32_t> lengths = shape(number, place);
  const auto channels = static_cast<std::size_t>(lengths[static_cast<std::size_t>(axis)]);
  if (count != 1 && (count != channels || parameters->quantized_dimension() != axis))
    here.fail(fmt::format("has {} scales along axis {}", count, parameters->quantized_dimension()),
              fmt::format("1, or {} along axis {}", channels, axis));
  if (size_of(parameters->zero_point()) > count)
    here.fail(fmt::format("has {} zero points", size_of(parameters->zero_point())), fmt::format("{}", count));
  for (std::size_t k = 0; k < size_of(parameters->zero_point()); ++k)
    if (const std::int64_t zero_point = number_at(*parameters->zero_point(), k); zero_point != 0)
      here.fail(fmt::format("has zero point {}", zero_point), "0 for weights");
  budget_ -= static_cast<std::int64_t>(count * sizeof(float));
  if (budget_ < 0) here.fail("is shared by so many operators that they outgrow the file");
  return {parameters->scale()->begin(), parameters->scale()->end()};
}

}  // namespace parsimony::tflite
