#include "parsimony/compare/contest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "parsimony/base/errors.hpp"

namespace parsimony::compare {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool is_label(std::string_view text) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !text.empty() && text[0] != '.' && text.find_first_not_of(kLetters) == std::string_view::npos;
}

std::uint64_t parse_seed(std::string_view where, std::string_view text, std::string_view whole) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size())
    throw InputError(where, fmt::format("is '{}'", whole), "seeds and ranges, as in 1-20 or 1,3,7-9");
  return seed;
}

template <class Taker>
std::vector<Taker> takers_of(const std::vector<Labelled>& labels) {
  std::vector<Taker> takers;
  for (const Labelled& one : labels) {
    takers.emplace_back();
    takers.back().label = one.label;
    takers.back().name = one.name;
  }
  return takers;
}

template <class Taker>
void hand_out(const std::vector<LabelledOption>& options, const char* where, std::vector<Taker>& takers) {
  for (const LabelledOption& option : options) {
    const auto taker = std::find_if(takers.begin(), takers.end(),
                                    [&](const Taker& one) { return one.label == option.label; });
    if (taker == takers.end()) {
      std::vector<std::string> labels;
      for (const Taker& one : takers) labels.push_back(one.label);
      throw InputError(where, fmt::format("names '{}', which takes no part", option.label),
                       fmt::format("{}", fmt::join(labels, ", ")));
    }
    taker->options[option.key] = option.value;
  }
}

}  // namespace

std::vector<Labelled> parse_labels(std::string_view where, std::string_view text) {
  std::vector<Labelled> labels;
  for (const std::string_view word : split(text, ',')) {
    const std::size_t equals = word.find('=');
    const std::string label(word.substr(0, equals));
    const std::string name(equals == std::string_view::npos ? word : word.substr(equals + 1));
    if (!is_label(label) || name.empty())
      throw InputError(where, fmt::format("holds '{}'", word),
                       "names, or label=name with letters, digits, '.', '_' and '-' in the label");
    for (const Labelled& one : labels)
      if (one.label == label)
        throw InputError(where, fmt::format("names '{}' twice", label),
                         "a label of its own for each: label=name");
    labels.push_back({label, name});
  }
  return labels;
}

LabelledOption parse_option(std::string_view where, std::string_view text) {
  const std::size_t equals = text.find('='), colon = text.substr(0, equals).find(':');
  if (equals == std::string_view::npos || colon == std::string_view::npos || colon == 0 ||
      colon + 1 == equals)
    throw InputError(where, fmt::format("is '{}'", text), "label:key=value");
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1, equals - colon - 1)),
          std::string(text.substr(equals + 1))};
}

std::vector<std::uint64_t> parse_seeds(std::string_view where, std::string_view text) {
  constexpr std::uint64_t kMost = 10000;
  std::set<std::uint64_t> seeds;
  for (const std::string_view word : split(text, ',')) {
    const std::size_t dash = word.find('-');
    const std::uint64_t first = parse_seed(where, word.substr(0, dash), text);
    const std::uint64_t last =
        dash == std::string_view::npos ? first : parse_seed(where, word.substr(dash + 1), text);
    if (last < first || last - first >= kMost)
      throw InputError(where, fmt::format("is '{}'", text), "ranges of at most 10000 seeds, first-last");
    for (std::uint64_t seed = first;; ++seed) {
      seeds.insert(seed);
      if (seed == last) break;
    }
  }
  return {seeds.begin(), seeds.end()};
}

std::vector<Arena> make_arenas(const std::vector<Labelled>& labels,
                               const std::vector<LabelledOption>& options) {
  std::vector<Arena> arenas = takers_of<Arena>(labels);
  hand_out(options, "--problem-options", arenas);
  for (Arena& arena : arenas) arena.benchmark = problems::make_problem(arena.name, arena.options);
  return arenas;
}

std::vector<Contestant> make_contestants(const std::vector<Labelled>& labels,
                                         const std::vector<LabelledOption>& options) {
  std::vector<Contestant> contestants = takers_of<Contestant>(labels);
  hand_out(options, "--options", contestants);
  for (const Contestant& contestant : contestants) solver_of(contestant);  // refuses what is wrong
  return contestants;
}

solver::Solver solver_of(const Contestant& contestant) {
  solver::SolverOptions options = contestant.options;
  const std::vector<std::string> known = solver::solver_option_names(contestant.name);
  if (std::find(known.begin(), known.end(), "threads") != known.end()) options.try_emplace("threads", "1");
  return solver::make_solver(contestant.name, options);
}

}  // namespace parsimony::compare
