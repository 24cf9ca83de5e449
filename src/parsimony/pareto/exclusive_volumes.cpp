#include "parsimony/pareto/exclusive_volumes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <utility>

#include "parsimony/base/contracts.hpp"

namespace parsimony::pareto {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A point where it stands in the plane of the first two objectives.
struct Step {
  double x, y;
  std::size_t point;
};

/// left ≤ x < right, from the owner's y up to top, since the sweep was at `since`.
struct Strip {
  double left, right, top, since;
};

class Sweep {
 public:
  Sweep(std::size_t n, std::span<const double> reference)
      : steps_{{-kInfinity, reference[1], n}, {reference[0], -kInfinity, n}},
        strips_(n + 1),
        volumes_(n, 0.0) {}

  /// The points that the new one may take from are the last step at or left of it, the steps above it, which
  /// lose all and go, and the first step below it.
  void arrive(const Step& step, double z) {
    const auto right_of = std::upper_bound(steps_.begin(), steps_.end(), step.x,
                                           [](double x, const Step& held) { return x < held.x; });
    const auto left = right_of - 1;
    cut(*left, step, z);
    if (left->y <= step.y) return;  // the new one is dominated
    auto below = right_of;
    for (; below->y >= step.y; ++below) cut(*below, step, z);
    cut(*below, step, z);
    // One straight above goes too.
    const auto above = left->x == step.x && left != steps_.begin() ? left : right_of;
    open(step, above, below, z);
    replace(above, below, step);
  }

  std::vector<double> finish(double z) {
    for (const Step& step : steps_)
      for (const Strip& strip : strips_[step.point]) close(step, strip, z);
    return std::move(volumes_);
  }

 private:
  using Place = std::vector<Step>::iterator;

  void close(const Step& owner, const Strip& strip, double z) {
    volumes_[owner.point] += (strip.right - strip.left) * (strip.top - owner.y) * (z - strip.since);
  }

  /// Takes what lies right of and above the corner. Strips adjoin from left to right and never rise, so that
  /// those it meets are neighbours; of them stay a piece on the left and one below.
  void cut(const Step& owner, const Step& corner, double z) {
    std::vector<Strip>& strips = strips_[owner.point];
    const auto first = std::partition_point(strips.begin(), strips.end(),
                                            [&](const Strip& strip) { return strip.right <= corner.x; });
    const auto last =
        std::partition_point(first, strips.end(), [&](const Strip& strip) { return strip.top > corner.y; });
    if (first == last) return;
    for (auto strip = first; strip != last; ++strip) close(owner, *strip, z);
    std::array<Strip, 2> rest;
    std::size_t count = 0;
    const double left = std::max(first->left, corner.x), right = (last - 1)->right;
    if (first->left < left) rest[count++] = {first->left, left, first->top, z};
    if (owner.y < corner.y) rest[count++] = {left, right, corner.y, z};
    const auto met = static_cast<std::size_t>(last - first), kept = std::min(met, count);
    const auto end = std::copy_n(rest.begin(), kept, first);
    if (count < met) strips.erase(end, last);
    if (count > met) strips.insert(end, rest[kept]);
  }

  /// Strips below the steps above, which end at the step on the left and at the one below.
  void open(const Step& step, Place above, Place below, double z) {
    std::vector<Strip>& strips = strips_[step.point];
    double left = step.x, top = (above - 1)->y;
    for (auto next = above; next <= below; ++next) {
      if (left < next->x && step.y < top) strips.push_back({left, next->x, top, z});
      left = next->x;
      top = next->y;
    }
  }

  void replace(Place begin, Place end, const Step& step) {
    if (begin == end) {
      steps_.insert(begin, step);
    } else {
      *begin = step;
      steps_.erase(begin + 1, end);
    }
  }

  std::vector<Step> steps_;                 // x rises and y falls, between two of no point
  std::vector<std::vector<Strip>> strips_;  // of each point; those of no point are none
  std::vector<double> volumes_;
};

}  // namespace

std::vector<double> exclusive_volumes(std::span<const double> rows, std::span<const double> reference) {
  PARSIMONY_EXPECTS(reference.size() == 3 && rows.size() % 3 == 0);
  const std::size_t n = rows.size() / 3;
  Sweep sweep(n, reference);
  for (std::size_t i = 0; i < n; ++i) sweep.arrive({rows[3 * i], rows[3 * i + 1], i}, rows[3 * i + 2]);
  return sweep.finish(reference[2]);
}

}  // namespace parsimony::pareto
