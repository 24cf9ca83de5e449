#include "parsimony/driver/schedule.hpp"

#include <algorithm>

#include "parsimony/base/errors.hpp"

namespace parsimony::driver {
namespace {

/// Trial k sees 1 … k−W, whatever has ended besides.
std::optional<View> ordered_view(int workers, const std::vector<bool>& ended) {
  const int size = static_cast<int>(ended.size());
  const int seen = std::max(0, size + 1 - workers);
  if (!std::all_of(ended.begin(), ended.begin() + seen, [](bool one) { return one; })) return std::nullopt;
  View view;
  for (int number = 1; number <= size; ++number)
    (number <= seen ? view.seen : view.pending).push_back(number);
  return view;
}

std::optional<View> eager_view(int workers, const std::vector<bool>& ended) {
  View view;
  for (int number = 1; number <= static_cast<int>(ended.size()); ++number)
    (ended[static_cast<std::size_t>(number) - 1] ? view.seen : view.pending).push_back(number);
  if (static_cast<int>(view.pending.size()) >= workers) return std::nullopt;
  return view;
}

}  // namespace

Schedule parse_schedule(const std::string& where, const std::string& name) {
  if (name == "ordered") return Schedule::ordered;
  if (name == "eager") return Schedule::eager;
  throw InputError(where, "is " + name, "ordered, eager");
}

std::optional<View> next_view(Schedule schedule, int workers, const std::vector<bool>& ended) {
  return schedule == Schedule::ordered ? ordered_view(workers, ended) : eager_view(workers, ended);
}

}  // namespace parsimony::driver
