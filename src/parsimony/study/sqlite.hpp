#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

/// SQLite as values, for this folder only. Every failure is an EnvironmentError that names the file.
namespace parsimony::study::sqlite {

enum class Open { existing, fresh };

class Connection {
 public:
  /// Writers wait for each other for up to `busy_seconds`.
  Connection(const std::filesystem::path& path, Open how, int busy_seconds = 30);

  void run(const char* sql) const;
  sqlite3* handle() const { return handle_.get(); }
  int changes() const { return sqlite3_changes(handle_.get()); }
  const std::filesystem::path& path() const { return path_; }
  /// The connection's last error. @param doing  what failed: "cannot write"
  [[noreturn]] void fail(std::string_view doing) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::filesystem::path path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

/// Bytes that are no text.
struct Blob {
  std::string_view bytes;
};

/// One prepared statement. Parameters and columns count from 0; a NaN is stored as NULL and comes back as
/// NaN.
class Statement {
 public:
  Statement(const Connection& connection, const char* sql);

  template <typename... Values>
  Statement& bind(const Values&... values) {
    int position = 0;
    (bind_one(position++, values), ...);
    return *this;
  }
  /// The next row; false at the end.
  bool step();
  /// To the end, then ready to be bound and stepped again.
  void finish();

  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  double real(int column) const;
  std::string text(int column) const;  ///< bytes of a BLOB as well
  int type(int column) const { return sqlite3_column_type(handle_.get(), column); }

 private:
  void bind_one(int position, std::int64_t value);
  void bind_one(int position, int value) { bind_one(position, static_cast<std::int64_t>(value)); }
  void bind_one(int position, double value);
  void bind_one(int position, std::string_view value);
  void bind_one(int position, Blob value);
  void bind_one(int position, const std::string& value) { bind_one(position, std::string_view(value)); }
  void bind_one(int position, const char* value) { bind_one(position, std::string_view(value)); }

  struct Finalise {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  const Connection* connection_;
  std::unique_ptr<sqlite3_stmt, Finalise> handle_;
};

enum class Access { read, write };

/// Everything read or written in it belongs together; rolled back unless committed.
/// A writing one takes its lock at once, so that it never has to be tried again.
class Transaction {
 public:
  Transaction(const Connection& connection, Access access) : connection_(&connection) {
    connection.run(access == Access::write ? "BEGIN IMMEDIATE" : "BEGIN");
  }
  ~Transaction() {
    if (connection_ != nullptr) sqlite3_exec(connection_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    connection_->run("COMMIT");
    connection_ = nullptr;
  }

 private:
  const Connection* connection_;
};

}  // namespace parsimony::study::sqlite
