#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "parsimony/report/report.hpp"

/// For this folder only.
namespace parsimony::report {

/// Numbers of the complete rows that none dominates, ascending; one of equal vectors.
/// @param by_number_alone  equal vectors: the lower number, whatever the cross-entropy
std::vector<int> front_of(const std::vector<Row>& rows, bool by_number_alone);

/// Hypervolume of the complete rows up to each ended one.
/// @param reference  [m]
std::vector<std::pair<int, double>> hypervolume_curve_of(const std::vector<Row>& rows,
                                                         const std::vector<double>& reference);

/// Least value of the only objective over the complete rows up to each ended one, from the first complete one
/// on.
std::vector<std::pair<int, double>> best_curve_of(const std::vector<Row>& rows);

/// Of these trials the one with the best validation accuracy (rows without networks: the least first
/// objective); ties as in front_of. Empty: none.
std::optional<int> best_of(const Report& report, bool by_number_alone);

}  // namespace parsimony::report
