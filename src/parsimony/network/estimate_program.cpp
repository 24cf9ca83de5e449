#include "parsimony/network/estimate_program.hpp"

#include <algorithm>
#include <array>

#include "parsimony/base/contracts.hpp"

namespace parsimony::network {
namespace {

constexpr std::int64_t kBlock = 64;  // candidates at a time: every row of a block stays in the first cache
using Row = std::array<double, kBlock>;

/// Kept channels [variables][kBlock], the constant 1 last; columns past `count` hold ones.
void transpose(std::span<const double> kept, std::int64_t count, std::span<Row> x) {
  const std::size_t groups = x.size() - 1;
  for (std::size_t g = 0; g < groups; ++g) {
    x[g].fill(1.0);
    for (std::int64_t i = 0; i < count; ++i) {
      x[g][static_cast<std::size_t>(i)] = kept[static_cast<std::size_t>(i) * groups + g];
    }
  }
  x[groups].fill(1.0);
}

void sum_terms(const std::vector<EstimateProgram::Term>& terms, std::span<const Row> x, Row& rom,
               Row& flops) {
  rom.fill(0.0);
  flops.fill(0.0);
  for (const EstimateProgram::Term& term : terms) {
    const Row& a = x[static_cast<std::size_t>(term.first)];
    const Row& b = x[static_cast<std::size_t>(term.second)];
    for (std::size_t i = 0; i < kBlock; ++i) {
      const double product = a[i] * b[i];
      rom[i] += term.rom * product;
      flops[i] += term.flops * product;
    }
  }
}

void largest_step(const std::vector<EstimateProgram::Step>& steps, std::span<const Row> x, Row& ram) {
  ram.fill(0.0);
  for (const EstimateProgram::Step& step : steps) {
    Row alive{};
    for (const EstimateProgram::Buffer& buffer : step) {
      const Row& a = x[static_cast<std::size_t>(buffer.variable)];
      for (std::size_t i = 0; i < kBlock; ++i) alive[i] += buffer.bytes * a[i];
    }
    for (std::size_t i = 0; i < kBlock; ++i) ram[i] = std::max(ram[i], alive[i]);
  }
}

}  // namespace

void run(const EstimateProgram& program, std::span<const double> kept, std::int64_t n, Estimates& out) {
  const auto groups = static_cast<std::size_t>(program.groups);
  PARSIMONY_EXPECTS(n >= 0 && kept.size() == static_cast<std::size_t>(n) * groups);
  for (std::vector<double>* values : {&out.rom, &out.ram, &out.flops}) {
    values->resize(static_cast<std::size_t>(n));
  }
  std::vector<Row> x(groups + 1);
  Row rom, ram, flops;
  for (std::int64_t start = 0; start < n; start += kBlock) {
    const std::int64_t count = std::min(kBlock, n - start);
    transpose(kept.subspan(static_cast<std::size_t>(start) * groups), count, x);
    sum_terms(program.terms, x, rom, flops);
    largest_step(program.steps, x, ram);
    std::copy_n(rom.begin(), count, out.rom.begin() + start);
    std::copy_n(ram.begin(), count, out.ram.begin() + start);
    std::copy_n(flops.begin(), count, out.flops.begin() + start);
  }
}

void run_instructions(const EstimateProgram& program, std::span<const double> kept, std::int64_t n,
                      std::vector<double>& out) {
  const auto groups = static_cast<std::size_t>(program.groups);
  PARSIMONY_EXPECTS(n >= 0 && kept.size() == static_cast<std::size_t>(n) * groups);
  out.resize(static_cast<std::size_t>(n));
  std::vector<Row> x(groups + 1);
  Row sum;
  for (std::int64_t start = 0; start < n; start += kBlock) {
    const std::int64_t count = std::min(kBlock, n - start);
    transpose(kept.subspan(static_cast<std::size_t>(start) * groups), count, x);
    sum.fill(0.0);
    for (const EstimateProgram::Count& term : program.counts) {
      const Row& a = x[static_cast<std::size_t>(term.first)];
      const Row& b = x[static_cast<std::size_t>(term.second)];
      for (std::size_t i = 0; i < kBlock; ++i) sum[i] += term.instructions * (a[i] * b[i]);
    }
    std::copy_n(sum.begin(), count, out.begin() + start);
  }
}

}  // namespace parsimony::network
