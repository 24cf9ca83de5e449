#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "parsimony/base/contracts.hpp"
#include "parsimony/plan/plan.hpp"

namespace parsimony::plan {
namespace {

/// The arena in units of one word, or of one byte where outputs lie over inputs, each with the buffer that
/// wrote it last.
class ArenaMap {
 public:
  ArenaMap(std::int64_t bytes, std::int64_t unit)
      : unit_(unit), owners_(static_cast<std::size_t>(bytes / unit), kNobody) {}

  /// Whether the buffer lies in the arena at a multiple of kArenaAlign.
  bool holds(const Placement& at) const {
    const auto size = static_cast<std::int64_t>(owners_.size()) * unit_;
    return at.offset >= 0 && at.offset % kArenaAlign == 0 && at.bytes >= 0 && at.bytes <= size &&
           at.offset <= size - at.bytes;
  }

  void write(std::int64_t begin, std::int64_t end, std::int32_t owner) {
    std::fill(owners_.begin() + begin / unit_, owners_.begin() + (end + unit_ - 1) / unit_, owner);
  }
  void write(const Placement& at, std::int32_t owner) { write(at.offset, at.offset + at.bytes, owner); }

  bool whole(std::int64_t begin, std::int64_t end, std::int32_t owner) const {
    std::int32_t others = 0;  // counted to the end: a loop that vectorises
    for (std::int64_t k = begin / unit_; k < (end + unit_ - 1) / unit_; ++k)
      others |= owners_[static_cast<std::size_t>(k)] ^ owner;
    return others == 0;
  }
  bool whole(const Placement& at, std::int32_t owner) const {
    return whole(at.offset, at.offset + at.bytes, owner);
  }

 private:
  static constexpr std::int32_t kNobody = -1;
  std::int64_t unit_;
  std::vector<std::int32_t> owners_;
};

bool share_bytes(const Placement& a, const Placement& b) {
  return a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

class Replay {
 public:
  Replay(const ir::Graph& graph, const Plan& plan, const AccessTrace& trace)
      : graph_(graph),
        plan_(plan),
        trace_(trace),
        map_(plan.arena.value, outputs_over_inputs() ? 1 : kArenaAlign) {
    for (std::size_t k = 0; k < graph.tensors.size(); ++k) content_.push_back(static_cast<std::int32_t>(k));
  }

  std::string run() {
    if (const std::string problem = check_places(); !problem.empty()) return problem;
    map_.write(place(graph_.input), content(graph_.input));
    for (std::size_t step = 0; step < graph_.operators.size(); ++step)
      if (const std::string problem = run(step); !problem.empty()) return problem;
    if (!map_.whole(place(graph_.output), content(graph_.output))) return "the output is overwritten";
    return {};
  }

 private:
  const Placement& place(ir::TensorId id) const { return plan_.tensors[static_cast<std::size_t>(id)]; }
  std::int32_t content(ir::TensorId id) const { return content_[static_cast<std::size_t>(id)]; }

  bool output_over_input(const ir::Operator& op) const {
    return std::any_of(op.inputs.begin(), op.inputs.end(),
                       [&](ir::TensorId id) { return share_bytes(place(id), place(op.output)); });
  }
  bool outputs_over_inputs() const {
    return std::any_of(graph_.operators.begin(), graph_.operators.end(),
                       [&](const ir::Operator& op) { return output_over_input(op); });
  }
  bool inputs_whole(const ir::Operator& op) const {
    return std::all_of(op.inputs.begin(), op.inputs.end(),
                       [&](ir::TensorId id) { return map_.whole(place(id), content(id)); });
  }

  std::string check_places() const {
    for (std::size_t k = 0; k < graph_.tensors.size(); ++k) {
      const ir::Tensor& tensor = graph_.tensors[k];
      if (plan_.tensors[k].bytes != tensor.elements())
        return fmt::format("tensor {} has {} B in the plan, {} in the graph", tensor.name,
                           plan_.tensors[k].bytes, tensor.elements());
      if (!map_.holds(plan_.tensors[k]))
        return fmt::format("tensor {} lies at {}, out of the arena or misaligned", tensor.name,
                           plan_.tensors[k].offset);
    }
    for (std::size_t k = 0; k < graph_.operators.size(); ++k)
      if (!map_.holds(plan_.scratch[k]))
        return fmt::format("the scratch of {} lies at {}, out of the arena or misaligned",
                           graph_.operators[k].name, plan_.scratch[k].offset);
    if (!map_.holds(plan_.filling) || share_bytes(plan_.filling, place(graph_.input)))
      return "the scratch of what fills the input lies over it, out of the arena or misaligned";
    return {};
  }

  std::string run(std::size_t step) {
    const ir::Operator& op = graph_.operators[step];
    if (op.kind == ir::OperatorKind::slice) return run_slice(op);
    if (!inputs_whole(op)) return fmt::format("an input of {} is overwritten before it runs", op.name);
    if (op.kind == ir::OperatorKind::reshape && place(op.output).offset == place(op.inputs[0]).offset) {
      content_[static_cast<std::size_t>(op.output)] = content(op.inputs[0]);  // nothing runs
      return {};
    }
    if (op.kind == ir::OperatorKind::join) return run_join(op);
    const auto scratch_owner = static_cast<std::int32_t>(graph_.tensors.size() + step);
    map_.write(plan_.scratch[step], scratch_owner);
    if (output_over_input(op)) {
      if (const std::string problem = run_accesses(step); !problem.empty()) return problem;
    } else {
      map_.write(place(op.output), content(op.output));
      if (!inputs_whole(op)) return fmt::format("{} overwrites its own input", op.name);
    }
    if (!map_.whole(plan_.scratch[step], scratch_owner))
      return fmt::format("{} overwrites its own scratch", op.name);
    return {};
  }

  // Nothing runs for a slice and a join: their bytes must be where they belong already.

  std::string run_slice(const ir::Operator& op) {
    const ir::Tensor& input = graph_.tensor(op.inputs[0]);
    const Placement &from = place(op.inputs[0]), &to = place(op.output);
    const std::int64_t at = op.begin * (input.elements() / input.shape[0]);
    if (to.offset != from.offset + at) return fmt::format("{} does not lie in its input", op.name);
    content_[static_cast<std::size_t>(op.output)] = content(op.inputs[0]);
    if (!map_.whole(to, content(op.output))) return fmt::format("the rows of {} are overwritten", op.name);
    return {};
  }

  std::string run_join(const ir::Operator& op) {
    std::int64_t at = place(op.output).offset;
    for (const ir::TensorId id : op.inputs) {
      if (place(id).offset != at)
        return fmt::format("part {} does not lie in {}", graph_.tensor(id).name, op.name);
      at += place(id).bytes;
    }
    map_.write(place(op.output), content(op.output));
    return {};
  }

  /// The kernel of an operator whose output lies over an input, access by access.
  std::string run_accesses(std::size_t step) {
    const ir::Operator& op = graph_.operators[step];
    if (!trace_) return fmt::format("{} overwrites its own input", op.name);
    const Placement& output = place(op.output);
    for (const Access& access : trace_(step, plan_.directions[step])) {
      const bool write = access.kind == Access::Kind::write;
      if (!write && (access.input < 0 || static_cast<std::size_t>(access.input) >= op.inputs.size()))
        return fmt::format("{} reads an input that it does not have", op.name);
      const ir::TensorId of = write ? op.output : op.inputs[static_cast<std::size_t>(access.input)];
      // A kernel may store whole words, past the end of its output.
      const std::int64_t most =
          write ? (place(of).bytes + kArenaAlign - 1) / kArenaAlign * kArenaAlign : place(of).bytes;
      if (access.begin < 0 || access.bytes < 0 || access.count < 1 || access.stride < 0 ||
          access.end() > most)
        return fmt::format("{} leaves its tensor {}", op.name, graph_.tensor(of).name);
      for (std::int64_t run = 0; run < access.count; ++run) {
        const std::int64_t begin = place(of).offset + access.begin + run * access.stride;
        if (write) {
          map_.write(begin, begin + access.bytes, content(of));
        } else if (!map_.whole(begin, begin + access.bytes, content(of))) {
          return fmt::format("{} reads byte {} of {} or one of the {} after it when they are overwritten",
                             op.name, access.begin + run * access.stride, graph_.tensor(of).name,
                             access.bytes - 1);
        }
      }
    }
    if (!map_.whole(output, content(op.output))) return fmt::format("{} leaves holes in its output", op.name);
    return {};
  }

  const ir::Graph& graph_;
  const Plan& plan_;
  const AccessTrace& trace_;
  ArenaMap map_;
  std::vector<std::int32_t> content_;  ///< [tensors] whose bytes each holds: a reshape's are its input's
};

}  // namespace

std::string find_violation(const ir::Graph& graph, const Plan& plan, const AccessTrace& trace) {
  if (plan.tensors.size() != graph.tensors.size() || plan.scratch.size() != graph.operators.size() ||
      plan.directions.size() != graph.operators.size())
    return "the plan is of another graph";
  if (plan.arena.value < 0 || plan.arena.value % kArenaAlign != 0)
    return "the arena's size is no multiple of 4";
  if (plan.arena < plan.lower_bound) return "the arena is smaller than its lower bound";
  return Replay(graph, plan, trace).run();
}

void verify_plan(const ir::Graph& graph, const Plan& plan, const AccessTrace& trace) {
  const std::string violation = find_violation(graph, plan, trace);
  if (!violation.empty()) contract_broken("memory plan", violation.c_str(), graph.name.c_str(), 0);
}

}  // namespace parsimony::plan
