#include "parsimony/cli/study_search.hpp"

#include <fmt/format.h>

#include "parsimony/base/errors.hpp"
#include "parsimony/study/folder.hpp"
#include "parsimony/study/kind.hpp"

namespace parsimony::cli {

void expect_networks(const study::Store& store, const std::filesystem::path& folder) {
  const std::string kind = study::kind_of(store.description());
  if (kind != study::kSearch)
    throw InputError(folder.string(), fmt::format("holds no networks: it is a study of the kind '{}'", kind),
                     "the folder of a network search");
}

StudySearch open_study_search(const std::filesystem::path& folder) {
  study::Store store = study::open_study(folder);
  expect_networks(store, folder);
  const search::StudySettings settings = search::from_json(store.description().configuration);
  search::NetworkSearch search =
      search::prepare(settings,
                      {.study_directory = store.note("study_directory").value_or(""),
                       .data_directory = store.note("data_directory").value_or("")},
                      folder.string());
  return {std::move(store), std::move(search)};
}

}  // namespace parsimony::cli
