#include "parsimony/command/evaluator.hpp"

#include <fmt/format.h>
#include <string.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/process.hpp"
#include "parsimony/command/result_line.hpp"

namespace parsimony::command {
namespace {

using Json = nlohmann::ordered_json;

/// A result is one line; a program that prints without end must not fill our memory.
constexpr std::size_t kKeptBytes = 1 << 20;

/// One JSON object on a line: a number for a float or int, a string for a categorical.
std::string input_of(const Settings& settings, const space::Configuration& configuration) {
  PARSIMONY_EXPECTS(configuration.size() == settings.parameters.size());
  Json json = Json::object();
  for (std::size_t i = 0; i < configuration.size(); ++i)
    json[space::parameter_name(settings.parameters[i])] =
        std::visit([](const auto& held) { return Json(held); }, configuration[i]);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::chrono::milliseconds milliseconds(double seconds) {
  if (!std::isfinite(seconds)) return std::chrono::milliseconds::max();
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1000.0)));
}

/// The last thing that it said is what a user looks for first.
std::string with_last_words(std::string reason, const ProcessResult& result) {
  const std::string_view words = last_line(result.errors);
  constexpr std::size_t kShown = 300;
  if (words.empty()) return reason;
  return fmt::format("{}; its last line of errors: {}{}", reason, words.substr(0, kShown),
                     words.size() > kShown ? "..." : "");
}

std::variant<Values, Failure> judged(const ProcessResult& result, const Settings& settings) {
  const auto failure = [](const char* code, std::string reason) {
    return Failure{"command", code, std::move(reason)};
  };
  if (result.timed_out)
    return failure("timeout", fmt::format("ran longer than {:g} s and was killed", settings.timeout));
  if (result.signal != 0) {
    const char* name = ::sigabbrev_np(result.signal);
    return failure("signal", fmt::format("died by signal {} (SIG{})", result.signal, name ? name : "?"));
  }
  if (result.exit_code != 0) return failure("exit", fmt::format("ended with exit code {}", result.exit_code));
  return read_result(result.output, settings);
}

study::Outcome outcome_of(const Values& values, const Settings& settings) {
  study::Outcome outcome;
  outcome.objectives = values.objectives;
  for (std::size_t i = 0; i < settings.objectives.size(); ++i)
    if (settings.objectives[i].maximise) outcome.objectives[i] = 0.0 - outcome.objectives[i];
  outcome.constraints = values.constraints;
  return outcome;
}

study::Outcome outcome_of(const Failure& failure) {
  study::Outcome outcome;
  outcome.state = study::State::failed;
  outcome.stage = failure.stage;
  outcome.code = failure.code;
  outcome.reason = failure.reason;
  return outcome;
}

}  // namespace

CommandEvaluator::CommandEvaluator(Settings settings, std::filesystem::path directory)
    : settings_(std::move(settings)), directory_(std::move(directory)) {}

study::Outcome CommandEvaluator::evaluate(const study::Job& job, const study::KeepGoing& keep_going) {
  ProcessOptions options;
  options.directory = directory_;
  options.input = input_of(settings_, job.configuration);
  options.timeout = milliseconds(settings_.timeout);
  options.environment = {{"PARSIMONY_TRIAL", fmt::format("{}", job.trial)},
                         {"PARSIMONY_SEED", fmt::format("{}", settings_.seed)}};
  options.keep_going = keep_going;
  options.keep_bytes = kKeptBytes;
  Failure last;
  for (int run = 0; run <= settings_.retries; ++run) {
    const ProcessResult result = run_process(settings_.command, options);
    if (result.abandoned) return outcome_of(Failure{"command", "abandoned", "nobody wanted it any more"});
    auto judgement = judged(result, settings_);
    if (const auto* values = std::get_if<Values>(&judgement)) return outcome_of(*values, settings_);
    last = std::get<Failure>(std::move(judgement));
    last.reason = with_last_words(std::move(last.reason), result);
  }
  if (settings_.retries > 0) last.reason += fmt::format(" (run {} times)", settings_.retries + 1);
  return outcome_of(last);
}

std::filesystem::path working_directory(const Settings& settings, const std::filesystem::path& problem_file) {
  const std::filesystem::path directory =
      std::filesystem::absolute(problem_file).parent_path() / settings.directory;
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error))
    throw InputError(problem_file.string() + ": directory", fmt::format("is '{}'", settings.directory),
                     "a folder, absolute or relative to the problem file");
  const std::string& program = settings.command.front();
  const bool is_path = program.find('/') != std::string::npos;
  if (!program_exists(is_path ? (directory / program).string() : program))
    throw InputError(problem_file.string() + ": command",
                     fmt::format("there is no executable program '{}'", program),
                     is_path ? "an executable file, absolute or relative to the command's directory"
                             : "a program on PATH, or a path to one");
  return directory;
}

}  // namespace parsimony::command
