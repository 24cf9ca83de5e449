#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "parsimony/data/named_cases.hpp"

namespace parsimony::data {

/// Consecutive rows of a recording that share label and group.
struct Segment {
  std::size_t first = 0, rows = 0;
  std::string label, group;
  std::int64_t line = 0;  ///< of its first row, from 1; 0: the file has no lines
};

/// One file of sensor values, row after row.
struct Recording {
  std::string name;           ///< below the data set's path
  std::string where;          ///< the file, for messages
  std::vector<float> values;  ///< [rows, channels]
  std::vector<Segment> segments;
};

/// [samples]
struct WindowRule {
  std::int64_t window = 0, stride = 0;
};

/// [samples] @throws InputError naming the field for seconds without a rate, or over 1,000,000 samples
std::int64_t in_samples(const Extent& extent, const char* field, double rate);

/// The windows that a study asks for, in samples. @throws InputError when none is asked for, or seconds
/// without a rate, or a window over 1,000,000 samples
WindowRule window_rule(const SourceOptions& options);

/// Every window that lies in one segment: the first at its start, then one each stride. A window's group is
/// its segment's, or its recording where the segment names none; with options.mix_recordings a recording is
/// no group. A note says how many segments are shorter than a window.
/// @throws InputError when no segment is as long as a window
NamedCases cut_windows(const std::vector<Recording>& recordings, std::vector<std::string> channel_names,
                       const SourceOptions& options, const std::string& where);

struct RecordingParts {
  std::vector<Recording> train;
  std::optional<std::vector<Recording>> test;
  std::vector<std::string> channel_names;
};

/// The recordings' windows as a data set (assemble). @param path  the data set's, for its name and messages
/// @throws InputError also when training is a single group: its windows would stand on both sides of every
/// split
DataSource source_of_recordings(const RecordingParts& parts, const std::string& path,
                                const SourceOptions& options);

}  // namespace parsimony::data
