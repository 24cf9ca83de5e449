#include "parsimony/base/thread_pool.hpp"

#include <exception>
#include <utility>

#include "parsimony/base/contracts.hpp"

namespace parsimony {

ThreadPool::ThreadPool(int threads) {
  PARSIMONY_EXPECTS(threads >= 1);
  for (int i = 1; i < threads; ++i) workers_.emplace_back([this] { work(); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  start_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::for_each_chunk(std::int64_t chunks, const std::function<void(std::int64_t)>& body) {
  PARSIMONY_EXPECTS(chunks >= 0);
  {
    const std::lock_guard lock(mutex_);
    PARSIMONY_EXPECTS(body_ == nullptr);
    body_ = &body;
    chunks_ = chunks;
    next_ = 0;
    failed_chunk_ = -1;
    failure_ = nullptr;
    ++generation_;
  }
  start_.notify_all();
  take_chunks(body);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return busy_ == 0; });
  body_ = nullptr;
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void ThreadPool::take_chunks(const std::function<void(std::int64_t)>& body) {
  std::unique_lock lock(mutex_);
  while (next_ < chunks_) {
    const std::int64_t chunk = next_++;
    lock.unlock();
    std::exception_ptr failure;
    try {
      body(chunk);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure && (failed_chunk_ < 0 || chunk < failed_chunk_)) {
      failed_chunk_ = chunk;
      failure_ = failure;
    }
  }
}

void ThreadPool::work() {
  std::uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    start_.wait(lock, [&] { return stopping_ || (generation_ != seen && body_ != nullptr); });
    if (stopping_) return;
    seen = generation_;
    ++busy_;
    const auto* body = body_;
    lock.unlock();
    take_chunks(*body);
    lock.lock();
    if (--busy_ == 0) done_.notify_all();
  }
}

}  // namespace parsimony
