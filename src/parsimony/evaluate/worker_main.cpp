// parsimony-worker --study DIR --worker I: evaluates the jobs of a network search until its driver ends or
// SIGTERM tells it to end, which lets it finish the job at hand.
// Started by `parsimony`, one process for each worker; the only program that links LibTorch.
#include <cstdio>
#include <exception>
#include <string>

#include "parsimony/base/errors.hpp"
#include "parsimony/driver/worker_process.hpp"
#include "parsimony/evaluate/network_evaluator.hpp"
#include "parsimony/search/network_search.hpp"
#include "parsimony/study/folder.hpp"

namespace parsimony {
namespace {

/// The data's place as the driver found it: the study stores it in its notes.
search::NetworkSearch search_of(const study::Store& store, const std::string& folder) {
  const search::StudySettings settings = search::from_json(store.description().configuration);
  return search::prepare(settings,
                         {.study_directory = store.note("study_directory").value_or(""),
                          .data_directory = store.note("data_directory").value_or("")},
                         folder);
}

int work_for(const std::string& folder) {
  const driver::WorkerProcess process;
  {
    study::Store store = study::open_study(folder);
    study::Evaluator evaluator(evaluate::NetworkEvaluator(search_of(store, folder)));
    driver::work(store, evaluator, process.options());
  }
  process.end_as_told();
  return 0;
}

}  // namespace
}  // namespace parsimony

int main(int count, char** arguments) {
  std::string folder;
  for (int i = 1; i + 1 < count; i += 2)
    if (std::string(arguments[i]) == "--study") folder = arguments[i + 1];
  if (folder.empty()) {
    std::fprintf(stderr, "usage: parsimony-worker --study DIR --worker I\n");
    return 2;
  }
  try {
    return parsimony::work_for(folder);
  } catch (const parsimony::InputError& error) {
    std::fprintf(stderr, "parsimony-worker: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "parsimony-worker: %s\n", error.what());
    return 3;
  }
}
