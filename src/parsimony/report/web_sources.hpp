#pragma once

/// The page's sources (web/), embedded when the library is built. For this folder only.
namespace parsimony::report {

extern const char* const
    k_web_page;  ///< HTML with {{title}}, {{style}}, {{script}}, {{script_hash}}, {{data}}, {{summary}}
extern const char* const k_web_style;   ///< CSS
extern const char* const k_web_script;  ///< JavaScript, all files joined

}  // namespace parsimony::report
