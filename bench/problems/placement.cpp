// How much hypervolume so many points can have, on a problem of two objectives and few floats whose front is
// known exactly beforehand: a bound on any solver at that many evaluations.
//
//   placement NAME [most]
//
// Two columns: the best placing of k points on the front (a maximum over all subsets of a dense sample of it,
// by dynamic programming), and the greedy one, each point where it gains most and never moved: what a solver
// does that knows the front, but not how many evaluations are still to come.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "parsimony/base/random.hpp"
#include "parsimony/problems/benchmark_problem.hpp"

namespace {

using namespace parsimony;

constexpr int kFirstPoints = 4000000, kRounds = 20, kTriesOfEach = 40;
constexpr std::size_t kFrontPoints = 20000;

struct Sample {
  std::vector<double> point;
  double first, second;  // objectives
};

/// Feasible, below the references, non-dominated, by the first objective.
std::vector<Sample> front_of(std::vector<Sample> samples) {
  std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) {
    return a.first != b.first ? a.first < b.first : a.second < b.second;
  });
  std::vector<Sample> front;
  for (Sample& sample : samples)
    if (front.empty() || sample.second < front.back().second) front.push_back(std::move(sample));
  return front;
}

/// So many of the front, equally far apart along it.
std::vector<Sample> thinned(const std::vector<Sample>& front, const solver::Problem& problem,
                            std::size_t count) {
  if (front.size() <= count) return front;
  std::vector<double> along{0.0};
  for (std::size_t i = 1; i < front.size(); ++i)
    along.push_back(along.back() +
                    std::hypot((front[i].first - front[i - 1].first) / problem.objectives[0].reference,
                               (front[i].second - front[i - 1].second) / problem.objectives[1].reference));
  std::vector<Sample> result;
  std::size_t next = 0;
  for (std::size_t i = 0; i < front.size(); ++i)
    if (along[i] >= along.back() * static_cast<double>(next) / static_cast<double>(count - 1)) {
      result.push_back(front[i]);
      ++next;
    }
  return result;
}

/// Random points, then ever closer ones beside the best.
std::vector<Sample> sampled_front(const problems::BenchmarkProblem& benchmark) {
  const auto d = static_cast<std::size_t>(benchmark.problem.space.dimension());
  const double references[] = {benchmark.problem.objectives[0].reference,
                               benchmark.problem.objectives[1].reference};
  RandomStream stream(1, 1, "placement");
  std::vector<Sample> samples;
  const auto add = [&](std::vector<double> point) {
    const problems::Outcome outcome = benchmark.evaluate(point);
    bool counts = outcome.objectives[0] < references[0] && outcome.objectives[1] < references[1];
    for (const double constraint : outcome.constraints) counts &= constraint <= 0.0;
    if (counts) samples.push_back({std::move(point), outcome.objectives[0], outcome.objectives[1]});
  };
  for (int i = 0; i < kFirstPoints; ++i) {
    std::vector<double> point(d);
    for (double& x : point) x = stream.uniform();
    add(std::move(point));
  }
  double step = 3e-3;
  for (int round = 0; round < kRounds; ++round, step *= 0.6) {
    samples = thinned(front_of(std::move(samples)), benchmark.problem, kFrontPoints);
    const std::size_t count = samples.size();
    for (std::size_t i = 0; i < count; ++i)
      for (int t = 0; t < kTriesOfEach; ++t) {
        std::vector<double> point = samples[i].point;
        for (double& x : point) x = std::clamp(x + step * (2.0 * stream.uniform() - 1.0), 0.0, 1.0);
        add(std::move(point));
      }
  }
  return thinned(front_of(std::move(samples)), benchmark.problem, kFrontPoints);
}

class Placement {
 public:
  Placement(const std::vector<Sample>& front, double first_reference, double second_reference)
      : front_(front),
        first_reference_(first_reference),
        second_reference_(second_reference),
        best_(front.size(), 0.0) {}

  double everything() const {
    double sum = 0.0;
    for (std::size_t i = 0; i < front_.size(); ++i)
      sum += ((i + 1 < front_.size() ? front_[i + 1].first : first_reference_) - front_[i].first) * height(i);
    return sum;
  }

  /// One point more, placed anew; the hypervolume of the best placing.
  double next_best() {
    if (placed_++ > 0) {
      std::vector<double> next(front_.size(), -1.0);
      extend(next, 1, front_.size(), 0, front_.size());
      best_ = next;
    }
    double most = 0.0;
    for (std::size_t i = 0; i < front_.size(); ++i)
      if (best_[i] >= 0.0) most = std::max(most, best_[i] + (first_reference_ - front_[i].first) * height(i));
    return most;
  }

  /// One point more beside those that stand; the hypervolume of all.
  double next_greedy() {
    std::size_t chosen = 0;
    double most = -1.0;
    for (std::size_t i = 0; i < front_.size(); ++i) {
      const auto after = std::lower_bound(greedy_.begin(), greedy_.end(), i);
      const double right = after == greedy_.end() ? first_reference_ : front_[*after].first;
      const double above = after == greedy_.begin() ? second_reference_ : front_[*(after - 1)].second;
      const double gain = (right - front_[i].first) * (above - front_[i].second);
      if (gain > most) {
        most = gain;
        chosen = i;
      }
    }
    greedy_.insert(std::lower_bound(greedy_.begin(), greedy_.end(), chosen), chosen);
    return greedy_sum_ += most;
  }

 private:
  double height(std::size_t i) const { return second_reference_ - front_[i].second; }

  // best_[i]: of the points so far, the last of them i, the area left of it. The best one before i never
  // moves left as i moves right (the gain is a Monge array), so halves of the range need halves of the
  // predecessors.
  void extend(std::vector<double>& next, std::size_t first, std::size_t last, std::size_t low,
              std::size_t high) const {
    if (first >= last) return;
    const std::size_t middle = first + (last - first) / 2;
    std::size_t chosen = low;
    for (std::size_t j = low; j < std::min(middle, high); ++j) {
      if (best_[j] < 0.0) continue;
      const double value = best_[j] + (front_[middle].first - front_[j].first) * height(j);
      if (value > next[middle]) {
        next[middle] = value;
        chosen = j;
      }
    }
    extend(next, first, middle, low, chosen + 1);
    extend(next, middle + 1, last, chosen, high);
  }

  const std::vector<Sample>& front_;
  double first_reference_, second_reference_, greedy_sum_ = 0.0;
  int placed_ = 0;
  std::vector<double> best_;
  std::vector<std::size_t> greedy_;
};

int whole_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > 1000)
    throw std::runtime_error(fmt::format("most: is '{}'; allowed: 1 to 1000", text));
  return value;
}

}  // namespace

int main(int count, char** arguments) try {
  if (count < 2 || count > 3) throw std::runtime_error("placement NAME [most]");
  const problems::BenchmarkProblem benchmark = problems::make_problem(arguments[1]);
  const int most = count > 2 ? whole_number(arguments[2]) : 100;
  if (benchmark.problem.objectives.size() != 2)
    throw std::runtime_error(fmt::format("problem: is '{}'; allowed: those of two objectives", arguments[1]));
  const std::vector<Sample> front = sampled_front(benchmark);
  Placement placement(front, benchmark.problem.objectives[0].reference,
                      benchmark.problem.objectives[1].reference);
  fmt::print("{}: {} points of the front have {:.8g}", benchmark.name, front.size(), placement.everything());
  if (benchmark.best) fmt::print("; best possible {:.8g}", *benchmark.best);
  fmt::print("\n{:>6}{:>14}{:>14}\n", "points", "best", "greedy");
  for (int k = 1; k <= most; ++k) {
    const double best = placement.next_best(), greedy = placement.next_greedy();
    if (k % 5 == 0 || k == most) fmt::print("{:6}{:14.8g}{:14.8g}\n", k, best, greedy);
  }
} catch (const std::exception& error) {
  fmt::print(stderr, "error: {}\n", error.what());
  return 2;
}
