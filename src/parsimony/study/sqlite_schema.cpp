#include "parsimony/study/sqlite_schema.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "parsimony/base/errors.hpp"
#include "parsimony/study/configuration_difference.hpp"

namespace parsimony::study::sqlite {
namespace {

constexpr const char* kSchemaVersion = "1";

// `value` has no type of its own in its last column, so that a double is stored as the 8 bytes it is.
// A revision is 1 + the largest before it: what changed since a look is found by an index.
constexpr const char* kTables = R"sql(
  CREATE TABLE study(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE note(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE name(kind TEXT, position INTEGER, name TEXT NOT NULL, PRIMARY KEY(kind, position)) WITHOUT ROWID;
  CREATE TABLE trial(number INTEGER PRIMARY KEY, record TEXT NOT NULL, seen TEXT NOT NULL, workers INTEGER NOT NULL);
  CREATE TABLE value(trial INTEGER, kind TEXT, position INTEGER, name TEXT NOT NULL, value,
                     PRIMARY KEY(trial, kind, position)) WITHOUT ROWID;
  CREATE TABLE job(trial INTEGER, purpose TEXT, state TEXT NOT NULL, stage TEXT NOT NULL DEFAULT '',
                   code TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', metrics TEXT NOT NULL DEFAULT '',
                   owner TEXT NOT NULL DEFAULT '', expires REAL NOT NULL DEFAULT 0,
                   attempts INTEGER NOT NULL DEFAULT 0, deaths INTEGER NOT NULL DEFAULT 0,
                   queued REAL NOT NULL DEFAULT 0, started REAL NOT NULL DEFAULT 0, finished REAL NOT NULL DEFAULT 0,
                   seconds REAL NOT NULL DEFAULT 0, revision INTEGER NOT NULL,
                   PRIMARY KEY(trial, purpose)) WITHOUT ROWID;
  CREATE INDEX job_revision ON job(revision);
  CREATE INDEX job_state ON job(state, purpose, trial);
  CREATE TABLE artefact(trial INTEGER, purpose TEXT, name TEXT, bytes BLOB NOT NULL,
                        PRIMARY KEY(trial, purpose, name));
)sql";

void write_names(const Connection& connection, const char* kind, const std::vector<std::string>& names) {
  Statement insert(connection, "INSERT INTO name(kind, position, name) VALUES (?, ?, ?)");
  for (std::size_t i = 0; i < names.size(); ++i) insert.bind(kind, static_cast<int>(i), names[i]).finish();
}

void write_description(const Connection& connection, const Description& description) {
  Statement study(connection, "INSERT INTO study(key, value) VALUES (?, ?)");
  study.bind("schema", kSchemaVersion).finish();
  study.bind("configuration", canonical_json(description.configuration)).finish();
  study.bind("serving", "").finish();
  Statement note(connection, "INSERT INTO note(key, value) VALUES (?, ?)");
  for (const auto& [key, value] : description.notes) note.bind(key, value).finish();
  write_names(connection, "parameter", description.parameters);
  write_names(connection, "objective", description.objectives);
  write_names(connection, "constraint", description.constraints);
}

/// The schema's version; "" where the file is no study.
std::string schema_version(const Connection& connection) {
  try {
    Statement query(connection, "SELECT value FROM study WHERE key = 'schema'");
    return query.step() ? query.text(0) : std::string();
  } catch (const EnvironmentError&) {
    const int code = sqlite3_errcode(connection.handle()) & 0xff;
    if (code == SQLITE_ERROR || code == SQLITE_NOTADB || code == SQLITE_CORRUPT) return {};
    throw;
  }
}

void wait_for_disk(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool stored = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!stored)
    throw EnvironmentError(fmt::format("{}: cannot be stored: {}", path.string(), std::strerror(errno)));
}

}  // namespace

void create_database(const std::filesystem::path& path, const Description& description) {
  {
    const Connection connection(path, Open::fresh);
    connection.run("PRAGMA synchronous = OFF");  // nobody reads the file before it is whole and has its name
    connection.run("PRAGMA journal_mode = WAL");
    Transaction transaction(connection, Access::write);
    connection.run(kTables);
    write_description(connection, description);
    transaction.commit();
  }  // the last connection's end moves the log into the file
  wait_for_disk(path);
}

Connection open_database(const std::filesystem::path& path) {
  Connection connection(path, Open::existing);
  const std::string version = schema_version(connection);
  if (version.empty())
    throw InputError(path.string(), "is half-written or no study", "a study's folder, or an empty one");
  if (version != kSchemaVersion)
    throw InputError(path.string(), fmt::format("is a study of format {}", version),
                     fmt::format("format {}", kSchemaVersion));
  // Of a write-ahead log each commit survives the death of every process; NORMAL leaves out the wait for the
  // disk.
  connection.run("PRAGMA synchronous = NORMAL");
  return connection;
}

}  // namespace parsimony::study::sqlite
