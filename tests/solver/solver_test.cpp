#include "parsimony/solver/solver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parsimony/base/errors.hpp"

namespace parsimony::solver {
namespace {

using testing::HasSubstr;

std::string message_of(const std::string& name, const SolverOptions& options) {
  try {
    make_solver(name, options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(MakeSolver, NamesTheFieldTheValueAndWhatIsAllowed) {
  EXPECT_THAT(message_of("arse", {}),
              HasSubstr("solver.name: is 'arse' (did you mean ars?); allowed: ars, ars-batch, "));
  EXPECT_THAT(message_of("ars", {{"directons", "3"}}),
              HasSubstr("solver.directons: is unknown (did you mean directions?)"));
  EXPECT_THAT(message_of("ars", {{"directions", "-3"}}),
              HasSubstr("solver.directions: is -3; allowed: 1 to 1000000"));
  EXPECT_THAT(message_of("ars", {{"directions", "many"}}),
              HasSubstr("solver.directions: is 'many'; allowed: a whole number"));
  EXPECT_THAT(message_of("ars", {{"noise", "nan"}}), HasSubstr("solver.noise: is nan"));
  EXPECT_THAT(message_of("ars", {{"preset", "papers"}}),
              HasSubstr("solver.preset: is 'papers'; allowed: default, paper"));
  EXPECT_THAT(message_of("random", {{"directions", "3"}}), HasSubstr("solver.directions: is unknown"));
  EXPECT_THAT(message_of("sobol", {{"directions", "3"}}), HasSubstr("solver.directions: is unknown"));
  EXPECT_THAT(message_of("lhs", {{"block", "0"}}), HasSubstr("solver.block: is 0; allowed: 1 to 100000"));
  EXPECT_THAT(message_of("nsga2", {{"population", "1"}}),
              HasSubstr("solver.population: is 1; allowed: 2 to 10000"));
  EXPECT_THAT(message_of("nsga2", {{"mutation", "nan"}}),
              HasSubstr("solver.mutation: is nan; allowed: 0 to 1"));
}

TEST(MakeSolver, KnowsTheOptionsOfEach) {
  for (const std::string& name : solver_names()) EXPECT_EQ(make_solver(name).name(), name);
  EXPECT_THAT(solver_option_names("ars"), testing::IsSupersetOf({"preset", "directions", "climbs", "model"}));
}

}  // namespace
}  // namespace parsimony::solver
