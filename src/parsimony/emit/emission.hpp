#pragma once

#include <span>
#include <string>

#include "parsimony/emit/c_writer.hpp"
#include "parsimony/emit/emit.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::emit {

/// What every emitted file is written from.
struct Emission {
  const ir::Graph& graph;
  const plan::Plan& plan;
  const target::Target& target;
  Optimise optimise = Optimise::size;
  Family family = Family::portable;
  KernelChoice choice;
  std::string prefix;                                      ///< "motions"
  std::string macro;                                       ///< "MOTIONS"
  std::string hash;                                        ///< of model.graph
  std::string command_line;                                ///< may be empty
  std::vector<std::vector<std::int8_t>> golden_inputs{};   ///< given, or those of the self-test
  std::vector<std::vector<std::int8_t>> golden_outputs{};  ///< the interpreter's
  std::vector<std::uint32_t> selftest_hashes{};            ///< of the outputs for selftest_input(graph, k)

  std::int64_t offset(ir::TensorId id) const { return plan.tensors[static_cast<std::size_t>(id)].offset; }
  /// "conv1_weights".
  std::string symbol(const ir::Operator& op, std::string_view part) const {
    return op.name + "_" + std::string(part);
  }
};

constexpr std::uint32_t kSelftests = 4;
/// Input number `test` of `_selftest`, as the emitted C forms it: a linear congruential generator's upper
/// bytes.
std::vector<std::int8_t> selftest_input(const ir::Graph& graph, std::uint32_t test);
/// What `_selftest` compares: 32-bit FNV-1a of the output's bytes.
std::uint32_t selftest_hash(std::span<const std::int8_t> output);

// One file of the folder each.
std::string model_header(const Emission& emission);    // model.h
std::string model_source(const Emission& emission);    // model.c
std::string network_header(const Emission& emission);  // test/network.h
std::string golden_header(const Emission& emission);   // test/golden.h
std::string makefile(const Emission& emission);        // Makefile
std::string cmake_lists(const Emission& emission);     // CMakeLists.txt
std::string memory_regions(const Emission& emission);  // the head of test/*.ld
std::string readme(const Emission& emission);          // README.md

/// Licence, tool version, model hash and command line, as the first comments of an emitted C file.
void write_banner(CWriter& writer, const Emission& emission);
/// The same as lines of a text.
std::vector<std::string> banner_lines(const Emission& emission);

/// "conv1_params"; of part k of a concatenation "join_params_k".
std::string parameter_symbol(const Emission& emission, const ir::Operator& op, std::size_t part);

/// Constants, parameters and the table of steps (model_source's middle part).
void write_constants(CWriter& writer, const Emission& emission);
void write_steps(CWriter& writer, const Emission& emission);
/// `_invoke`, `_run`, `_invoke_from`, `_selftest`.
void write_run_functions(CWriter& writer, const Emission& emission);
/// Rows of the table of steps.
std::int64_t step_count(const Emission& emission);

/// [c_out, kernel…, c_in], [kernel…, c] or [c_out, inputs]; empty without weights.
std::vector<std::int64_t> weight_shape(const ir::Graph& graph, const ir::Operator& op);

/// "s8[50, 8]".
std::string shape_text(const ir::Tensor& tensor);

}  // namespace parsimony::emit
