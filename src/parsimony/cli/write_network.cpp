#include "parsimony/cli/write_network.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>

#include "parsimony/emit/memory.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::cli {

void add_network_options(CLI::App& command, NetworkOptions& options) {
  command.add_option("-o,--output", options.out, "the folder to write")->required();
  command.add_option("--name", options.name, "prefix of the C symbols (default: the folder's name)");
  command.add_option("--target", options.target, "the board's core")->capture_default_str();
  command
      .add_option("--optimise", options.optimise,
                  "size: least flash, what a search costs; speed: fewest instructions")
      ->check(CLI::IsMember({"size", "speed"}))
      ->capture_default_str();
  command.add_flag("--single-file", options.single_file, "also NAME.h, which holds header and source");
}

WrittenNetwork write_network(const ir::Graph& graph, const NetworkOptions& options,
                             const std::string& command_line) {
  const auto folder_name = std::filesystem::absolute(options.out).lexically_normal().filename().string();
  const auto optimise = options.optimise == "speed" ? emit::Optimise::speed : emit::Optimise::size;
  const emit::Family family = emit::family_of(target::find_target("--target", options.target), optimise);
  const emit::KernelChoice choice(graph, family);
  WrittenNetwork written;
  written.prefix = options.name.empty() ? emit::prefix_from(folder_name) : options.name;
  written.plan = emit::plan_memory(graph, choice);
  emit::verify_memory(graph, written.plan, choice);
  const emit::Folder folder = emit::emit(graph, written.plan,
                                         {.name = written.prefix,
                                          .target = options.target,
                                          .command_line = command_line,
                                          .optimise = optimise,
                                          .single_file = options.single_file});
  emit::write_folder(folder, options.out);
  if (options.target != "host")
    written.rom = emit::predict_rom(graph, choice, emit::kernel_table(options.target, family));
  return written;
}

}  // namespace parsimony::cli
