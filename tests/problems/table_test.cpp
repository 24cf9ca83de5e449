#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/problems/benchmark_problem.hpp"

namespace parsimony::problems {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// A file of this process, gone with the object.
class TableFile {
 public:
  explicit TableFile(const std::string& text)
      : path_(fs::temp_directory_path() / ("parsimony-table-" + std::to_string(getpid()) + ".csv")) {
    write_file(path_, text);
  }
  ~TableFile() { fs::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

ProblemOptions options_of(const TableFile& file) {
  return {{"file", file.path()}, {"parameters", "kind,integer:width"}, {"objectives", "-accuracy,cost"}};
}

const char* const kWhole =
    "kind,width,accuracy,cost\na,1,50,1\na,2,60,2\na,3,70,5\nb,1,55,1\nb,2,60,3\nb,3,90,11\n";

TEST(Table, ReadsParametersAndBringsObjectivesToTheUnitInterval) {
  const TableFile file(kWhole);
  ProblemOptions options = options_of(file);
  options["computed"] = "cost";
  const BenchmarkProblem benchmark = make_problem("table", options);
  const space::Space& space = benchmark.problem.space;
  ASSERT_EQ(space.dimension(), 2);
  EXPECT_EQ(space.size(), 6.0);
  const auto at = [&](const char* kind, std::int64_t width) {
    return benchmark.evaluate(space.encode({std::string(kind), width})).objectives;
  };
  EXPECT_EQ(at("b", 3), (std::vector<double>{0.0, 1.0}));
  EXPECT_EQ(at("a", 1), (std::vector<double>{1.0, 0.0}));
  EXPECT_EQ(at("a", 3), (std::vector<double>{0.5, 0.4}));
  EXPECT_EQ(benchmark.problem.objectives[0].source, solver::Source::measured);
  EXPECT_EQ(benchmark.problem.objectives[1].source, solver::Source::computed);
  EXPECT_EQ(benchmark.problem.costs.exact(space.encode({std::string("a"), std::int64_t{3}})).objectives,
            (std::vector<double>{0.4}));
  // Front (0, 1), (.5, .4), (.75, .1), (.875, 0) below (1.1, 1.1), by hand.
  EXPECT_NEAR(*benchmark.best, 1.1 * 0.1 + 0.6 * 0.6 + 0.35 * 0.3 + 0.225 * 0.1, 1e-12);
}

TEST(Table, RefusesWhatIsNoWholeGrid) {
  const auto refused = [](const char* text, const char* message) {
    const TableFile file(text);
    try {
      make_problem("table", options_of(file));
      FAIL() << message;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr(message));
    }
  };
  refused("kind,width,accuracy,cost\na,1,50,1\na,2,60,2\nb,1,70,5\n", "has 3 rows for 4 combinations");
  refused("kind,width,accuracy,cost\na,1,50,1\na,1,60,2\nb,1,70,5\nb,2,1,1\n", "two rows of one combination");
  refused("kind,width,accuracy,cost\na,1,50\n", ":2: has 3 values");
  refused("kind,width,accuracy\na,1,50\n", "no column 'cost'");
  refused("kind,width,accuracy,cost\na,1,high,1\n", "is 'high'");
  refused("kind,width,accuracy,cost\na,1.5,50,1\n", "whole numbers");
  refused("kind,width,accuracy,cost\n", "has no rows");
}

/// The published tables; skipped where they are not on this machine.
std::string table_of(const char* name) {
  const char* const given = std::getenv("PARSIMONY_TABLES");
  const fs::path file = fs::path(given ? given : PARSIMONY_SOURCE_DIR "/../shared/tables") / name;
  return fs::exists(file) ? file.string() : "";
}

TEST(Table, TheMaximaOfThePublishedTablesAreThoseKnown) {
  const std::string macro = table_of("nasbench_macro_cifar10.csv"), nb201 = table_of("nasbench201.csv");
  if (macro.empty() || nb201.empty()) GTEST_SKIP() << "no tables below $PARSIMONY_TABLES";
  const BenchmarkProblem four = make_problem("macro", {{"file", macro}});
  EXPECT_NEAR(*four.best, 1.2745428, 1e-7);
  EXPECT_EQ(four.problem.objectives[0].source, solver::Source::measured);
  for (std::size_t j = 1; j < 4; ++j) EXPECT_EQ(four.problem.objectives[j].source, solver::Source::computed);
  EXPECT_EQ(four.problem.space.size(), 6561.0);
  const BenchmarkProblem three =
      make_problem("macro", {{"file", macro}, {"objectives", "error,params,flops"}});
  EXPECT_NEAR(*three.best, 1.2015526, 1e-7);
  const BenchmarkProblem measured = make_problem("macro", {{"file", macro}, {"computed", "none"}});
  EXPECT_FALSE(measured.problem.costs.exact);
  EXPECT_NEAR(*make_problem("nb201", {{"file", nb201}}).best, 1.3555467, 1e-7);
}

}  // namespace
}  // namespace parsimony::problems
