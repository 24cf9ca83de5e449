#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "parsimony/report/macro_f1.hpp"
#include "synthetic_study.hpp"

namespace parsimony::report {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

const Report& networks() {
  static const Report report = build_report(testing::usual_network_study(), {"motions", "studies/motions"});
  return report;
}
Report generic() {
  return build_report(testing::generic_study(), {"passino", "studies/passino"});
}
Report empty() {
  Contents contents = testing::usual_network_study();
  contents.rows.clear();
  contents.finals.clear();
  contents.graphs.clear();
  return build_report(contents, {"empty", "studies/empty"});
}

/// RFC 4180.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> lines(1, {""});
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"')
      lines.back().back() += text[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && c == ',')
      lines.back().emplace_back();
    else if (!quoted && c == '\r' && text[i + 1] == '\n') {
      lines.push_back({""});
      ++i;
    } else
      lines.back().back() += c;
  }
  lines.pop_back();
  return lines;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::size_t letters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

/// What is not by default; the usual study says nothing.
TEST(TerminalSummary, SaysHowNetworksWereTrained) {
  EXPECT_EQ(networks().training, "");
  Contents contents = testing::usual_network_study();
  json configuration = json::parse(contents.description.configuration);
  configuration["augment"] = {{"crop", 4}, {"flip", true}};
  configuration["quantisation"] = {{"ranges", "mse"}};
  configuration["training"] = {{"class_weights", {1.0, 2.5}}};
  contents.description.configuration = configuration.dump();
  const Report report = build_report(contents, {"motions", "studies/motions"});
  const std::string expected =
      "augment: crop 4, flip true; training: class_weights [1.0,2.5]; quantisation: ranges mse";
  EXPECT_EQ(report.training, expected);
  EXPECT_EQ(json::parse(to_json(report)).at("training"), expected);
  for (const char* part : {"augment: crop 4, flip true", "training: class_weights [1.0,2.5]", "ranges mse"})
    EXPECT_THAT(terminal_summary(report), HasSubstr(part));
  EXPECT_THAT(to_html(report), HasSubstr(expected));
}

TEST(ReportJson, HasTheFieldsThatAProgramMayRelyOn) {
  const json report = json::parse(to_json(networks()));
  EXPECT_EQ(report["study"], "motions");
  EXPECT_EQ(report["trials"]["complete"], 58);
  EXPECT_EQ(report["trials"]["infeasible"], 0);
  EXPECT_EQ(report["trials"]["failed"], 1);
  EXPECT_EQ(report["objectives"], json({"error", "rom", "ram", "flops"}));
  EXPECT_EQ(report["reference"], json({1.0, 1.0, 1.0, 1.0}));
  EXPECT_TRUE(report["hypervolume"].is_number());
  EXPECT_TRUE(std::regex_match(report["digest"].get<std::string>(), std::regex("[0-9a-f]{64}")));
  ASSERT_GE(report["front"].size(), 3u);
}

TEST(ReportJson, SaysOfEachNetworkOfTheFrontWhatItIsAndCosts) {
  const Report source = networks();
  const json report = json::parse(to_json(source));
  for (const json& member : report["front"]) {
    const Row& row = source.row(member["trial"]);
    EXPECT_EQ(member["objectives"]["error"], row.objectives[0]);
    EXPECT_EQ(member["objectives"]["flops"], row.objectives[3]);
    EXPECT_EQ(member["parameters"]["epochs"], std::get<std::int64_t>(row.configuration[0]));
    EXPECT_EQ(member["parameters"]["learning_rate"], std::get<double>(row.configuration[1]));
    EXPECT_EQ(member["validation_accuracy"], *row.network->validation_accuracy);
    EXPECT_EQ(member["test_accuracy"], *row.network->test_accuracy);
    EXPECT_EQ(member["validation_macro_f1"], *macro_f1(row.network->validation.confusion));
    EXPECT_EQ(member["test_macro_f1"], *macro_f1(row.network->test.confusion));
    EXPECT_EQ(member["rom_bytes"], *row.network->rom_bytes);
    EXPECT_EQ(member["ram_bytes"], *row.network->ram_bytes);
    EXPECT_EQ(member["flops"], *row.network->flops);
    EXPECT_EQ(member["parameter_count"], *row.network->parameter_count);
  }
}

TEST(ReportJson, HasNoNetworkFieldsInAGenericStudy) {
  const json report = json::parse(to_json(generic()));
  for (const json& member : report["front"]) {
    EXPECT_FALSE(member.contains("rom_bytes"));
    EXPECT_FALSE(member.contains("export"));
    EXPECT_TRUE(member["parameters"]["activation"].is_string());
  }
}

TEST(ReportJson, OfAnEmptyStudyHasAnEmptyFront) {
  const json report = json::parse(to_json(empty()));
  EXPECT_EQ(report["front"], json::array());
  EXPECT_EQ(report["hypervolume"], 0.0);
}

/// The generic study with the second objective, or the only one, maximised: its stored values are negated.
Report maximising(bool only_one) {
  Contents contents = testing::generic_study();
  json configuration = json::parse(contents.description.configuration);
  configuration["kind"] = "optimise";
  configuration["command"] = {"python3", "my script.py"};
  configuration["objectives"][1] = {{"name", "f2"}, {"goal", "maximise"}, {"reference", -2.0}};
  if (only_one) {
    configuration["objectives"].erase(0);
    contents.description.objectives.erase(contents.description.objectives.begin());
    for (study::Row& row : contents.rows) row.objectives.erase(row.objectives.begin());
  }
  contents.description.configuration = configuration.dump();
  return build_report(contents, {"generic", "studies/generic"});
}

TEST(ReportOfAMaximisedObjective, SaysEverywhereWhatTheUserDefined) {
  const Report source = maximising(false);
  EXPECT_EQ(source.front, generic().front);
  EXPECT_EQ(source.hypervolume, generic().hypervolume);
  const json report = json::parse(to_json(source));
  EXPECT_EQ(report["reference"], json({1.1, -2.0}));
  EXPECT_EQ(report["goals"], json({"minimise", "maximise"}));
  for (const json& member : report["front"]) {
    const Row& row = source.row(member["trial"]);
    EXPECT_EQ(member["objectives"]["f2"], -row.objectives[1]);
  }
  const auto csv = read_csv(to_csv(source));
  const auto column = std::find(csv[0].begin(), csv[0].end(), "objective.f2") - csv[0].begin();
  EXPECT_EQ(std::stod(csv[1][static_cast<std::size_t>(column)]), -source.row(1).objectives[1]);
  const std::string summary = terminal_summary(source, {.width = 100});
  EXPECT_THAT(summary, HasSubstr("(reference 1.1, -2)"));
  EXPECT_THAT(summary, HasSubstr("python3 'my script.py'"));
  EXPECT_THAT(to_html(source), HasSubstr("Maximised: f2; the rest is minimised."));
}

TEST(ReportOfOneObjective, HasItsBestValueInPlaceOfTheHypervolume) {
  const Report source = maximising(true);
  double best = -std::numeric_limits<double>::infinity();
  for (const Row& row : source.rows)
    if (row.state == study::State::complete) best = std::max(best, -row.objectives[0]);
  const json report = json::parse(to_json(source));
  EXPECT_TRUE(report["hypervolume"].is_null());
  EXPECT_EQ(report["best_value"], best);
  double before = -std::numeric_limits<double>::infinity();
  for (const json& point : report["best_value_curve"]) {
    EXPECT_GE(point[1].get<double>(), before);
    before = point[1];
  }
  EXPECT_EQ(before, best);
  EXPECT_EQ(report["front"].size(), 1u);
  EXPECT_THAT(terminal_summary(source), ::testing::Not(HasSubstr("Hypervolume")));
}

TEST(ReportCsv, HasOneLineATrialAndAsManyFieldsInEach) {
  for (const Report& report : {networks(), generic(), empty()}) {
    const auto lines = read_csv(to_csv(report));
    ASSERT_EQ(lines.size(), report.rows.size() + 1);
    for (const auto& line : lines) EXPECT_EQ(line.size(), lines[0].size());
  }
}

TEST(ReportCsv, KeepsNumbersExactly) {
  const Report report = networks();
  const auto lines = read_csv(to_csv(report));
  const auto column = std::find(lines[0].begin(), lines[0].end(), "objective.ram") - lines[0].begin();
  for (std::size_t i = 0; i < report.rows.size(); ++i) {
    const std::string& text = lines[i + 1][static_cast<std::size_t>(column)];
    if (report.rows[i].state != study::State::complete) continue;
    EXPECT_EQ(std::stod(text), report.rows[i].objectives[2]);
  }
}

TEST(ReportCsv, QuotesCommasQuotesAndLineEnds) {
  Report report = generic();
  report.rows[0].reason = "exit 1, \"bad\"\nsecond line";
  EXPECT_EQ(read_csv(to_csv(report))[1][4], report.rows[0].reason);
}

TEST(TerminalSummary, FitsItsWidth) {
  Report long_names = networks();
  long_names.study = std::string(200, 'x');
  long_names.directory = "d";
  for (const int width : {60, 80, 100}) {
    for (const Report& report : {networks(), generic(), empty()})
      for (const std::string& line : lines_of(terminal_summary(report, {.width = width}))) {
        if (line.find("parsimony export") == std::string::npos) {  // a command is never cut
          EXPECT_LE(letters(line), static_cast<std::size_t>(width)) << line;
        }
      }
    EXPECT_LE(letters(lines_of(terminal_summary(long_names, {.width = width}))[0]),
              static_cast<std::size_t>(width));
  }
}

TEST(TerminalSummary, NamesTheBestNetworkAndItsExportCommand) {
  const Report report = networks();
  const std::string text = terminal_summary(report);
  EXPECT_THAT(text, HasSubstr("Best:  trial " + std::to_string(*report.best) + ","));
  EXPECT_THAT(text, HasSubstr(export_command(report, *report.best)));
  EXPECT_THAT(text, HasSubstr("Hypervolume 0.9"));
}

TEST(TerminalSummary, AlignsTheColumnsOfTheFront) {
  const std::vector<std::string> lines = lines_of(terminal_summary(networks()));
  const auto head = std::find_if(lines.begin(), lines.end(),
                                 [](const std::string& line) { return line.find("  trial  ") == 0; });
  ASSERT_NE(head, lines.end());
  for (auto line = head; !line->empty(); ++line) EXPECT_EQ(letters(*line), letters(*head));
}

TEST(TerminalSummary, IsColouredOnlyWhereAsked) {
  EXPECT_THAT(terminal_summary(networks()), Not(HasSubstr("\x1b")));
  EXPECT_THAT(terminal_summary(networks(), {.colour = true}), HasSubstr("\x1b[1m"));
}

TEST(TerminalSummary, SendsNoControlCharactersOfTheStudyToATerminal) {
  Report report = generic();
  report.study = "a\x1b[2Jb";
  report.objectives[0].label = "f\x07";
  const std::string text = terminal_summary(report);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\x07")));
}

TEST(TerminalSummary, SaysHowManyRowsItLeftOut) {
  const Report report = networks();
  EXPECT_THAT(terminal_summary(report, {.front_rows = 5}),
              HasSubstr("and " + std::to_string(report.front.size() - 5) + " more"));
}

// -- the page --

constexpr const char* kHostile =
    "</script><script>document.title='pwned'</script><img src=x onerror=\"alert(1)\">'&amp;\xe2\x80\xa8";

Report hostile() {
  Contents contents = testing::network_study({.trials = 20, .class_names = {kHostile, "<!--", "b", "]]>"}});
  contents.rows[6].execution.reason = kHostile;
  contents.description.parameters[0] = kHostile;
  contents.description.notes["note"] = kHostile;
  return build_report(contents, {kHostile, kHostile});
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(ReportPage, AsksForNothingOutsideItself) {
  for (const Report& report : {networks(), generic(), empty()}) {
    const std::string page = to_html(report);
    for (const char* part :
         {"http:", "https:", "src=", "@import", "url(", "fetch(", "XMLHttpRequest", "WebSocket",
          "EventSource", "sendBeacon", "import(", "<link", "<iframe", "<base"})
      EXPECT_THAT(page, Not(HasSubstr(part)));
    std::smatch match;
    for (std::string rest = page; std::regex_search(rest, match, std::regex("href=\"([^\"]*)\""));
         rest = match.suffix())
      EXPECT_EQ(match[1].str()[0], '#');
    EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  }
}

TEST(ReportPage, FillsEveryPlace) {
  const std::string page = to_html(networks());
  EXPECT_THAT(page, Not(HasSubstr("{{")));
  EXPECT_THAT(page, HasSubstr("<title>motions · Parsimony</title>"));
}

TEST(ReportPage, HoldsHostileStringsAsTextOnly) {
  const std::string page = to_html(hostile()), plain = to_html(networks());
  EXPECT_EQ(count(page, "<script"), count(plain, "<script"));
  EXPECT_EQ(count(page, "</script"), count(plain, "</script"));
  EXPECT_EQ(count(page, "<img"), 0u);
  EXPECT_EQ(count(page, "<!--"), count(plain, "<!--"));
}

TEST(ReportPage, GivesTheScriptEveryStringUnchanged) {
  const std::string page = to_html(hostile());
  const std::string open = "id=\"report-data\">";
  const std::size_t begin = page.find(open) + open.size();
  const std::string data = page.substr(begin, page.find("</script>", begin) - begin);
  EXPECT_EQ(data.find_first_of("<>&"), std::string::npos);
  const json document = json::parse(data);
  EXPECT_EQ(document["study"], kHostile);
  EXPECT_EQ(document["class_names"][0], kHostile);
  EXPECT_EQ(document["trials"][6]["reason"], kHostile);
}

TEST(ReportPage, ReplacesBytesThatAreNoText) {
  Contents contents = testing::generic_study();
  contents.rows[0].execution.reason = "\xff\xfe broken";
  const std::string page = to_html(build_report(contents, {"s", "d"}));
  EXPECT_THAT(page, HasSubstr("\\ufffd"));
}

TEST(ReportPage, StatesTheProtocolAndTheReadingOfTheSpace) {
  EXPECT_THAT(to_html(networks()), HasSubstr("honest: the search saw training data only"));
  EXPECT_THAT(to_html(networks()), HasSubstr("weight decay read as an L2 coefficient"));
  EXPECT_THAT(to_html(build_report(testing::network_study({.trials = 3, .protocol = "paper"}), {})),
              HasSubstr("paper: the search maximised accuracy on the test data"));
}

TEST(ReportPage, StaysSmallEnoughToMail) {
  EXPECT_LT(to_html(networks()).size(), 3u << 20);
}

}  // namespace
}  // namespace parsimony::report
