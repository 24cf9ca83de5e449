#include "parsimony/search/board_file.hpp"

#include "parsimony/base/errors.hpp"
#include "parsimony/config/yaml_file.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::search {
namespace {

using config::Field;

/// Any size of the address space.
Bytes memory_size(const Field& field) {
  const Bytes bytes = field.bytes();
  if (bytes < Bytes(1024) || bytes > Bytes(std::int64_t{1} << 32))
    field.fail("is out of range", "1 KB to 4096 MB");
  return bytes;
}

target::Board read_fields(const Field& file, const std::filesystem::path& path) {
  file.expect_keys({"name", "core", "flash", "ram", "megahertz", "flags"});
  target::Board board;
  const auto name = file.find("name");
  board.name = name ? name->text() : path.stem().string();
  const Field core = file.at("core");
  board.core = read_core(core.place(), core.text());
  board.flash = memory_size(file.at("flash"));
  board.ram = memory_size(file.at("ram"));
  board.megahertz = file.at("megahertz").number(0.001, 10000.0);
  if (const auto flags = file.find("flags"))
    for (const Field& flag : flags->items()) board.flags.push_back(flag.text());
  return board;
}

}  // namespace

std::string read_core(std::string_view where, std::string_view name) {
  const target::Target& target = target::find_target(where, name);
  if (target.machine.empty()) throw InputError(where, "is 'host'", "a board's core, such as cortex-m4");
  return target.name;
}

target::Board read_board(std::string_view where, std::string_view name_or_file,
                         const std::filesystem::path& folder) {
  const std::filesystem::path path(name_or_file);
  if (path.extension() != ".yaml" && path.extension() != ".yml")
    return target::find_board(where, name_or_file);
  return read_fields(Field::from_file(folder / path), path);
}

}  // namespace parsimony::search
