#include "parsimony/cli/predicted_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "parsimony/report/macro_f1.hpp"
#include "parsimony/report/table.hpp"

namespace parsimony::cli {
namespace {

constexpr std::size_t kShownCases = 20;
constexpr std::size_t kNameWidth = 16;  ///< columns of a class's name in the confusion matrix, at most

const std::string& class_of(const Predictions& predictions, const Prediction& one) {
  return predictions.class_names[static_cast<std::size_t>(one.predicted)];
}

/// "walk.csv:2 +128": a window begins so many samples into its recording.
std::string case_text(const data::NamedCases& cases, std::size_t i) {
  if (cases.starts.empty()) return cases.places[i];
  return cases.data.rate > 0.0 ? fmt::format("{} +{:.3g} s", cases.places[i],
                                             static_cast<double>(cases.starts[i]) / cases.data.rate)
                               : fmt::format("{} +{}", cases.places[i], cases.starts[i]);
}

std::string case_line(const Predictions& predictions, const data::NamedCases& cases, std::size_t i) {
  const Prediction& one = predictions.cases[i];
  std::string line = fmt::format("  {}  {}", case_text(cases, i), class_of(predictions, one));
  if (const auto confidence = one.confidence()) line += fmt::format(" {:.1f} %", 100.0 * *confidence);
  if (one.label && *one.label != one.predicted)
    line += fmt::format("  (labelled {})", predictions.class_names[static_cast<std::size_t>(*one.label)]);
  return line + "\n";
}

std::string counts_text(const Predictions& predictions) {
  std::string text;
  const auto counts = predictions.counts();
  for (std::size_t label = 0; label < counts.size(); ++label)
    if (counts[label] > 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", predictions.class_names[label], counts[label]);
  return text;
}

std::string confusion_text(const Predictions& predictions) {
  const auto shown = [](const std::string& name) { return name.substr(0, kNameWidth); };
  std::size_t width = 6;
  for (const std::string& name : predictions.class_names) width = std::max(width, shown(name).size());
  std::string text = fmt::format("{:{}}", "", width);
  for (const std::string& name : predictions.class_names) text += fmt::format("  {:>{}}", shown(name), width);
  const auto confusion = predictions.confusion();
  for (std::size_t label = 0; label < confusion.size(); ++label) {
    text += fmt::format("\n{:<{}}", shown(predictions.class_names[label]), width);
    for (const std::int64_t count : confusion[label]) text += fmt::format("  {:>{}}", count, width);
  }
  return text + "\n";
}

/// RFC 4180.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

}  // namespace

std::string predictions_text(const Predictions& predictions, const data::NamedCases& cases) {
  std::string text;
  const std::size_t shown = std::min(predictions.cases.size(), kShownCases);
  for (std::size_t i = 0; i < shown; ++i) text += case_line(predictions, cases, i);
  if (shown < predictions.cases.size())
    text += fmt::format("  and {} more (--csv FILE writes all)\n", predictions.cases.size() - shown);
  text += fmt::format("predicted: {}\n", counts_text(predictions));
  if (!predictions.unknown_labels.empty())
    text += fmt::format("not scored: cases labelled {}, which the network does not know\n",
                        fmt::join(predictions.unknown_labels, ", "));
  const auto accuracy = predictions.accuracy();
  if (!accuracy) return text + "no case has a label that the network knows: no accuracy\n";
  const auto confusion = predictions.confusion();
  return text +
         fmt::format("accuracy {} of {} labelled cases, macro F1 {:.3f}\n", report::percent(accuracy),
                     predictions.labelled(), *report::macro_f1(confusion)) +
         "confusion (a row for each true class, a column for each predicted one):\n" +
         confusion_text(predictions);
}

nlohmann::ordered_json predictions_json(const Predictions& predictions, const data::NamedCases& cases) {
  using Json = nlohmann::ordered_json;
  const auto optional = [](const auto& value) { return value ? Json(*value) : Json(nullptr); };
  Json json{{"class_names", predictions.class_names},
            {"labelled_cases", predictions.labelled()},
            {"accuracy", optional(predictions.accuracy())},
            {"macro_f1", optional(report::macro_f1(predictions.confusion()))},
            {"confusion", predictions.confusion()},
            {"unknown_labels", predictions.unknown_labels},
            {"cases", Json::array()}};
  for (std::size_t i = 0; i < predictions.cases.size(); ++i) {
    const Prediction& one = predictions.cases[i];
    Json item{{"place", cases.places[i]},
              {"label", cases.labels[i].empty() ? Json(nullptr) : Json(cases.labels[i])},
              {"class", class_of(predictions, one)},
              {"confidence", optional(one.confidence())},
              {"probabilities", one.probabilities}};
    if (!cases.starts.empty()) item["start"] = cases.starts[i];
    json["cases"].push_back(std::move(item));
  }
  return json;
}

std::string predictions_csv(const Predictions& predictions, const data::NamedCases& cases) {
  const bool windows = !cases.starts.empty();
  std::string text = windows ? "place,start,label,class,confidence" : "place,label,class,confidence";
  for (const std::string& name : predictions.class_names) text += "," + field("probability of " + name);
  text += "\r\n";
  for (std::size_t i = 0; i < predictions.cases.size(); ++i) {
    const Prediction& one = predictions.cases[i];
    text += field(cases.places[i]);
    if (windows) text += fmt::format(",{}", cases.starts[i]);
    text += fmt::format(",{},{},", field(cases.labels[i]), field(class_of(predictions, one)));
    if (const auto confidence = one.confidence()) text += fmt::format("{}", *confidence);
    for (std::size_t label = 0; label < predictions.class_names.size(); ++label)
      text += one.probabilities.empty() ? "," : fmt::format(",{}", one.probabilities[label]);
    text += "\r\n";
  }
  return text;
}

}  // namespace parsimony::cli
