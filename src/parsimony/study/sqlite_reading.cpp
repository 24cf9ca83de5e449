#include "parsimony/study/sqlite_reading.hpp"

#include <limits>

#include "parsimony/study/number_ranges.hpp"

namespace parsimony::study::sqlite {
namespace {

std::vector<std::string> read_names(const Connection& connection, const char* kind) {
  Statement query(connection, "SELECT name FROM name WHERE kind = ? ORDER BY position");
  query.bind(kind);
  std::vector<std::string> names;
  while (query.step()) names.push_back(query.text(0));
  return names;
}

// The columns of an execution, in the order in which read_execution takes them.
constexpr const char* kSelectJob =
    "SELECT j.trial, j.purpose, j.state, j.stage, j.code, j.reason, j.metrics, j.owner, j.expires, "
    "j.attempts,"
    " j.deaths, j.queued, j.started, j.finished, j.seconds, j.revision";
constexpr int kJobColumns = 16;

Execution read_execution(const Statement& query) {
  Execution execution;
  execution.trial = static_cast<int>(query.integer(0));
  execution.purpose = query.text(1);
  execution.state = state_of(query.text(2));
  execution.stage = query.text(3);
  execution.code = query.text(4);
  execution.reason = query.text(5);
  execution.metrics = query.text(6);
  execution.owner = query.text(7);
  execution.expires = query.real(8);
  execution.attempts = static_cast<int>(query.integer(9));
  execution.deaths = static_cast<int>(query.integer(10));
  execution.queued = query.real(11);
  execution.started = query.real(12);
  execution.finished = query.real(13);
  execution.seconds = query.real(14);
  execution.revision = query.integer(15);
  return execution;
}

space::Value read_value(const Statement& query, int column) {
  switch (query.type(column)) {
    case SQLITE_INTEGER:
      return query.integer(column);
    case SQLITE_TEXT:
      return query.text(column);
    default:
      return query.real(column);
  }
}

/// Puts what stands in the row's values where it belongs.
void read_values(Statement& query, Row& row) {
  query.bind(row.number);
  while (query.step()) {
    const std::string kind = query.text(0);
    const auto position = static_cast<std::size_t>(query.integer(1));
    if (kind == "parameter") row.configuration.push_back(read_value(query, 2));
    if (kind == "objective") row.objectives.at(position) = query.real(2);
    if (kind == "constraint") row.constraints.at(position) = query.real(2);
  }
  query.finish();
}

}  // namespace

Description read_description(const Connection& connection) {
  Description description;
  Statement configuration(connection, "SELECT value FROM study WHERE key = 'configuration'");
  if (configuration.step()) description.configuration = configuration.text(0);
  Statement notes(connection, "SELECT key, value FROM note");
  while (notes.step()) description.notes[notes.text(0)] = notes.text(1);
  description.parameters = read_names(connection, "parameter");
  description.objectives = read_names(connection, "objective");
  description.constraints = read_names(connection, "constraint");
  return description;
}

space::Configuration read_configuration(const Connection& connection, int trial) {
  Statement query(connection,
                  "SELECT value FROM value WHERE trial = ? AND kind = 'parameter' ORDER BY position");
  query.bind(trial);
  space::Configuration configuration;
  while (query.step()) configuration.push_back(read_value(query, 0));
  return configuration;
}

std::vector<Row> read_rows(const Connection& connection, std::int64_t after_revision, std::size_t objectives,
                           std::size_t constraints) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  const std::string select = std::string(kSelectJob) +
                             ", t.record, t.seen, t.workers FROM job j JOIN trial t ON t.number = j.trial"
                             " WHERE j.purpose = 'trial' AND j.revision > ? ORDER BY j.trial";
  Statement query(connection, select.c_str());
  Statement values(connection,
                   "SELECT kind, position, value FROM value WHERE trial = ? ORDER BY kind, position");
  query.bind(after_revision);
  std::vector<Row> rows;
  while (query.step()) {
    Row& row = rows.emplace_back();
    row.execution = read_execution(query);
    row.number = row.execution.trial;
    row.record = query.text(kJobColumns);
    row.seen = from_ranges(query.text(kJobColumns + 1));
    row.workers = static_cast<int>(query.integer(kJobColumns + 2));
    row.objectives.assign(objectives, kUnknown);
    row.constraints.assign(constraints, kUnknown);
    read_values(values, row);
  }
  return rows;
}

std::vector<Execution> read_executions(const Connection& connection, const std::string& purpose,
                                       std::int64_t after_revision) {
  const std::string select =
      std::string(kSelectJob) + " FROM job j WHERE j.purpose = ? AND j.revision > ? ORDER BY j.trial";
  Statement query(connection, select.c_str());
  query.bind(purpose, after_revision);
  std::vector<Execution> executions;
  while (query.step()) executions.push_back(read_execution(query));
  return executions;
}

std::vector<Artefact> read_artefacts(const Connection& connection, int trial, const std::string& purpose) {
  Statement query(connection,
                  "SELECT name, bytes FROM artefact WHERE trial = ? AND purpose = ? ORDER BY name");
  query.bind(trial, purpose);
  std::vector<Artefact> artefacts;
  while (query.step()) artefacts.push_back({query.text(0), query.text(1)});
  return artefacts;
}

}  // namespace parsimony::study::sqlite
