#pragma once

#include <string>
#include <vector>

#include "parsimony/study/sqlite.hpp"
#include "parsimony/study/store.hpp"

namespace parsimony::study::sqlite {

Description read_description(const Connection& connection);
space::Configuration read_configuration(const Connection& connection, int trial);
std::vector<Row> read_rows(const Connection& connection, std::int64_t after_revision, std::size_t objectives,
                           std::size_t constraints);
std::vector<Execution> read_executions(const Connection& connection, const std::string& purpose,
                                       std::int64_t after_revision);
std::vector<Artefact> read_artefacts(const Connection& connection, int trial, const std::string& purpose);

}  // namespace parsimony::study::sqlite
