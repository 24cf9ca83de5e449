#include "parsimony/solver/modelled.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "parsimony/base/errors.hpp"
#include "support.hpp"

namespace parsimony::solver {
namespace {

TEST(ModelAll, FitsEveryObjectiveAndStillKeepsComputedLimits) {
  const Benchmark benchmark = deployment_toy(4);
  for (const char* name : {"ehvi", "ars"}) {
    SolverOptions options = quick(name);
    options["model"] = "all";
    const std::vector<Trial> history = run(benchmark, make_solver(name, options), 14, 1);
    ASSERT_EQ(history.size(), 14u);
    const auto fitted = nlohmann::json::parse(history.back().record)["fit"]["objectives"];
    EXPECT_EQ(fitted.size(), 4u) << name;
    for (const Trial& trial : history)
      for (const double value : trial.constraints) EXPECT_LE(value, 0.0);
  }
}

TEST(ModelAll, ByDefaultOnlyMeasuredObjectivesAreFitted) {
  const Benchmark benchmark = deployment_toy(4);
  const std::vector<Trial> history = run(benchmark, make_solver("ehvi", quick("ehvi")), 12, 1);
  EXPECT_EQ(nlohmann::json::parse(history.back().record)["fit"]["objectives"].size(), 1u);
}

TEST(ModelAll, IsNoOptionOfASolverWithoutAModel) {
  EXPECT_THROW(make_solver("random", {{"model", "all"}}), InputError);
  EXPECT_THROW(make_solver("ehvi", {{"model", "some"}}), InputError);
}

}  // namespace
}  // namespace parsimony::solver
