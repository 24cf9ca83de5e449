#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "parsimony/study/digest.hpp"
#include "synthetic_study.hpp"

namespace parsimony::report {
namespace {

using nlohmann::ordered_json;

const Report& usual_report() {
  static const Report report = build_report(testing::usual_network_study(), {});
  return report;
}

Contents spoiled_metrics(const std::string& metrics) {
  Contents contents = testing::network_study({.trials = 3, .troubled = false});
  contents.rows[0].execution.metrics = metrics;
  return contents;
}

/// The first row's stored figures, changed.
Contents changed_metrics(const std::function<void(ordered_json&)>& change) {
  Contents contents = testing::network_study({.trials = 3, .troubled = false});
  ordered_json metrics = ordered_json::parse(contents.rows[0].execution.metrics);
  change(metrics);
  contents.rows[0].execution.metrics = metrics.dump();
  return contents;
}

TEST(BuildReport, ReadsWhatTheConfigurationSays) {
  const Report report = build_report(testing::usual_network_study(), {"", "runs/motions/"});
  EXPECT_EQ(report.study, "motions");
  EXPECT_EQ(report.protocol, "honest");
  EXPECT_EQ(report.solver, "ars");
  EXPECT_EQ(report.solver_settings, "directions 300, horizon 4");
  EXPECT_EQ(report.data, "motions, seed 1");
  EXPECT_EQ(report.network, "dscnn-se-1d, width 114");
  EXPECT_EQ(report.target, "cortex-m4");
  EXPECT_EQ(report.space, "paper");
  EXPECT_EQ(report.seed, 1);
  EXPECT_EQ(report.initial, 10);
}

TEST(BuildReport, TakesTheStudysOwnDigest) {
  const Contents& contents = testing::usual_network_study();
  EXPECT_EQ(build_report(contents, {}).digest, study::digest(contents.rows));
}

TEST(BuildReport, ScalesACostByItsLimit) {
  const Report& report = usual_report();
  EXPECT_EQ(report.objectives[1].unit, "B");
  EXPECT_EQ(report.objectives[1].scale, 1 << 20);
  EXPECT_EQ(report.objectives[2].scale, 256 << 10);
}

TEST(BuildReport, FindsTheScaleOfACostWithoutLimitFromTheRows) {
  const Report& report = usual_report();
  for (const Row& row : report.rows) {
    if (!row.network) continue;
    EXPECT_NEAR(row.objectives[3] * report.objectives[3].scale, static_cast<double>(*row.network->flops),
                0.01);
  }
}

TEST(BuildReport, ReadsALimitWrittenInWords) {
  Contents contents = testing::network_study({.trials = 3});
  ordered_json configuration = ordered_json::parse(contents.description.configuration);
  configuration["limits"]["rom"] = "512 KB";
  contents.description.configuration = configuration.dump();
  EXPECT_EQ(build_report(contents, {}).objectives[1].scale, 512 << 10);
}

TEST(BuildReport, ShowsObjectivesOfAGenericStudyAsGiven) {
  const Report report = build_report(testing::generic_study(), {});
  EXPECT_FALSE(report.has_networks);
  EXPECT_EQ(report.objectives[0].label, "f1");
  EXPECT_EQ(report.objectives[0].unit, "");
  EXPECT_EQ(report.objectives[0].scale, 1.0);
  EXPECT_EQ(report.objectives[0].reference, 1.1);
  EXPECT_EQ(report.objectives[1].reference, 2.0);
}

TEST(BuildReport, TakesParametersFromTheConfiguration) {
  const Report report = build_report(testing::generic_study(), {});
  EXPECT_EQ(std::get<space::FloatParameter>(report.parameters[0]).high, 1.0);
  EXPECT_EQ(std::get<space::IntegerParameter>(report.parameters[1]).high, 8);
  EXPECT_EQ(std::get<space::CategoricalParameter>(report.parameters[2]).choices,
            (std::vector<std::string>{"relu", "tanh"}));
}

TEST(BuildReport, InfersParametersFromTheirValuesWhereTheConfigurationIsSilent) {
  const Report& report = usual_report();
  EXPECT_TRUE(std::holds_alternative<space::IntegerParameter>(report.parameters[0]));
  EXPECT_TRUE(std::get<space::FloatParameter>(report.parameters[1]).logarithmic);   // learning rate
  EXPECT_FALSE(std::get<space::FloatParameter>(report.parameters[2]).logarithmic);  // momentum
}

TEST(BuildReport, CountsEveryState) {
  const auto counts = usual_report().counts();
  EXPECT_EQ(counts.at("complete"), 58);
  EXPECT_EQ(counts.at("failed"), 1);
  EXPECT_EQ(counts.at("running"), 1);
  EXPECT_EQ(counts.at("infeasible"), 0);
}

TEST(BuildReport, TakesTestScoresFromTheFinalJob) {
  const Report& report = usual_report();
  const NetworkFigures& figures = *report.row(1).network;
  EXPECT_TRUE(figures.test_accuracy.has_value());
  EXPECT_EQ(figures.test.cases, 480);
  EXPECT_EQ(figures.test.confusion.size(), 8u);
}

TEST(BuildReport, CallsTheScoreOfProtocolPaperTestAccuracy) {
  const Report report = build_report(testing::network_study({.protocol = "paper"}), {});
  const NetworkFigures& figures = *report.row(1).network;
  EXPECT_EQ(figures.test_accuracy, figures.validation_accuracy);
  EXPECT_EQ(figures.test_macro_f1, figures.validation_macro_f1);
}

TEST(BuildReport, OrdersGroupsAsTheNetworkDoes) {
  const Report& report = usual_report();
  std::vector<std::string> names;
  for (const auto& [group, count] : report.row(1).network->kept) names.push_back(group);
  EXPECT_EQ(names.front(), "conv1");
  EXPECT_EQ(names[2], "block2_pointwise");
  EXPECT_EQ(names.back(), "block10_pointwise");
}

TEST(BuildReport, PlansTheStoredNetworkInAsManyBytesAsItsRowSays) {
  const Report& report = usual_report();
  const NetworkFigures& figures = *report.row(2).network;
  ASSERT_TRUE(figures.plan.has_value());
  EXPECT_EQ(figures.plan->arena_bytes, *figures.ram_bytes);
  EXPECT_LE(figures.plan->lower_bound_bytes, figures.plan->arena_bytes);
  EXPECT_EQ(std::count_if(figures.plan->buffers.begin(), figures.plan->buffers.end(),
                          [](const Buffer& b) { return b.input; }),
            1);
}

TEST(BuildReport, KeepsItsOtherFiguresWhenAStoredNetworkIsDamaged) {
  Contents contents = testing::network_study({.trials = 3});
  contents.graphs[2] = "not a graph";
  const Report report = build_report(contents, {});
  EXPECT_FALSE(report.row(2).network->plan.has_value());
  EXPECT_NE(report.row(2).not_exportable.find("model.graph of trial 2"), std::string::npos);
}

TEST(BuildReport, MarksADivergedTrialAndDoesNotOfferItForExport) {
  const Report& report = usual_report();
  EXPECT_EQ(report.row(18).diverged, "the loss was not a number in epoch 37");
  EXPECT_EQ(report.row(18).not_exportable, "training diverged");
  EXPECT_EQ(report.row(1).not_exportable, "");
}

TEST(BuildReport, DoesNotOfferANetworkWhoseFinalTrainingDiverged) {
  Contents contents = testing::network_study({.trials = 3, .troubled = false});
  contents.finals[0].metrics = R"({"diverged": "in epoch 3"})";
  EXPECT_EQ(build_report(contents, {}).row(1).not_exportable, "final training diverged");
}

TEST(BuildReport, LeavesOutFieldsOfAnotherType) {
  const Report report = build_report(changed_metrics([](ordered_json& metrics) {
                                       metrics["flops"] = "many";
                                       metrics["confusion"] = {{1, 2}, {3}};
                                       metrics["curve"] = {1, "two", {{"epoch", 0}}};
                                       metrics["kept"] = {{"conv1", "all"}};
                                     }),
                                     {});
  const NetworkFigures& figures = *report.row(1).network;
  EXPECT_FALSE(figures.flops.has_value());
  EXPECT_TRUE(figures.validation.confusion.empty());
  EXPECT_EQ(figures.curve.epoch.size(), 1u);
  EXPECT_TRUE(figures.kept.empty());
  EXPECT_TRUE(figures.rom_bytes.has_value());
}

TEST(BuildReport, SurvivesAnyTextForMetricsAndConfiguration) {
  for (const char* text :
       {"", "{", "[]", "null", "7", "\"text\"", "{\"validation_accuracy\": null}", "\xff\xfe"}) {
    Contents contents = spoiled_metrics(text);
    contents.description.configuration = text;
    const Report report = build_report(contents, {});
    EXPECT_EQ(report.rows.size(), 3u) << text;
    EXPECT_FALSE(to_html(report).empty());
    EXPECT_TRUE(ordered_json::accept(to_json(report)));
  }
}

TEST(ExportCommand, QuotesWhatAShellWouldReadOtherwise) {
  EXPECT_EQ(export_command(build_report(testing::network_study({.trials = 3}), {"net", "runs/net"}), 2),
            "parsimony export runs/net --trial 2 -o net-2");
  EXPECT_EQ(
      export_command(build_report(testing::network_study({.trials = 3}), {"", "my runs/it's $HOME"}), 2),
      "parsimony export 'my runs/it'\\''s $HOME' --trial 2 -o 'it'\\''s $HOME-2'");
  EXPECT_EQ(export_command(build_report(testing::network_study({.trials = 3}), {"", "-x"}), 2),
            "parsimony export ./-x --trial 2 -o ./-x-2");
}

}  // namespace
}  // namespace parsimony::report
