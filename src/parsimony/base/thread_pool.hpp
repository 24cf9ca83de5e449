#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace parsimony {

/// Splits work into fixed chunks, so that results do not depend on the number of threads
/// as long as each chunk writes to its own place and the caller reduces in chunk order.
class ThreadPool {
 public:
  /// @param threads  at least 1; with 1 everything runs in the calling thread
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  /// Calls body(chunk) for chunk = 0 … chunks−1, each once, on any thread; returns when all have ended.
  /// An exception of a body is thrown here (the one of the lowest chunk). Not re-entrant.
  void for_each_chunk(std::int64_t chunks, const std::function<void(std::int64_t)>& body);

 private:
  struct Failure;
  void work();
  void take_chunks(const std::function<void(std::int64_t)>& body);

  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable start_, done_;
  const std::function<void(std::int64_t)>* body_ = nullptr;
  std::int64_t chunks_ = 0, next_ = 0;
  int busy_ = 0;
  std::uint64_t generation_ = 0;
  bool stopping_ = false;
  std::int64_t failed_chunk_ = -1;
  std::exception_ptr failure_;
};

}  // namespace parsimony
