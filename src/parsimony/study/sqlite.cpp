#include "parsimony/study/sqlite.hpp"

#include <fmt/format.h>

#include <limits>

#include "parsimony/base/errors.hpp"

namespace parsimony::study::sqlite {

Connection::Connection(const std::filesystem::path& path, Open how, int busy_seconds) : path_(path) {
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | (how == Open::fresh ? SQLITE_OPEN_CREATE : 0);
  sqlite3* handle = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (result != SQLITE_OK) fail("cannot be opened");
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, busy_seconds * 1000);
}

void Connection::run(const char* sql) const {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
}

void Connection::fail(std::string_view doing) const {
  throw EnvironmentError(fmt::format("{}: {}: {}", path_.string(), doing,
                                     handle_ ? sqlite3_errmsg(handle_.get()) : "out of memory"));
}

Statement::Statement(const Connection& connection, const char* sql) : connection_(&connection) {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v2(connection.handle(), sql, -1, &handle, nullptr) != SQLITE_OK) connection.fail(sql);
  handle_.reset(handle);
}

bool Statement::step() {
  const int result = sqlite3_step(handle_.get());
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) connection_->fail(sqlite3_sql(handle_.get()));
  return false;
}

void Statement::finish() {
  while (step()) {
  }
  sqlite3_reset(handle_.get());
}

double Statement::real(int column) const {
  if (type(column) == SQLITE_NULL) return std::numeric_limits<double>::quiet_NaN();
  return sqlite3_column_double(handle_.get(), column);
}

std::string Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(handle_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

void Statement::bind_one(int position, std::int64_t value) {
  if (sqlite3_bind_int64(handle_.get(), position + 1, value) != SQLITE_OK) connection_->fail("bind");
}

void Statement::bind_one(int position, double value) {
  if (sqlite3_bind_double(handle_.get(), position + 1, value) != SQLITE_OK) connection_->fail("bind");
}

// SQLite takes a null pointer for NULL, whatever the length.
void Statement::bind_one(int position, std::string_view value) {
  const char* data = value.data() == nullptr ? "" : value.data();
  if (sqlite3_bind_text64(handle_.get(), position + 1, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8) !=
      SQLITE_OK)
    connection_->fail("bind");
}

void Statement::bind_one(int position, Blob value) {
  const char* data = value.bytes.data() == nullptr ? "" : value.bytes.data();
  if (sqlite3_bind_blob64(handle_.get(), position + 1, data, value.bytes.size(), SQLITE_TRANSIENT) !=
      SQLITE_OK)
    connection_->fail("bind");
}

}  // namespace parsimony::study::sqlite
