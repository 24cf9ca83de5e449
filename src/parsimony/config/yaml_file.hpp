#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/base/quantities.hpp"

namespace parsimony::config {

/// One value of a YAML file that knows its place: every error names file, line, field, value and what is
/// allowed.
class Field {
 public:
  /// @throws InputError when the file is missing, is no YAML, or is no mapping at its top
  static Field from_file(const std::filesystem::path& path);
  /// @param where  what errors call the file
  static Field from_text(std::string_view text, std::string_view where);

  bool is_scalar() const;
  bool is_sequence() const;
  bool is_mapping() const;

  /// The member of that name, nothing when it is absent or null.
  std::optional<Field> find(std::string_view key) const;
  /// The member of that name. @throws InputError when it is absent
  Field at(std::string_view key) const;
  /// The keys of a mapping, in the file's order.
  std::vector<std::string> keys() const;
  /// The items of a sequence.
  std::vector<Field> items() const;
  /// @throws InputError for a value that is no mapping, a repeated key, or the first key that is not among
  /// `known`, naming the nearest known one
  void expect_keys(const std::vector<std::string>& known) const;

  std::string text() const;  ///< a scalar as written
  std::int64_t integer(std::int64_t low, std::int64_t high) const;
  double number(double low, double high) const;  ///< both ends inclusive
  bool boolean() const;
  Bytes bytes() const;     ///< "256 KB"
  double seconds() const;  ///< "60 s", "5 min"
  std::string choice(const std::vector<std::string>& choices) const;

  std::string place() const;  ///< "study.yaml:7: solver.directions"
  [[noreturn]] void fail(std::string_view problem, std::string_view allowed = {}) const;

 private:
  struct Node;
  Field(std::shared_ptr<const Node> node, std::string file, std::string path);
  Field child(std::shared_ptr<const Node> node, std::string path) const;

  std::shared_ptr<const Node> node_;
  std::string file_, path_;
};

}  // namespace parsimony::config
