#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "parsimony/base/quantities.hpp"
#include "parsimony/emit/emit.hpp"
#include "parsimony/network/description.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::network {

/// What a network costs on a board (SEMANTICS 7).
struct Cost {
  Bytes rom;                      ///< code and constants
  Bytes ram;                      ///< the arena
  Flops flops;                    ///< of one inference (docs/costs.md)
  std::int64_t parameters = 0;    ///< weights and biases
  Bytes constants;                ///< rom less code
  std::int64_t instructions = 0;  ///< of one inference, features included (emit/instructions.hpp)
};

/// Lower bounds of the costs of many candidates, a structure of arrays.
struct Estimates {
  std::vector<double> rom, ram, flops;  ///< [n] [B], [B], [FLOP]
};

/// The costs of one network on one target for any vector of kept channels, before anything is trained.
/// Immutable: any number of threads may ask at once.
class CostModel {
 public:
  /// @param optimise  which kernels it is emitted with
  CostModel(Description description, const target::Target& target,
            emit::Optimise optimise = emit::Optimise::size);
  ~CostModel();
  CostModel(CostModel&&) noexcept;
  CostModel& operator=(CostModel&&) noexcept;

  const Description& description() const;    ///< unpruned
  const std::vector<Group>& groups() const;  ///< in the order of `kept`

  /// What the emitted network of this shape costs: its skeleton is lowered and planned as for emission.
  /// @param kept  [groups], 1 <= kept[g] <= channels
  Cost exact(std::span<const std::int32_t> kept) const;

  /// Lower bounds in closed form, at real-valued channel counts too: constants without their padding, and in
  /// place of the plan the largest sum of buffers alive together. Never more than `exact` at whole counts;
  /// grows with each count.
  /// @param kept  [n, groups] row by row, 1 <= kept <= channels
  /// @param out   its arrays become [n]
  void estimate(std::span<const double> kept, std::int64_t n, Estimates& out) const;
  /// The same for instructions, which few searches ask for.
  /// @param out  becomes [n]
  void estimate_instructions(std::span<const double> kept, std::int64_t n, std::vector<double>& out) const;

  Cost unpruned() const;  ///< exact with every channel kept

 private:
  struct Parts;
  class Copies;
  std::unique_ptr<const Parts> parts_;
  std::unique_ptr<Copies> copies_;
};

}  // namespace parsimony::network
