#pragma once

#include <string>

#include "parsimony/report/report.hpp"

/// For this folder only.
namespace parsimony::report {

/// The JSON that the page reads (web/model.js), safe inside a <script> element: it holds no "<", ">" or "&".
std::string page_document(const Report& report);

/// What a reader must know to read the figures: [name, text], in reading order.
std::vector<std::pair<std::string, std::string>> reading_notes(const Report& report);

}  // namespace parsimony::report
