#include "parsimony/page/page.hpp"
#include "parsimony/report/document.hpp"
#include "parsimony/report/report.hpp"
#include "parsimony/report/web_sources.hpp"

namespace parsimony::report {

std::string to_html(const Report& report) {
  return page::make_page({k_web_page, k_web_style, k_web_script},
                         {report.study + " · Parsimony", page_document(report), terminal_summary(report)});
}

}  // namespace parsimony::report
