#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/ir/graph.hpp"
#include "tflite_subset_generated.h"

namespace parsimony::tflite {

/// What an error points at: "net.tflite: operator 3 (CONV_2D)".
class Place {
 public:
  /// @param separator  between it and a tensor of it
  explicit Place(std::string text, const char* separator = ", ")
      : text_(std::move(text)), separator_(separator) {}
  /// "…, tensor 12 'model/conv/weights'"
  Place tensor(std::int32_t number, std::string_view name) const;
  const std::string& text() const { return text_; }
  /// @throws InputError
  [[noreturn]] void fail(std::string_view problem, std::string_view allowed = {}) const;

 private:
  std::string text_;
  const char* separator_;
};

/// A verified .tflite file with one subgraph: every read stays inside its bytes, which must outlive it. What
/// it copies out of them is bounded by a multiple of their number, however often constants are shared.
class ModelFile {
 public:
  /// @throws InputError when the bytes are no .tflite file or hold several subgraphs
  ModelFile(std::span<const std::uint8_t> bytes, std::string_view where);

  const schema::SubGraph& graph() const { return *graph_; }
  std::int32_t tensor_count() const;
  Place place() const { return Place(where_, ": "); }

  /// The operator's code; its name is in the schema's enumeration. @throws InputError for an unknown one
  schema::BuiltinOperator code(const schema::Operator& op, const Place& place) const;

  // Of one tensor; `number` is in range. `place` says who reads it.
  const schema::Tensor& tensor(std::int32_t number) const;
  Place tensor_place(std::int32_t number, const Place& place) const;
  /// The file's shape; [1] for a scalar. 5 axes at most, each length in 1 … kMaxDimension, kMaxElements in
  /// all.
  std::vector<std::int32_t> shape(std::int32_t number, const Place& place) const;
  /// Without the leading axis of 1 that stands for the batch, unless it is the only one.
  std::vector<std::int32_t> shape_without_batch(std::int32_t number, const Place& place) const;
  /// Of an int8 or uint8 activation; uint8's zero point is 128 less, as int8.
  ir::Quantisation quantisation(std::int32_t number, const Place& place) const;
  void expect_type(std::int32_t number, schema::TensorType type, const Place& place) const;

  // Constants: type and size are checked against the shape.
  bool is_constant(std::int32_t number) const;
  std::vector<std::int8_t> int8_values(std::int32_t number, const Place& place);
  std::vector<std::int32_t> int32_values(std::int32_t number, const Place& place);
  std::vector<float> float_values(std::int32_t number, const Place& place);
  /// Makes a constant of an int8 tensor that was computed from others.
  void set_constant(std::int32_t number, std::vector<std::int8_t> values);
  /// @throws InputError when what is made of constants outgrows the file by too much
  void spend(std::int64_t bytes, const Place& place);
  /// Scales of weights: one, or one for each length along `axis`; all zero points 0.
  std::vector<float> weight_scales(std::int32_t number, std::int32_t axis, const Place& place);

 private:
  std::string where_;
  std::vector<std::uint64_t> aligned_;  ///< a copy of the bytes when they do not lie at a multiple of 16
  const schema::Model* model_ = nullptr;
  const schema::SubGraph* graph_ = nullptr;
  std::int64_t budget_ = 0;                                    ///< [B] that may still be copied
  std::map<std::int32_t, std::vector<std::int8_t>> computed_;  ///< constants that the file lacks

  bool has_data(std::int32_t number) const;
  std::span<const std::uint8_t> constant_bytes(std::int32_t number, std::size_t element, const Place& place);
};

}  // namespace parsimony::tflite
