// The report of a study in a real store, filled the way a worker fills it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "parsimony/study/folder.hpp"
#include "synthetic_study.hpp"

namespace parsimony::report {
namespace {

class StoredStudy : public ::testing::Test {
 protected:
  StoredStudy()
      : folder_(std::filesystem::temp_directory_path() / ("parsimony-report-" + std::to_string(getpid()))) {}
  ~StoredStudy() override { std::filesystem::remove_all(folder_); }

  study::Store fill(const Contents& contents, const std::string& final_graph) const {
    study::Store store = study::make_or_resume_study(folder_, contents.description, {});
    for (const study::Row& row : contents.rows) store.insert({row.number, row.configuration, "", {}, 1});
    store.serve(study::kTrial);
    for (const study::Row& row : contents.rows) {
      study::Outcome outcome;
      outcome.objectives = row.objectives;
      outcome.constraints = row.constraints;
      outcome.metrics = row.execution.metrics;
      outcome.artefacts = {{"model.graph", contents.graphs.at(row.number)}};
      EXPECT_TRUE(store.claim("worker", 60.0).has_value());
      EXPECT_TRUE(store.finish("worker", row.number, study::kTrial, outcome, 1.5));
    }
    EXPECT_TRUE(store.request(2, study::kFinal));
    store.serve(study::kFinal);
    EXPECT_TRUE(store.claim("worker", 60.0).has_value());
    study::Outcome outcome;
    outcome.metrics = R"({"test_accuracy": 0.75, "test_cases": 4})";
    outcome.artefacts = {{"model.graph", final_graph}};
    EXPECT_TRUE(store.finish("worker", 2, study::kFinal, outcome, 2.5));
    return store;
  }

  std::filesystem::path folder_;
};

TEST_F(StoredStudy, IsReadWithItsFinalScoresAndTheDeployedNetworks) {
  const Contents contents = testing::network_study({.trials = 4, .troubled = false});
  const study::Store store = fill(contents, contents.graphs.at(3));
  const Report report = build_report(store, {"s", "d"});
  ASSERT_EQ(report.rows.size(), 4u);
  EXPECT_EQ(report.counts().at("complete"), 4);
  EXPECT_EQ(report.row(2).network->test_accuracy, 0.75);
  EXPECT_FALSE(report.row(1).network->test_accuracy.has_value());
  EXPECT_EQ(report.row(1).network->plan->arena_bytes, *report.row(1).network->ram_bytes);
  EXPECT_EQ(report.row(2).network->plan->arena_bytes,
            *report.row(3).network->ram_bytes);  // the final job's graph
  EXPECT_EQ(report.row(2).objectives, contents.rows[1].objectives);
  EXPECT_EQ(report.row(2).seconds, 1.5);
}

}  // namespace
}  // namespace parsimony::report
