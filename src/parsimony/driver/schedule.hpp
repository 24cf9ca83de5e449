#pragma once

#include <optional>
#include <string>
#include <vector>

namespace parsimony::driver {

/// ordered: rows do not depend on timing, for a given number of workers; eager: never waits.
enum class Schedule { ordered, eager };

/// "ordered" or "eager". @throws InputError naming `where`
Schedule parse_schedule(const std::string& where, const std::string& name);

/// What the proposal of a trial is told, as numbers of trials, ascending.
struct View {
  std::vector<int> seen;
  std::vector<int> pending;
};

/// The view of trial k = size + 1, or nullopt while it must wait (SEMANTICS 3).
/// ordered: as soon as trials 1 … k−W have ended; sees exactly those; k−W+1 … k−1 are pending even if they
/// ended. eager: as soon as fewer than W have not ended; sees all that have.
/// @param ended  [k−1] whether trial i+1 has ended
std::optional<View> next_view(Schedule schedule, int workers, const std::vector<bool>& ended);

}  // namespace parsimony::driver
