#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "parsimony/data/dataset.hpp"

namespace parsimony::data {

/// Every class of a test case must have a training case: no network could learn it otherwise.
/// @param where  what an error calls the test case of that index, such as "X_TEST.ts:17"
/// @throws InputError with the class of the first such case and the classes that training has
void require_training_classes(const DataSource& source,
                              const std::function<std::string(std::int64_t)>& where);

}  // namespace parsimony::data
