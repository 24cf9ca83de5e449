#pragma once

#include <filesystem>

#include "parsimony/search/network_search.hpp"
#include "parsimony/study/store.hpp"

namespace parsimony::cli {

/// A stored study of a network search, with its data read again.
struct StudySearch {
  study::Store store;
  search::NetworkSearch search;
};

/// @throws InputError when the study is none of networks
void expect_networks(const study::Store& store, const std::filesystem::path& folder);

/// @throws InputError when the folder holds no study, or one of another kind, or its data is no longer where
/// it was
StudySearch open_study_search(const std::filesystem::path& folder);

}  // namespace parsimony::cli
