#pragma once

#include <string>
#include <string_view>

/// One self-contained HTML file from sources that travel inside a library (cmake/embed_web.cmake).
namespace parsimony::page {

struct Sources {
  std::string_view
      page;  ///< HTML with {{title}}, {{style}}, {{script}}, {{script_hash}}, {{data}}, {{summary}}
  std::string_view style;   ///< CSS
  std::string_view script;  ///< JavaScript
};

struct Content {
  std::string title;    ///< any text
  std::string data;     ///< JSON that the script reads, already script_safe()
  std::string summary;  ///< what is shown where scripts do not run; any text
};

/// The page; its security policy allows that one script and no network.
std::string make_page(const Sources& sources, const Content& content);

/// JSON text that can stand inside a script element: <, > and & as escapes.
std::string script_safe(std::string_view json);

}  // namespace parsimony::page
