#pragma once

/// The page's sources (web/), embedded when the library is built. For this folder only.
namespace parsimony::compare {

extern const char* const k_web_page;  ///< as page::Sources takes them
extern const char* const k_web_style;
extern const char* const k_web_script;

}  // namespace parsimony::compare
