#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "parsimony/study/evaluator.hpp"
#include "parsimony/study/row.hpp"

namespace parsimony::study {

/// What a study is, fixed when it is made.
struct Description {
  std::string configuration;  ///< JSON text of everything that it was asked for, defaults filled in
  std::vector<std::string> parameters, objectives, constraints;  ///< names, in the problem's order
  std::map<std::string, std::string> notes;  ///< free: the program's version, the table's identity, ...
};

/// A job that a worker has a lease on.
struct Claim {
  Job job;
  double expires = 0.0;  ///< [s since 1970]
};

/// Three workers that die on one job are enough (a living driver must have seen each).
inline constexpr int kDeathsAllowed = 3;

/// What a store does. Every call is one transaction: it happened wholly or not at all, whenever the process
/// is killed. Any number of processes may use one study at a time; a Store itself may be used from several
/// threads. Every call throws EnvironmentError when the store is gone, full or busy for too long.
template <typename T>
concept StoreLike = requires(T& store, const T& constant, int number, const std::string& text, double seconds,
                             std::int64_t revision, const NewTrial& trial, const Outcome& outcome) {
  { constant.description() } -> std::same_as<Description>;
  {store.set_configuration(text)};
  { constant.note(text) } -> std::same_as<std::optional<std::string>>;
  {store.set_note(text, text)};
  {store.insert(trial)};
  { constant.rows(revision) } -> std::same_as<std::vector<Row>>;
  { store.request(number, text) } -> std::same_as<bool>;
  { constant.executions(text, revision) } -> std::same_as<std::vector<Execution>>;
  {store.serve(text)};
  { store.claim(text, seconds) } -> std::same_as<std::optional<Claim>>;
  { store.heartbeat(text, number, text, seconds, text) } -> std::same_as<bool>;
  { store.finish(text, number, text, outcome, seconds) } -> std::same_as<bool>;
  { store.give_back(text) } -> std::same_as<int>;
  { store.count_death(text) } -> std::same_as<int>;
  { store.expire() } -> std::same_as<int>;
  { store.abandon() } -> std::same_as<int>;
  { store.requeue() } -> std::same_as<int>;
  {store.put_artefact(number, text, Artefact{})};
  { constant.artefact(number, text, text) } -> std::same_as<std::optional<std::string>>;
  { constant.artefact_names(number, text) } -> std::same_as<std::vector<std::string>>;
  { constant.change_count() } -> std::same_as<std::int64_t>;
  { constant.another() } -> std::same_as<T>;
};

/// Any store, as a value that is moved.
class Store {
 public:
  template <typename T>
  requires(!std::same_as<std::remove_cvref_t<T>, Store> &&
           StoreLike<std::remove_cvref_t<T>>) explicit Store(T store)
      : held_(std::make_unique<Model<T>>(std::move(store))) {}

  Description description() const { return held_->description(); }
  /// Only the parts that may differ on resume: study::resume holds the rest.
  void set_configuration(const std::string& json) { held_->set_configuration(json); }
  std::optional<std::string> note(const std::string& key) const { return held_->note(key); }
  void set_note(const std::string& key, const std::string& value) { held_->set_note(key, value); }

  /// A new row, queued. Precondition: its number is one more than the largest.
  void insert(const NewTrial& trial) { held_->insert(trial); }
  /// Rows whose execution changed after that revision (0: all), by number.
  std::vector<Row> rows(std::int64_t after_revision = 0) const { return held_->rows(after_revision); }
  /// Queues a further job of a complete row. False when there is one already
  /// (one that failed because its workers died is queued again). Precondition: the row is complete.
  bool request(int trial, const std::string& purpose) { return held_->request(trial, purpose); }
  /// Jobs of that purpose that changed after that revision (0: all), by trial.
  std::vector<Execution> executions(const std::string& purpose, std::int64_t after_revision = 0) const {
    return held_->executions(purpose, after_revision);
  }

  /// From now on jobs of this purpose are handed out, and of no other; "" closes the counter. A '*' stands
  /// for any text: "repeat/*".
  void serve(const std::string& purpose) { held_->serve(purpose); }
  /// The queued job of the lowest number, of one number by purpose, now running with a lease of that length
  /// [s]; none: nullopt.
  std::optional<Claim> claim(const std::string& owner, double lease) { return held_->claim(owner, lease); }
  /// Extends the lease [s] and keeps where the job is, unless that is empty. False when the job has ended or
  /// is another's: its outcome would be dropped.
  bool heartbeat(const std::string& owner, int trial, const std::string& purpose, double lease,
                 const std::string& stage = {}) {
    return held_->heartbeat(owner, trial, purpose, lease, stage);
  }
  /// Stores outcome and artefacts, whoever has the lease: a late result is taken. False when the job had
  /// ended already: dropped. @param outcome settled  @param seconds spent in the evaluator
  bool finish(const std::string& owner, int trial, const std::string& purpose, const Outcome& outcome,
              double seconds) {
    return held_->finish(owner, trial, purpose, outcome, seconds);
  }

  // The next five return how many jobs they changed.
  /// The owner's running jobs become queued; nothing is counted.
  int give_back(const std::string& owner) { return held_->give_back(owner); }
  /// The owner died before a living driver: its running jobs become stale, or failed ("worker-died") at the
  /// third.
  int count_death(const std::string& owner) { return held_->count_death(owner); }
  /// Running jobs whose lease is over become stale.
  int expire() { return held_->expire(); }
  /// All running jobs become stale: for a driver that knows every worker dead.
  int abandon() { return held_->abandon(); }
  /// Stale jobs become queued, under the same number.
  int requeue() { return held_->requeue(); }

  void put_artefact(int trial, const std::string& purpose, const Artefact& artefact) {
    held_->put_artefact(trial, purpose, artefact);
  }
  std::optional<std::string> artefact(int trial, const std::string& purpose, const std::string& name) const {
    return held_->artefact(trial, purpose, name);
  }
  std::vector<std::string> artefact_names(int trial, const std::string& purpose) const {
    return held_->artefact_names(trial, purpose);
  }

  /// Differs from the last call's when someone else (another process or Store) changed anything since; cheap.
  std::int64_t change_count() const { return held_->change_count(); }
  /// The same study through a connection of its own.
  Store another() const { return held_->another(); }

 private:
  struct Interface {
    virtual ~Interface() = default;
    virtual Description description() const = 0;
    virtual void set_configuration(const std::string& json) = 0;
    virtual std::optional<std::string> note(const std::string& key) const = 0;
    virtual void set_note(const std::string& key, const std::string& value) = 0;
    virtual void insert(const NewTrial& trial) = 0;
    virtual std::vector<Row> rows(std::int64_t after) const = 0;
    virtual bool request(int trial, const std::string& purpose) = 0;
    virtual std::vector<Execution> executions(const std::string& purpose, std::int64_t after) const = 0;
    virtual void serve(const std::string& purpose) = 0;
    virtual std::optional<Claim> claim(const std::string& owner, double lease) = 0;
    virtual bool heartbeat(const std::string& owner, int trial, const std::string& purpose, double lease,
                           const std::string& stage) = 0;
    virtual bool finish(const std::string& owner, int trial, const std::string& purpose,
                        const Outcome& outcome, double seconds) = 0;
    virtual int give_back(const std::string& owner) = 0;
    virtual int count_death(const std::string& owner) = 0;
    virtual int expire() = 0;
    virtual int abandon() = 0;
    virtual int requeue() = 0;
    virtual void put_artefact(int trial, const std::string& purpose, const Artefact& artefact) = 0;
    virtual std::optional<std::string> artefact(int trial, const std::string& purpose,
                                                const std::string& name) const = 0;
    virtual std::vector<std::string> artefact_names(int trial, const std::string& purpose) const = 0;
    virtual std::int64_t change_count() const = 0;
    virtual Store another() const = 0;
  };
  template <typename T>
  struct Model final : Interface {
    explicit Model(T value) : store(std::move(value)) {}
    Description description() const override { return store.description(); }
    void set_configuration(const std::string& json) override { store.set_configuration(json); }
    std::optional<std::string> note(const std::string& key) const override { return store.note(key); }
    void set_note(const std::string& key, const std::string& value) override { store.set_note(key, value); }
    void insert(const NewTrial& trial) override { store.insert(trial); }
    std::vector<Row> rows(std::int64_t after) const override { return store.rows(after); }
    bool request(int trial, const std::string& purpose) override { return store.request(trial, purpose); }
    std::vector<Execution> executions(const std::string& purpose, std::int64_t after) const override {
      return store.executions(purpose, after);
    }
    void serve(const std::string& purpose) override { store.serve(purpose); }
    std::optional<Claim> claim(const std::string& owner, double lease) override {
      return store.claim(owner, lease);
    }
    bool heartbeat(const std::string& owner, int trial, const std::string& purpose, double lease,
                   const std::string& stage) override {
      return store.heartbeat(owner, trial, purpose, lease, stage);
    }
    bool finish(const std::string& owner, int trial, const std::string& purpose, const Outcome& outcome,
                double seconds) override {
      return store.finish(owner, trial, purpose, outcome, seconds);
    }
    int give_back(const std::string& owner) override { return store.give_back(owner); }
    int count_death(const std::string& owner) override { return store.count_death(owner); }
    int expire() override { return store.expire(); }
    int abandon() override { return store.abandon(); }
    int requeue() override { return store.requeue(); }
    void put_artefact(int trial, const std::string& purpose, const Artefact& artefact) override {
      store.put_artefact(trial, purpose, artefact);
    }
    std::optional<std::string> artefact(int trial, const std::string& purpose,
                                        const std::string& name) const override {
      return store.artefact(trial, purpose, name);
    }
    std::vector<std::string> artefact_names(int trial, const std::string& purpose) const override {
      return store.artefact_names(trial, purpose);
    }
    std::int64_t change_count() const override { return store.change_count(); }
    Store another() const override { return Store(store.another()); }
    T store;
  };
  std::unique_ptr<Interface> held_;
};

}  // namespace parsimony::study
