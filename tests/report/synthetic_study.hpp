#pragma once

#include <string>

#include "parsimony/ir/graph.hpp"
#include "parsimony/report/report.hpp"

/// Studies made up for tests: what an evaluator would have stored, with costs that follow from real shapes.
namespace parsimony::report::testing {

struct NetworkStudyOptions {
  int trials = 60;
  std::string protocol = "honest";
  std::vector<std::string> class_names{"walking", "running", "stairs up", "stairs down",
                                       "sitting", "waving",  "jumping",   "lying"};
  bool troubled = true;  ///< one failed, one infeasible, one diverged row, and one still running
};

/// A search of pruned networks on a data set of 128 × 6 windows.
Contents network_study(const NetworkStudyOptions& options = {});

/// The default one, made once.
const Contents& usual_network_study();

/// A study of two objectives, one constraint and three parameters that knows no network.
Contents generic_study(int trials = 30);

/// The shapes of a depthwise-separable network with squeeze-excite after every second block.
/// @param kept  channels of the first convolution, then of each block
ir::Graph separable_network(std::int32_t length, std::int32_t channels, std::int32_t classes,
                            const std::vector<std::int32_t>& kept);

}  // namespace parsimony::report::testing
