#include "parsimony/data/recordings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "parsimony/base/errors.hpp"
#include "parsimony/data/file_tree.hpp"

namespace parsimony::data {
namespace {

constexpr double kLongestWindow = 1e6;

/// "walk.csv:17", or the file where it has no lines.
std::string place_of(const Recording& recording, const Segment& segment) {
  return segment.line == 0 ? recording.where : fmt::format("{}:{}", recording.where, segment.line);
}

void cut_segment(const Recording& recording, const Segment& segment, const WindowRule& rule, bool mix,
                 NamedCases& cases) {
  const auto channels = static_cast<std::size_t>(cases.data.channels);
  const auto window = static_cast<std::size_t>(rule.window), stride = static_cast<std::size_t>(rule.stride);
  for (std::size_t start = 0; start + window <= segment.rows; start += stride) {
    const auto first =
        recording.values.begin() + static_cast<std::ptrdiff_t>((segment.first + start) * channels);
    cases.data.values.insert(cases.data.values.end(), first,
                             first + static_cast<std::ptrdiff_t>(window * channels));
    cases.labels.push_back(segment.label);
    cases.places.push_back(place_of(recording, segment));
    cases.starts.push_back(static_cast<std::int64_t>(segment.first + start));
    if (!segment.group.empty())
      cases.groups.push_back(segment.group);
    else if (!mix)
      cases.groups.push_back(recording.where);
  }
}

/// Says how many stretches are shorter than a window, if any.
void note_short_ones(const std::vector<Recording>& recordings, std::int64_t window, Dataset& data) {
  std::int64_t all = 0, too_short = 0;
  std::string example;
  for (const Recording& recording : recordings)
    for (const Segment& segment : recording.segments) {
      ++all;
      if (static_cast<std::int64_t>(segment.rows) >= window) continue;
      if (too_short++ == 0)
        example = fmt::format("{} ({} samples)", place_of(recording, segment), segment.rows);
    }
  if (too_short > 0)
    data.notes.push_back(fmt::format(
        "{} of {} stretches of one label and group are shorter than a window of {} samples and left "
        "out, the first of them {}",
        too_short, all, window, example));
}

void require_two_groups(const NamedCases& cases, const std::string& where) {
  if (cases.groups.empty()) return;
  const bool several = std::any_of(cases.groups.begin(), cases.groups.end(),
                                   [&](const std::string& group) { return group != cases.groups.front(); });
  if (!several)
    throw InputError(where,
                     "is a single recording or group: its windows would stand in training and validation",
                     "a second recording, `group_column: NAME`, or `mix_recordings: true`");
}

}  // namespace

std::int64_t in_samples(const Extent& extent, const char* field, double rate) {
  if (extent.in_seconds && rate == 0.0)
    throw InputError(field, fmt::format("is {}, but no rate is given", to_text(extent)),
                     "`rate: HZ` besides, or samples");
  const double count = extent.in_seconds ? std::round(extent.amount * rate) : extent.amount;
  if (!(count >= 1.0 && count <= kLongestWindow))
    throw InputError(field, fmt::format("is {}, {} samples", to_text(extent), count),
                     fmt::format("1 to {} samples", kLongestWindow));
  return static_cast<std::int64_t>(count);
}

WindowRule window_rule(const SourceOptions& options) {
  if (options.window == Extent{})
    throw InputError("data.window", "is missing",
                     "samples such as 128, or a time such as 2.5 s and `rate: HZ`");
  WindowRule rule;
  rule.window = in_samples(options.window, "data.window", options.rate);
  rule.stride =
      options.stride == Extent{} ? rule.window : in_samples(options.stride, "data.stride", options.rate);
  return rule;
}

NamedCases cut_windows(const std::vector<Recording>& recordings, std::vector<std::string> channel_names,
                       const SourceOptions& options, const std::string& where) {
  const WindowRule rule = window_rule(options);
  NamedCases cases;
  cases.data.length = static_cast<std::int32_t>(rule.window);
  cases.data.channels = static_cast<std::int32_t>(channel_names.size());
  cases.data.channel_names = std::move(channel_names);
  cases.data.rate = options.rate;
  std::size_t longest = 0;
  for (const Recording& recording : recordings)
    for (const Segment& segment : recording.segments) {
      longest = std::max(longest, segment.rows);
      cut_segment(recording, segment, rule, options.mix_recordings, cases);
    }
  if (cases.labels.empty())
    throw InputError(
        where, fmt::format("no stretch of one label and group holds a window of {} samples", rule.window),
        fmt::format("1 to {} samples", longest));
  note_short_ones(recordings, rule.window, cases.data);
  return cases;
}

DataSource source_of_recordings(const RecordingParts& parts, const std::string& path,
                                const SourceOptions& options) {
  NamedCases train = cut_windows(parts.train, parts.channel_names, options, path);
  require_two_groups(train, path);
  std::optional<NamedCases> test;
  if (parts.test) test = cut_windows(*parts.test, parts.channel_names, options, path + " (test)");
  return assemble(data_name(path), std::move(train), std::move(test), options);
}

}  // namespace parsimony::data
