#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "parsimony/import/model_file.hpp"
#include "parsimony/ir/graph.hpp"

namespace parsimony::tflite {

/// One operator of the file, its tensor numbers in range.
struct Call {
  std::int32_t number = 0;
  schema::BuiltinOperator code{};
  const schema::Operator* op = nullptr;
  std::string name;                  ///< "conv_2d_3"
  Place place{""};                   ///< "net.tflite: operator 3 (CONV_2D)"
  std::vector<std::int32_t> inputs;  ///< −1: left out
  std::int32_t output = -1;

  /// Tensor number of input k. @throws InputError when it is left out
  std::int32_t input(std::size_t k) const;
  bool has_input(std::size_t k) const { return k < inputs.size() && inputs[k] >= 0; }

  /// @throws InputError when the operator has other options or none
  template <typename Options>
  const Options& options() const {
    const auto* const given = op->options_as<Options>();
    if (given == nullptr) place.fail("has no options of its kind");
    return *given;
  }
};

/// The bytes of a tensor of the graph, seen under the shape that the file gives them.
struct Value {
  ir::TensorId id{};
  std::vector<std::int32_t> shape;
};

/// The graph as it grows, and which of its tensors holds what tensor of the file. A reshape costs nothing
/// until an operator wants the other shape.
class GraphBuilder {
 public:
  GraphBuilder(ModelFile& file, std::string_view where, ir::Rounding rounding);
  /// A graph of the call alone, whose input is the constant that the call reads first.
  GraphBuilder(ModelFile& file, const Call& call, ir::Rounding rounding);

  ModelFile& file() { return file_; }
  const ModelFile& file() const { return file_; }
  ir::Rounding rounding() const { return graph_.rounding; }
  const ir::Tensor& tensor(ir::TensorId id) const { return graph_.tensor(id); }

  /// What input k of the operator holds; it was produced before and is int8 (or `type`).
  Value value(const Call& call, std::size_t k, schema::TensorType type = schema::TensorType_INT8) const;
  /// Whether input k of the operator is known beforehand.
  bool is_constant(const Call& call, std::size_t k) const;
  /// The tensor under the value's shape: itself, or a reshape of it.
  ir::TensorId reshaped(const Call& call, const Value& value);

  /// Adds an operator that makes the call's int8 output with `shape`, as many elements as the file says.
  /// `op` has no output yet; it is named after the call.
  void produce(const Call& call, ir::Operator op, std::vector<std::int32_t> shape,
               schema::TensorType type = schema::TensorType_INT8);
  /// The same for the index that ARG_MAX gives, at the network's output only.
  void produce_index(const Call& call, ir::Operator op, std::int32_t rows);
  /// @throws InputError unless the file says the same of the call's output, axes of 1 left out
  void expect_shape(const Call& call, const std::vector<std::int32_t>& shape) const;
  /// The call's output is the value's bytes under the output's own shape.
  void alias(const Call& call, const Value& value);
  /// A table, or nothing at all when it changes nothing but the name.
  void produce_table(const Call& call, const Value& value, std::vector<std::int8_t> table,
                     schema::TensorType type = schema::TensorType_INT8);

  /// The float input of the network becomes int8 with the quantisation of the call's output.
  void quantise_float_input(const Call& call);
  /// The float output of the network stays int8.
  void dequantise_float_output(const Call& call);

  /// The graph, its output the file's.
  ir::Graph finish();

 private:
  ModelFile& file_;
  ir::Graph graph_;
  std::int32_t input_ = -1, output_ = -1;  ///< tensor numbers of the file
  bool has_input_ = false;                 ///< the graph's input exists already
  std::vector<std::optional<Value>> values_;
  std::map<std::pair<ir::TensorId, std::vector<std::int32_t>>, ir::TensorId> reshapes_;

  ir::TensorId add_tensor(std::string name, std::vector<std::int32_t> shape, ir::Quantisation quantisation);
  void copy_input();  ///< for a network that does nothing: every graph has an operator
  void add_input(ir::Quantisation quantisation);
  void set_value(const Call& call, Value value);
  void append(const Call& call, ir::Operator op, std::vector<std::int32_t> shape,
              ir::Quantisation quantisation);
  void expect_output(const Call& call, std::string_view what) const;
};

/// An operator without output, name and constants yet.
ir::Operator operator_of(ir::OperatorKind kind, std::vector<ir::TensorId> inputs = {});

/// table[q + 128] = q.
std::vector<std::int8_t> identity_table();

/// The shape's axes that are longer than 1.
std::vector<std::int32_t> without_ones(std::vector<std::int32_t> shape);
/// Elements of a shape.
std::int64_t elements(const std::vector<std::int32_t>& shape);

}  // namespace parsimony::tflite
