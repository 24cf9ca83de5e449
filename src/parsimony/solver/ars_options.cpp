#include "parsimony/solver/ars_options.hpp"

#include "parsimony/solver/belief_options.hpp"
#include "parsimony/solver/option_reader.hpp"

namespace parsimony::solver {

void ArsOptions::validate() const {
  expect_within("directions", directions, 1, 1000000);
  expect_within("top_share", top_share, 1e-6, 1.0);
  expect_within("horizon", horizon, 1, 1000);
  expect_within("agents", agents, 1, 1000);
  expect_within("steps", steps, 1, 100000);
  expect_within("learning_rate", learning_rate, 0.0, 100.0);
  expect_within("noise", noise, 1e-9, 100.0);
  expect_within("action_scale", action_scale, 1e-6, 1e6);
  expect_within("base_samples", base_samples, 1, 65536);
  expect_within("doubt_every", doubt_every, 0, 1000000);
  expect_within("explorers", explorers, 0, 1000);
  expect_within("climbs", climbs, 0, 1000);
  expect_within("threads", threads, 0, 1024);
}

ArsOptions ars_options_of_paper() {
  ArsOptions options;
  options.preset = ArsOptions::Preset::paper;
  options.directions = 3000;
  options.learning_rate = 1e-3;
  options.action_scale = 100.0;
  options.weights = ArsOptions::Weights::shared;
  options.explorers = 0;
  options.choice = ArsOptions::Choice::reward;
  options.climbs = 0;
  options.doubt_every = 0;
  options.belief.kernel = BeliefOptions::KernelChoice::matern52;
  options.belief.warp = false;
  options.belief.noise = BeliefOptions::Noise::botorch;
  options.belief.pooled = false;
  return options;
}

std::vector<std::string> ars_option_names() {
  return {"preset",  "directions",    "top_share",    "horizon",      "agents",
          "steps",   "learning_rate", "noise",        "action_scale", "base_samples",
          "weights", "explorers",     "choice",       "climbs",       "doubt_every",
          "kernel",  "warp",          "lengthscales", "model_noise",  "threads"};
}

ArsOptions parse_ars_options(const SolverOptions& options) {
  const OptionReader reader(options, ars_option_names());
  ArsOptions result;
  if (reader.choice("preset", {"default", "paper"}, "default") == "paper") result = ars_options_of_paper();
  reader.read("directions", result.directions);
  reader.read("top_share", result.top_share);
  reader.read("horizon", result.horizon);
  reader.read("agents", result.agents);
  reader.read("steps", result.steps);
  reader.read("learning_rate", result.learning_rate);
  reader.read("noise", result.noise);
  reader.read("action_scale", result.action_scale);
  reader.read("base_samples", result.base_samples);
  reader.read("doubt_every", result.doubt_every);
  reader.read("explorers", result.explorers);
  reader.read("climbs", result.climbs);
  const bool shared = result.weights == ArsOptions::Weights::shared;
  result.weights = reader.choice("weights", {"shared", "own"}, shared ? "shared" : "own") == "shared"
                       ? ArsOptions::Weights::shared
                       : ArsOptions::Weights::own;
  const bool by_reward = result.choice == ArsOptions::Choice::reward;
  result.choice =
      reader.choice("choice", {"reward", "hypervolume"}, by_reward ? "reward" : "hypervolume") == "reward"
          ? ArsOptions::Choice::reward
          : ArsOptions::Choice::hypervolume;
  read_belief_options(reader, result.belief, "model_noise");
  reader.read("threads", result.threads);
  result.validate();
  return result;
}

}  // namespace parsimony::solver
