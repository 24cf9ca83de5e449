#include "parsimony/verify/temporary_folder.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <string>
#include <system_error>

#include "parsimony/base/errors.hpp"

namespace parsimony::verify {

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "parsimony-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw EnvironmentError(fmt::format("cannot make the folder {}", name));
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace parsimony::verify
