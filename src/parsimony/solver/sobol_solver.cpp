#include "parsimony/solver/sobol_solver.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "parsimony/base/random.hpp"
#include "parsimony/solver/candidates.hpp"
#include "parsimony/space/sobol.hpp"

namespace parsimony::solver {
namespace {

constexpr std::int64_t kFirstLength = 64;
constexpr std::int64_t kMostScanned = std::int64_t{1} << 16;

/// Goes once through the snapped points of the sequence. Its beginning is made, and made again twice as long
/// when more is needed: the sequence has no way to start in its middle.
class Scan {
 public:
  Scan(const Problem& problem, std::uint64_t seed) : problem_(problem), seed_(seed) {}

  /// The next point that is new and within the limits, nothing when the scan has ended.
  std::optional<Point> next(const PointSet& known) {
    const auto d = static_cast<std::size_t>(problem_.space.dimension());
    while (true) {
      for (; next_ < length_; ++next_) {
        const auto k = static_cast<std::size_t>(next_ - start_);
        if (!possible_[k]) continue;
        Point point(points_.begin() + static_cast<std::ptrdiff_t>(k * d),
                    points_.begin() + static_cast<std::ptrdiff_t>((k + 1) * d));
        if (!known.contains(point) && within_limits(problem_, point)) return point;
      }
      if (length_ >= kMostScanned) return std::nullopt;
      lengthen();
    }
  }

  std::int64_t index() const { return next_; }  ///< of the point that next() gave

 private:
  void lengthen() {
    start_ = length_;
    length_ = std::max(kFirstLength, 2 * length_);
    const int d = problem_.space.dimension(), columns = std::min(d, space::kMostSobolDimensions);
    RandomStream stream(seed_, 0, "sobol");  // the same for any length, so the beginning stays as it is
    const std::vector<double> sequence = space::sobol_points(length_, columns, stream);
    points_.clear();
    for (std::int64_t row = start_; row < length_; ++row) {
      points_.insert(points_.end(), sequence.begin() + row * columns, sequence.begin() + (row + 1) * columns);
      RandomStream rest(seed_, static_cast<std::uint64_t>(row), "sobol-rest");
      for (int column = columns; column < d; ++column) points_.push_back(rest.uniform());
    }
    problem_.space.snap_rows(points_);
    possible_ = possibly_within_limits(problem_, points_);
  }

  const Problem& problem_;
  std::uint64_t seed_;
  std::int64_t start_ = 0, length_ = 0, next_ = 0;  // points_ holds those from start_ to length_
  std::vector<double> points_;
  std::vector<bool> possible_;
};

}  // namespace

Answer SobolSolver::ask(const Problem& problem, const Question& question) const {
  PointSet known = known_points(problem, question);
  std::vector<Point> anchors;
  for (const Trial& trial : question.history) anchors.push_back(trial.point);
  Scan scan(problem, question.seed);
  Answer answer;
  for (int k = 0; k < question.count; ++k) {
    std::optional<Point> point = scan.next(known);
    std::string record = fmt::format(R"({{"solver":"sobol","index":{}}})", scan.index());
    if (!point) {
      RandomStream stream(question.seed, static_cast<std::uint64_t>(question.first_trial + k),
                          "sobol-random");
      point = find_point(problem, known, anchors, stream);
      record = R"({"solver":"sobol","origin":"random"})";
    }
    answer.exhausted = !point;
    if (!point) break;
    known.insert(*point);
    answer.proposals.push_back({std::move(*point), std::move(record)});
  }
  return answer;
}

}  // namespace parsimony::solver
