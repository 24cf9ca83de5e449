#include "parsimony/verify/measure_features.hpp"

#include <fmt/format.h>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/emit/emit.hpp"
#include "parsimony/emit/front_end.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/ir/verify.hpp"
#include "parsimony/verify/built_copy.hpp"
#include "parsimony/verify/fit_work.hpp"
#include "parsimony/verify/made_up_sounds.hpp"
#include "parsimony/verify/temporary_folder.hpp"
#include "parsimony/verify/write_rows.hpp"

namespace parsimony::verify {
namespace {

constexpr int kRepetitions = 4;  // a tick of the clock is 40 instructions

/// In the place of test/stream.c: the features of each sound.
constexpr std::string_view kCountFeatures = R"(#include "board.h"
#include "network.h"

static union {
  int8_t bytes[NETWORK_ARENA_BYTES];
  int64_t alignment;
} memory;
static int16_t samples[NETWORK_SAMPLES];

int main(void)
{
  const int from = board_open_to_read("samples.bin");
  while (board_read(from, samples, sizeof samples) == sizeof samples) {
    int repetition;
    board_start_clock();
    for (repetition = 0; repetition < REPETITIONS; ++repetition) {
      (void)network_features(memory.bytes, samples);
    }
    board_print_number("ticks ", board_clock(), "\n");
  }
  board_close(from);
  return 0;
}
)";

features::LogMel random_settings(std::uint64_t seed) {
  RandomStream random(seed, 0, "front end");
  const auto pick = [&](std::int32_t low, std::int32_t high) {
    return low + static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  };
  constexpr std::int32_t kRates[] = {8000, 16000, 22050, 44100};
  features::LogMel log_mel;
  const std::int32_t frames = pick(2, 5);
  if (seed > 0) {
    const std::int32_t fft = 32 << pick(1, 6);
    log_mel.rate = kRates[pick(0, 3)];
    log_mel.frame = pick(0, 3) == 0 ? fft : pick(fft / 2 + 1, fft);
    log_mel.hop = pick(log_mel.frame / 4, log_mel.frame);
    log_mel.bands = pick(1, fft / 16);  // each holds a frequency of the FFT
    log_mel.high = pick(log_mel.rate / 4, log_mel.rate / 2);
  }
  log_mel.samples = log_mel.frame + (frames - 1) * log_mel.hop;
  return log_mel;
}

std::string settings_text(const features::LogMel& log_mel) {
  return fmt::format("{} Hz, {} frames of {} samples, {} bands {} to {} Hz", log_mel.rate, log_mel.frames(),
                     log_mel.frame, log_mel.bands, log_mel.low, log_mel.high);
}

FeaturesCount count(const ir::Graph& graph, const target::Target& board) {
  emit::Folder folder =
      emit::emit(graph, emit::plan_memory(graph), {.name = "counted", .target = board.name});
  folder["test/stream.c"] = fmt::format("#define REPETITIONS {}\n{}", kRepetitions, kCountFeatures);
  const TemporaryFolder temporary;
  emit::write_folder(folder, temporary.path() / "counted");
  const BuiltCopy copy(temporary.path() / "counted", 600);
  copy.build(board);
  const auto sounds = made_up_sounds(graph.log_mel->samples, 1);
  write_rows(copy.path() / "samples.bin", sounds);
  const ProgramRun run = copy.run(board, "stream", copy.path(), true);
  if (!run.good) throw EnvironmentError(run.problem);
  FeaturesCount counted{settings_text(*graph.log_mel), emit::front_end_work(graph), {}};
  for (const std::int64_t ticks : run.numbers("ticks"))
    counted.instructions.push_back(static_cast<double>(ticks) * board.instructions_per_tick / kRepetitions);
  PARSIMONY_ENSURES(counted.instructions.size() == sounds.size());
  return counted;
}

}  // namespace

ir::Graph random_front_end(std::uint64_t seed) {
  RandomStream random(seed, 0, "front end's scales");
  ir::Graph graph;
  graph.name = "front_end";
  graph.log_mel = random_settings(seed);
  const std::vector<std::int32_t> shape{graph.log_mel->frames(), graph.log_mel->bands};
  graph.tensors = {{"x", shape, {1.0f, 0}}, {"y", shape, {1.0f, 0}}};
  for (std::int32_t channel = 0; channel < (seed % 2 == 0 ? graph.log_mel->bands : 1); ++channel) {
    graph.normalisation.mean.push_back(static_cast<float>(random.uniform(4000.0, 9000.0)));
    graph.normalisation.divisor.push_back(static_cast<float>(random.uniform(20.0, 60.0)));
  }
  ir::Operator& op = graph.operators.emplace_back();
  op.kind = ir::OperatorKind::table;
  op.name = "table";
  op.inputs = {ir::TensorId{0}};
  op.output = ir::TensorId{1};
  op.table.assign(256, 1);
  graph.output = op.output;
  ir::verify(graph);
  return graph;
}

std::vector<FeaturesCount> count_features(const target::Target& board, std::uint64_t seed, int front_ends) {
  std::vector<FeaturesCount> counts;
  for (int number = 0; number < front_ends; ++number)
    counts.push_back(count(random_front_end(seed + static_cast<std::uint64_t>(number)), board));
  return counts;
}

emit::FeaturesRow fit_features(const target::Target& board, std::span<const FeaturesCount> counts) {
  std::vector<CountedWork> first;
  for (const FeaturesCount& count : counts) first.push_back({count.work, count.instructions.at(0)});
  return {board.name, fit_work(first)};
}

}  // namespace parsimony::verify
