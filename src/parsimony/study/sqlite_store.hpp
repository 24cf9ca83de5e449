#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "parsimony/study/folder.hpp"
#include "parsimony/study/sqlite.hpp"
#include "parsimony/study/store.hpp"

namespace parsimony::study::sqlite {

/// A study in one SQLite file, for any number of processes of one machine. What each call does: store.hpp.
class SqliteStore {
 public:
  SqliteStore(const std::filesystem::path& path, Clock clock);

  Description description() const;
  void set_configuration(const std::string& json);
  std::optional<std::string> note(const std::string& key) const;
  void set_note(const std::string& key, const std::string& value);

  void insert(const NewTrial& trial);
  std::vector<Row> rows(std::int64_t after_revision) const;
  bool request(int trial, const std::string& purpose);
  std::vector<Execution> executions(const std::string& purpose, std::int64_t after_revision) const;

  void serve(const std::string& purpose);
  std::optional<Claim> claim(const std::string& owner, double lease);
  bool heartbeat(const std::string& owner, int trial, const std::string& purpose, double lease,
                 const std::string& stage);
  bool finish(const std::string& owner, int trial, const std::string& purpose, const Outcome& outcome,
              double seconds);

  int give_back(const std::string& owner);
  int count_death(const std::string& owner);
  int expire();
  int abandon();
  int requeue();

  void put_artefact(int trial, const std::string& purpose, const Artefact& artefact);
  std::optional<std::string> artefact(int trial, const std::string& purpose, const std::string& name) const;
  std::vector<std::string> artefact_names(int trial, const std::string& purpose) const;

  std::int64_t change_count() const;
  SqliteStore another() const;

 private:
  std::string setting(const char* key) const;
  State state_in(int trial, const std::string& purpose) const;
  Job read_job(int trial, const std::string& purpose) const;
  void write_values(int trial, const char* kind, const std::vector<std::string>& names,
                    const std::vector<double>& values);
  void write_artefact(int trial, const std::string& purpose, const Artefact& artefact);

  Clock clock_;
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
  Connection connection_;
  Description description_;  ///< as it was when opened: the names never change
};

}  // namespace parsimony::study::sqlite
