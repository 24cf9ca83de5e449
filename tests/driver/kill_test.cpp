#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "parsimony/base/process.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/driver/worker.hpp"
#include "parsimony/study/digest.hpp"
#include "temporary_folder.hpp"
#include "toy.hpp"

namespace parsimony::driver {
namespace {

constexpr const char* kBehaviour = "12";  // milliseconds an evaluation

class KillTest : public testing::Test {
 protected:
  std::filesystem::path folder(const std::string& name) const { return folder_.path() / name; }

  /// Starts a search as the leader of a process group that holds its workers too.
  pid_t start(const std::string& name, const char* trials, const char* behaviour) const {
    const std::string where = folder(name).string();
    const pid_t child = ::fork();
    if (child == 0) {
      ::setpgid(0, 0);
      ::dup2(::open("/dev/null", O_WRONLY), 1);
      ::execl(PARSIMONY_TOY_PROGRAM, PARSIMONY_TOY_PROGRAM, "search", where.c_str(), trials, "2", behaviour,
              nullptr);
      ::_exit(127);
    }
    ::setpgid(child, child);
    return child;
  }
  std::string finish(const std::string& name, const std::string& trials) const {
    const ProcessResult result =
        run_process({PARSIMONY_TOY_PROGRAM, "search", folder(name).string(), trials, "2", kBehaviour});
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    return result.output;
  }

  test::TemporaryFolder folder_;
};

TEST_F(KillTest, KilledWholeAtFiveRandomMomentsTheStudyHasTheDigestOfAnUndisturbedOne) {
  const std::string undisturbed = finish("undisturbed", "200");
  RandomStream random(static_cast<std::uint64_t>(::getpid()), 0, "kill");
  int killed = 0, rows_before = 0;
  for (int i = 0; i < 5; ++i) {
    const pid_t group = start("killed", "200", kBehaviour);
    ::usleep(static_cast<useconds_t>(random.uniform(3'000, 170'000)));
    ::kill(-group, SIGKILL);
    int status = 0;
    ::waitpid(group, &status, 0);
    killed += WIFSIGNALED(status) ? 1 : 0;
    if (study::holds_study(folder("killed")))
      rows_before = static_cast<int>(study::open_study(folder("killed")).rows().size());
  }
  EXPECT_EQ(killed, 5) << "the search was over before the last kill: make it longer";
  EXPECT_EQ(finish("killed", "200"), undisturbed) << rows_before << " rows before the last run";
  for (const study::Row& row : study::open_study(folder("killed")).rows()) EXPECT_EQ(row.execution.deaths, 0);
}

/// Whether the process is there and not merely waiting to be buried.
bool alive(pid_t process) {
  std::ifstream stream("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(stream, text);
  const std::size_t name_end = text.rfind(')');
  return name_end != std::string::npos && text.at(name_end + 2) != 'Z';
}

TEST_F(KillTest, WorkersDieWithTheirDriver) {
  const pid_t driver = start("study", "9", "600000");
  std::vector<pid_t> workers;
  while (workers.size() < 2) {
    ::usleep(5'000);
    workers.clear();
    if (!study::holds_study(folder("study"))) continue;
    for (const study::Row& row : study::open_study(folder("study")).rows())
      if (row.state() == study::State::running) workers.push_back(toy::worker_of(row));
  }
  EXPECT_TRUE(alive(workers[0]) && alive(workers[1]));
  ::kill(driver, SIGKILL);
  ::waitpid(driver, nullptr, 0);
  for (int waited = 0; waited < 2000 && (alive(workers[0]) || alive(workers[1])); ++waited) ::usleep(1'000);
  EXPECT_FALSE(alive(workers[0]));
  EXPECT_FALSE(alive(workers[1]));
}

TEST_F(KillTest, CtrlCToTheWholeGroupFinishesTheRunningRowsAndEndsWithZero) {
  const pid_t group = start("study", "40", "150");
  std::vector<int> running;
  while (running.empty()) {
    ::usleep(5'000);
    if (!study::holds_study(folder("study"))) continue;
    for (const study::Row& row : study::open_study(folder("study")).rows())
      if (row.state() == study::State::running) running.push_back(row.number);
  }
  ::kill(-group, SIGINT);
  int status = -1;
  ::waitpid(group, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  const std::vector<study::Row> rows = study::open_study(folder("study")).rows();
  for (const study::Row& row : rows) {
    EXPECT_TRUE(study::ended(row.state()) || row.state() == study::State::queued);
    EXPECT_LE(row.execution.attempts, 1);
  }
  for (const int number : running) EXPECT_TRUE(study::ended(rows.at(number - 1).state()));
  EXPECT_LT(rows.size(), 20u);
}

}  // namespace
}  // namespace parsimony::driver
