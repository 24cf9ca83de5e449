#include "parsimony/study/sqlite_store.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "parsimony/base/contracts.hpp"
#include "parsimony/study/configuration_difference.hpp"
#include "parsimony/study/number_ranges.hpp"
#include "parsimony/study/sqlite_reading.hpp"
#include "parsimony/study/sqlite_schema.hpp"

namespace parsimony::study::sqlite {
namespace {

using Guard = std::lock_guard<std::mutex>;

// Every change of a job's state ends with this.
#define PARSIMONY_NEXT_REVISION "revision = (SELECT max(revision) + 1 FROM job)"

constexpr const char* kInsertJob =
    "INSERT INTO job(trial, purpose, state, queued, revision)"
    " VALUES (?, ?, 'queued', ?, (SELECT coalesce(max(revision), 0) + 1 FROM job))";

}  // namespace

SqliteStore::SqliteStore(const std::filesystem::path& path, Clock clock)
    : clock_(std::move(clock)),
      connection_(open_database(path)),
      description_(read_description(connection_)) {}

SqliteStore SqliteStore::another() const {
  return SqliteStore(connection_.path(), clock_);
}

// ---- what the study is

Description SqliteStore::description() const {
  const Guard guard(*mutex_);
  const Transaction transaction(connection_, Access::read);
  return read_description(connection_);
}

void SqliteStore::set_configuration(const std::string& json) {
  const Guard guard(*mutex_);
  Statement(connection_, "UPDATE study SET value = ? WHERE key = 'configuration'")
      .bind(canonical_json(json))
      .finish();
}

std::optional<std::string> SqliteStore::note(const std::string& key) const {
  const Guard guard(*mutex_);
  Statement query(connection_, "SELECT value FROM note WHERE key = ?");
  if (!query.bind(key).step()) return std::nullopt;
  return query.text(0);
}

void SqliteStore::set_note(const std::string& key, const std::string& value) {
  const Guard guard(*mutex_);
  Statement(connection_, "INSERT OR REPLACE INTO note(key, value) VALUES (?, ?)").bind(key, value).finish();
}

std::string SqliteStore::setting(const char* key) const {
  Statement query(connection_, "SELECT value FROM study WHERE key = ?");
  return query.bind(key).step() ? query.text(0) : std::string();
}

// ---- rows

void SqliteStore::insert(const NewTrial& trial) {
  const Guard guard(*mutex_);
  PARSIMONY_EXPECTS(trial.configuration.size() == description_.parameters.size());
  Transaction transaction(connection_, Access::write);
  Statement largest(connection_, "SELECT coalesce(max(number), 0) FROM trial");
  PARSIMONY_EXPECTS(largest.step() && largest.integer(0) + 1 == trial.number);
  Statement(connection_, "INSERT INTO trial(number, record, seen, workers) VALUES (?, ?, ?, ?)")
      .bind(trial.number, trial.record, to_ranges(trial.seen), trial.workers)
      .finish();
  Statement value(connection_,
                  "INSERT INTO value(trial, kind, position, name, value) VALUES (?, 'parameter', ?, ?, ?)");
  for (std::size_t i = 0; i < trial.configuration.size(); ++i)
    std::visit(
        [&](const auto& v) {
          value.bind(trial.number, static_cast<int>(i), description_.parameters[i], v).finish();
        },
        trial.configuration[i]);
  Statement(connection_, kInsertJob).bind(trial.number, kTrial, clock_()).finish();
  transaction.commit();
}

std::vector<Row> SqliteStore::rows(std::int64_t after_revision) const {
  const Guard guard(*mutex_);
  const Transaction transaction(connection_, Access::read);
  return read_rows(connection_, after_revision, description_.objectives.size(),
                   description_.constraints.size());
}

std::vector<Execution> SqliteStore::executions(const std::string& purpose,
                                               std::int64_t after_revision) const {
  const Guard guard(*mutex_);
  return read_executions(connection_, purpose, after_revision);
}

bool SqliteStore::request(int trial, const std::string& purpose) {
  const Guard guard(*mutex_);
  Transaction transaction(connection_, Access::write);
  PARSIMONY_EXPECTS(purpose != kTrial && state_in(trial, kTrial) == State::complete);
  Statement there(connection_, "SELECT code FROM job WHERE trial = ? AND purpose = ?");
  if (!there.bind(trial, purpose).step()) {
    Statement(connection_, kInsertJob).bind(trial, purpose, clock_()).finish();
  } else if (there.text(0) == kWorkerDied) {
    Statement(connection_,
              "UPDATE job SET state = 'queued', stage = '', code = '', reason = '', deaths = 0, queued = ?,"
              " finished = 0, " PARSIMONY_NEXT_REVISION " WHERE trial = ? AND purpose = ?")
        .bind(clock_(), trial, purpose)
        .finish();
  } else {
    return false;
  }
  transaction.commit();
  return true;
}

State SqliteStore::state_in(int trial, const std::string& purpose) const {
  Statement query(connection_, "SELECT state FROM job WHERE trial = ? AND purpose = ?");
  PARSIMONY_EXPECTS(query.bind(trial, purpose).step());
  return state_of(query.text(0));
}

// ---- jobs and leases

void SqliteStore::serve(const std::string& purpose) {
  const Guard guard(*mutex_);
  Statement(connection_, "UPDATE study SET value = ? WHERE key = 'serving'").bind(purpose).finish();
}

std::optional<Claim> SqliteStore::claim(const std::string& owner, double lease) {
  const Guard guard(*mutex_);
  constexpr const char* kNext =
      "SELECT trial, purpose FROM job WHERE state = 'queued' AND purpose GLOB ? ORDER BY trial, purpose "
      "LIMIT 1";
  // A look without the writers' lock first: most looks find nothing.
  Statement look(connection_, kNext);
  if (!look.bind(setting("serving")).step()) return std::nullopt;
  look.finish();
  Transaction transaction(connection_, Access::write);
  if (!look.bind(setting("serving")).step()) return std::nullopt;
  const int trial = static_cast<int>(look.integer(0));
  const std::string purpose = look.text(1);
  const double now = clock_();
  Statement(connection_,
            "UPDATE job SET state = 'running', owner = ?, expires = ?, started = ?, "
            "attempts = attempts + 1," PARSIMONY_NEXT_REVISION " WHERE trial = ? AND purpose = ?")
      .bind(owner, now + lease, now, trial, purpose)
      .finish();
  Claim claim{read_job(trial, purpose), now + lease};
  look.finish();
  transaction.commit();
  return claim;
}

Job SqliteStore::read_job(int trial, const std::string& purpose) const {
  Job job{trial, purpose, read_configuration(connection_, trial), {}};
  if (purpose != kTrial) job.artefacts = read_artefacts(connection_, trial, kTrial);
  return job;
}

// A worker that slept past its lease (a laptop's lid) goes on if nobody else took the job.
bool SqliteStore::heartbeat(const std::string& owner, int trial, const std::string& purpose, double lease,
                            const std::string& stage) {
  const Guard guard(*mutex_);
  Transaction transaction(connection_, Access::write);
  Statement(connection_, "UPDATE job SET state = 'running', " PARSIMONY_NEXT_REVISION
                         " WHERE trial = ? AND purpose = ? AND owner = ? AND state IN ('stale', 'queued')")
      .bind(trial, purpose, owner)
      .finish();
  Statement(connection_,
            "UPDATE job SET expires = ? WHERE trial = ? AND purpose = ? AND owner = ? AND state = 'running'")
      .bind(clock_() + lease, trial, purpose, owner)
      .finish();
  const bool held = connection_.changes() == 1;
  if (held && !stage.empty())
    Statement(connection_, "UPDATE job SET stage = ?, " PARSIMONY_NEXT_REVISION
                           " WHERE trial = ? AND purpose = ? AND stage <> ?")
        .bind(stage, trial, purpose, stage)
        .finish();
  transaction.commit();
  return held;
}

bool SqliteStore::finish(const std::string& owner, int trial, const std::string& purpose,
                         const Outcome& outcome, double seconds) {
  const double now = clock_();
  const Guard guard(*mutex_);
  PARSIMONY_EXPECTS(ended(outcome.state));
  Transaction transaction(connection_, Access::write);
  if (ended(state_in(trial, purpose))) return false;
  Statement(connection_,
            "UPDATE job SET state = ?, stage = ?, code = ?, reason = ?, metrics = ?, owner = ?,"
            " finished = ?, seconds = ?, " PARSIMONY_NEXT_REVISION " WHERE trial = ? AND purpose = ?")
      .bind(state_name(outcome.state), outcome.stage, outcome.code, outcome.reason, outcome.metrics, owner,
            now, seconds, trial, purpose)
      .finish();
  if (purpose == kTrial) {
    write_values(trial, "objective", description_.objectives, outcome.objectives);
    write_values(trial, "constraint", description_.constraints, outcome.constraints);
  }
  for (const Artefact& artefact : outcome.artefacts) write_artefact(trial, purpose, artefact);
  transaction.commit();
  return true;
}

void SqliteStore::write_values(int trial, const char* kind, const std::vector<std::string>& names,
                               const std::vector<double>& values) {
  PARSIMONY_EXPECTS(values.size() == names.size());
  Statement insert(connection_,
                   "INSERT OR REPLACE INTO value(trial, kind, position, name, value) VALUES (?, ?, ?, ?, ?)");
  for (std::size_t i = 0; i < names.size(); ++i)
    insert.bind(trial, kind, static_cast<int>(i), names[i], values[i]).finish();
}

int SqliteStore::give_back(const std::string& owner) {
  const Guard guard(*mutex_);
  Statement(connection_, "UPDATE job SET state = 'queued', stage = '', owner = '', " PARSIMONY_NEXT_REVISION
                         " WHERE state = 'running' AND owner = ?")
      .bind(owner)
      .finish();
  return connection_.changes();
}

int SqliteStore::count_death(const std::string& owner) {
  const Guard guard(*mutex_);
  Transaction transaction(connection_, Access::write);
  Statement(connection_,
            "UPDATE job SET state = 'stale', owner = '', deaths = deaths + 1, " PARSIMONY_NEXT_REVISION
            " WHERE state = 'running' AND owner = ?")
      .bind(owner)
      .finish();
  const int changed = connection_.changes();
  Statement(connection_,
            "UPDATE job SET state = 'failed', stage = 'worker', code = ?, reason = ?, finished = "
            "?, " PARSIMONY_NEXT_REVISION " WHERE state = 'stale' AND deaths >= ?")
      .bind(kWorkerDied, fmt::format("{} workers died on it", kDeathsAllowed), clock_(), kDeathsAllowed)
      .finish();
  transaction.commit();
  return changed;
}

int SqliteStore::expire() {
  const Guard guard(*mutex_);
  Statement(connection_, "UPDATE job SET state = 'stale', " PARSIMONY_NEXT_REVISION
                         " WHERE state = 'running' AND expires < ?")
      .bind(clock_())
      .finish();
  return connection_.changes();
}

int SqliteStore::abandon() {
  const Guard guard(*mutex_);
  connection_.run("UPDATE job SET state = 'stale', owner = '', " PARSIMONY_NEXT_REVISION
                  " WHERE state = 'running'");
  return connection_.changes();
}

int SqliteStore::requeue() {
  const Guard guard(*mutex_);
  Statement(connection_, "UPDATE job SET state = 'queued', stage = '', queued = ?, " PARSIMONY_NEXT_REVISION
                         " WHERE state = 'stale'")
      .bind(clock_())
      .finish();
  return connection_.changes();
}

// ---- artefacts

void SqliteStore::put_artefact(int trial, const std::string& purpose, const Artefact& artefact) {
  const Guard guard(*mutex_);
  write_artefact(trial, purpose, artefact);
}

void SqliteStore::write_artefact(int trial, const std::string& purpose, const Artefact& artefact) {
  Statement(connection_, "INSERT OR REPLACE INTO artefact(trial, purpose, name, bytes) VALUES (?, ?, ?, ?)")
      .bind(trial, purpose, artefact.name, Blob{artefact.bytes})
      .finish();
}

std::optional<std::string> SqliteStore::artefact(int trial, const std::string& purpose,
                                                 const std::string& name) const {
  const Guard guard(*mutex_);
  Statement query(connection_, "SELECT bytes FROM artefact WHERE trial = ? AND purpose = ? AND name = ?");
  if (!query.bind(trial, purpose, name).step()) return std::nullopt;
  return query.text(0);
}

std::vector<std::string> SqliteStore::artefact_names(int trial, const std::string& purpose) const {
  const Guard guard(*mutex_);
  Statement query(connection_, "SELECT name FROM artefact WHERE trial = ? AND purpose = ? ORDER BY name");
  query.bind(trial, purpose);
  std::vector<std::string> names;
  while (query.step()) names.push_back(query.text(0));
  return names;
}

std::int64_t SqliteStore::change_count() const {
  const Guard guard(*mutex_);
  Statement query(connection_, "PRAGMA data_version");
  return query.step() ? query.integer(0) : 0;
}

}  // namespace parsimony::study::sqlite
