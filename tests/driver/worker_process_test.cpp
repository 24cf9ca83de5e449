#include "parsimony/driver/worker_process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "temporary_folder.hpp"
#include "toy.hpp"

namespace parsimony::driver {
namespace {

using study::State;

/// A worker's process, with this test in its driver's place.
class WorkerProcessTest : public testing::Test {
 protected:
  ~WorkerProcessTest() override {
    if (child_ > 0 && !ended()) ::kill(child_, SIGKILL);
  }
  void queue_rows(int count) {
    for (int number = 1; number <= count; ++number)
      store_.insert({number, {0.1 * number, std::int64_t{2}, std::string("a")}, "", {}, 1});
    store_.serve(study::kTrial);
  }
  void start(const toy::Behaviour& behaviour) {
    const std::string folder = (folder_.path() / "study").string(), how = behaviour.text();
    child_ = ::fork();
    if (child_ == 0) {
      ::execl(PARSIMONY_TOY_PROGRAM, PARSIMONY_TOY_PROGRAM, "worker", folder.c_str(), how.c_str(), nullptr);
      ::_exit(127);
    }
  }
  State state(int number) const { return store_.rows().at(number - 1).state(); }
  void wait_until_first_row_is(State wanted) const {
    while (state(1) != wanted) ::usleep(1'000);
  }
  bool ended() { return ended_ = ended_ || ::waitpid(child_, &status_, WNOHANG) == child_; }
  /// The signal that it died of; 0 when it ended otherwise, or not at all in a long while.
  int signal_that_ended_it() {
    for (int waited = 0; waited < 30'000 && !ended(); ++waited) ::usleep(1'000);
    return ended() && WIFSIGNALED(status_) ? WTERMSIG(status_) : 0;
  }

  test::TemporaryFolder folder_;
  study::Store store_ = toy::make_study(folder_.path() / "study");
  pid_t child_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

TEST_F(WorkerProcessTest, ToldToEndItFinishesTheRowAtHandTakesNoOtherAndDiesOfTheSignal) {
  queue_rows(2);
  start({.milliseconds = 300});
  wait_until_first_row_is(State::running);
  ::kill(child_, SIGTERM);
  EXPECT_EQ(signal_that_ended_it(), SIGTERM);
  EXPECT_EQ(state(1), State::complete);
  EXPECT_EQ(store_.rows().at(0).execution.attempts, 1);
  EXPECT_EQ(state(2), State::queued);
}

TEST_F(WorkerProcessTest, ToldTwiceItGivesTheRowBack) {
  queue_rows(1);
  start({.milliseconds = 600'000});
  wait_until_first_row_is(State::running);
  ::kill(child_, SIGTERM);
  ::usleep(50'000);
  EXPECT_FALSE(ended()) << "one signal is not enough";
  // Two signals that come together may be one to the process that gets them.
  for (; !ended(); ::usleep(20'000)) ::kill(child_, SIGTERM);
  EXPECT_EQ(signal_that_ended_it(), SIGTERM);
  EXPECT_EQ(state(1), State::queued);
  EXPECT_EQ(store_.rows().at(0).execution.deaths, 0);
}

TEST_F(WorkerProcessTest, ToldToEndWithoutARowItDiesOfTheSignalToo) {
  queue_rows(1);
  start({});
  wait_until_first_row_is(State::complete);
  ::kill(child_, SIGTERM);
  EXPECT_EQ(signal_that_ended_it(), SIGTERM);
}

TEST_F(WorkerProcessTest, CtrlCIsTheDriversToAnswer) {
  queue_rows(3);
  start({.milliseconds = 30});
  wait_until_first_row_is(State::running);
  ::kill(child_, SIGINT);
  while (state(3) != State::complete && !ended()) ::usleep(1'000);
  EXPECT_FALSE(ended());
  ::kill(child_, SIGTERM);
  EXPECT_EQ(signal_that_ended_it(), SIGTERM);
}

}  // namespace
}  // namespace parsimony::driver
