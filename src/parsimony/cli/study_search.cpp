#include "parsimony/cli/study_search.hpp"

#include "parsimony/study/folder.hpp"

namespace parsimony::cli {

StudySearch open_study_search(const std::filesystem::path& folder) {
  study::Store store = study::open_study(folder);
  const search::StudySettings settings = search::from_json(store.description().configuration);
  search::NetworkSearch search =
      search::prepare(settings,
                      {.study_directory = store.note("study_directory").value_or(""),
                       .data_directory = store.note("data_directory").value_or("")},
                      folder.string());
  return {std::move(store), std::move(search)};
}

}  // namespace parsimony::cli
