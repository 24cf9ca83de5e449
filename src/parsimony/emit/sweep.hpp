#pragma once

#include <cstdint>
#include <vector>

#include "parsimony/plan/kernel_memory.hpp"

namespace parsimony::emit {

/// How a kernel goes over its output: pixel by pixel in raster order (or from the last to the first), each
/// reading a window of the input.
struct Sweep {
  /// One axis. Windows begin at `stride`·k − `pad` and span `span` inputs, clipped to the input.
  struct Axis {
    std::int64_t inputs = 1, outputs = 1, stride = 1, pad = 0, span = 1;
  };
  Axis vertical, horizontal;
  std::int64_t input_channels = 1, output_channels = 1;

  /// Pixels whose windows are copied before the outputs of any is written; 0: windows are read straight from
  /// the input, up to the last output channel of each pixel.
  std::int64_t block = 0;
  bool reversible = false;
};

/// The least distances that are safe (plan::clearance_of of the trace, for windows without dilation), in
/// closed form: from the first and last few rows and columns.
plan::Clearance clearance(const Sweep& sweep);

/// The reads and writes of the sweep, a row of a window at a time.
std::vector<plan::Access> accesses(const Sweep& sweep, plan::Direction direction);

}  // namespace parsimony::emit
