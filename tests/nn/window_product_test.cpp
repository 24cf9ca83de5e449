#include "parsimony/nn/window_product.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "parsimony/base/random.hpp"
#include "parsimony/nn/lanes.hpp"

namespace parsimony::nn {
namespace {

constexpr std::int64_t kLane = kLanes<double>;

/// Numbers at a multiple of 64 bytes, with a vector of a sign behind them.
class Numbers {
 public:
  explicit Numbers(std::int64_t count)
      : memory_(static_cast<std::size_t>(count + 2 * kLane), 1e300), count_(count) {
    while (reinterpret_cast<std::uintptr_t>(memory_.data() + first_) % 64 != 0) ++first_;
    std::fill_n(data(), count, 0.0);
  }
  double* data() { return memory_.data() + first_; }
  double& operator[](std::int64_t i) { return memory_[first_ + static_cast<std::size_t>(i)]; }
  bool untouched_behind() const { return memory_[first_ + static_cast<std::size_t>(count_)] == 1e300; }

 private:
  std::vector<double> memory_;
  std::int64_t count_;
  std::size_t first_ = 0;
};

/// Random in the first `channels` of each row, 0 behind.
Numbers random_rows(std::int64_t rows, int channels, int ld, RandomStream& random) {
  Numbers numbers(rows * ld);
  for (std::int64_t r = 0; r < rows; ++r)
    for (int c = 0; c < channels; ++c) numbers[r * ld + c] = random.normal();
  return numbers;
}

/// Any window, and outputs that need not reach the end of the padded input.
void set_axis(RandomStream& random, ir::Window& window, int& in, int& out) {
  const auto below = [&](int n) { return static_cast<int>(random.below(static_cast<std::uint64_t>(n))); };
  in = 1 + below(9);
  window.kernel = 1 + below(5);
  (below(2) == 0 ? window.stride : window.dilation) = 1 + below(3);
  const int span = static_cast<int>(window.span());
  window.pad_before = below(span + 2);
  window.pad_after = below(span + 2);
  const int room = in + window.pad_before + window.pad_after - span;
  out = room < 0 ? 1 : room / window.stride + 1;
}

Planes random_planes(RandomStream& random, int channels_out) {
  Planes p;
  p.cases = static_cast<std::int64_t>(1 + random.below(4));
  p.channels_in = static_cast<int>(1 + random.below(20));
  p.ld_in = padded<double>(p.channels_in);
  p.ld_out = padded<double>(channels_out);
  if (random.below(2) == 1) set_axis(random, p.down, p.height_in, p.height_out);
  set_axis(random, p.across, p.width_in, p.width_out);
  return p;
}

/// Calls body(row of the input, tap, row of the output) for all that a convolution multiplies.
template <typename Body>
void for_each_product(const Planes& p, const Body& body) {
  for (std::int64_t b = 0; b < p.cases; ++b)
    for (int h = 0; h < p.height_out; ++h)
      for (int v = 0; v < p.width_out; ++v)
        for (int r = 0; r < p.down.kernel; ++r)
          for (int t = 0; t < p.across.kernel; ++t) {
            const int y = h * p.down.stride - p.down.pad_before + r * p.down.dilation;
            const int x = v * p.across.stride - p.across.pad_before + t * p.across.dilation;
            if (y < 0 || y >= p.height_in || x < 0 || x >= p.width_in) continue;
            body((b * p.height_in + y) * p.width_in + x, r * p.across.kernel + t,
                 (b * p.height_out + h) * p.width_out + v);
          }
}

struct Case {
  Planes p;
  int channels_out;
  Numbers x, w, transposed, dz;

  Case(const Planes& planes, int out, RandomStream& random)
      : p(planes),
        channels_out(out),
        x(random_rows(p.cases * p.positions_in(), p.channels_in, p.ld_in, random)),
        w(random_rows(std::int64_t{p.taps()} * p.channels_in, out, p.ld_out, random)),
        transposed(std::int64_t{p.taps()} * out * p.ld_in),
        dz(random_rows(p.cases * p.positions_out(), out, p.ld_out, random)) {
    for (int t = 0; t < p.taps(); ++t)
      for (int i = 0; i < p.channels_in; ++i)
        for (int o = 0; o < out; ++o) transposed[(t * out + o) * p.ld_in + i] = weight(t, i, o);
  }
  double weight(int t, int i, int o) { return w[(t * p.channels_in + i) * p.ld_out + o]; }
};

void expect_near(Numbers& actual, Numbers& expected, std::int64_t count, const char* what) {
  for (std::int64_t i = 0; i < count; ++i) ASSERT_NEAR(actual[i], expected[i], 1e-11) << what << " " << i;
  EXPECT_TRUE(actual.untouched_behind()) << what;
}

void expect_forward(Case& c) {
  const Planes& p = c.p;
  Numbers z(p.cases * p.positions_out() * p.ld_out), expected(p.cases * p.positions_out() * p.ld_out);
  for_each_product(p, [&](std::int64_t in, int tap, std::int64_t out) {
    for (int i = 0; i < p.channels_in; ++i)
      for (int o = 0; o < c.channels_out; ++o)
        expected[out * p.ld_out + o] += c.x[in * p.ld_in + i] * c.weight(tap, i, o);
  });
  Numbers scratch(input_extent(p).with(input_halo(p)).count());
  convolve(p, with_halo(input_extent(p), input_halo(p), c.x.data(), scratch.data()), c.w.data(), z.data());
  expect_near(z, expected, p.cases * p.positions_out() * p.ld_out, "z");
  EXPECT_TRUE(scratch.untouched_behind());
}

void expect_weight_gradient(Case& c) {
  const Planes& p = c.p;
  const std::int64_t count = std::int64_t{p.taps()} * p.channels_in * p.ld_out;
  Numbers dw(count), expected(count), scratch(input_extent(p).with(input_halo(p)).count());
  for_each_product(p, [&](std::int64_t in, int tap, std::int64_t out) {
    for (int i = 0; i < p.channels_in; ++i)
      for (int o = 0; o < c.channels_out; ++o)
        expected[(tap * p.channels_in + i) * p.ld_out + o] +=
            c.x[in * p.ld_in + i] * c.dz[out * p.ld_out + o];
  });
  convolution_weight_gradient(p, with_halo(input_extent(p), input_halo(p), c.x.data(), scratch.data()),
                              c.dz.data(), dw.data());
  expect_near(dw, expected, count, "dw");
}

void expect_input_gradient(Case& c) {
  const Planes& p = c.p;
  const std::int64_t count = p.cases * p.positions_in() * p.ld_in;
  Numbers dx(count), expected(count), scratch(output_extent(p).with(gradient_halo(p)).count());
  std::fill_n(dx.data(), count, 7.0);  // it is set, not added to
  for_each_product(p, [&](std::int64_t in, int tap, std::int64_t out) {
    for (int i = 0; i < p.channels_in; ++i)
      for (int o = 0; o < c.channels_out; ++o)
        expected[in * p.ld_in + i] += c.dz[out * p.ld_out + o] * c.weight(tap, i, o);
  });
  convolution_input_gradient(p, c.channels_out,
                             with_halo(output_extent(p), gradient_halo(p), c.dz.data(), scratch.data()),
                             c.transposed.data(), dx.data());
  expect_near(dx, expected, count, "dx");
  EXPECT_TRUE(scratch.untouched_behind());
}

std::string window_text(const ir::Window& w) {
  return "kernel " + std::to_string(w.kernel) + ", stride " + std::to_string(w.stride) + ", dilation " +
         std::to_string(w.dilation) + ", padding " + std::to_string(w.pad_before);
}
std::string planes_text(const Planes& p) {
  return std::to_string(p.height_in) + " x " + std::to_string(p.width_in) + ", down: " + window_text(p.down) +
         "; across: " + window_text(p.across);
}

TEST(WindowProduct, IsTheSumOverTheWindowsForAnyWindow) {
  RandomStream random(1, 0, "windows");
  for (int trial = 0; trial < 400; ++trial) {
    const int channels_out = static_cast<int>(1 + random.below(40));
    const Planes p = random_planes(random, channels_out);
    SCOPED_TRACE("trial " + std::to_string(trial) + ": " + planes_text(p));
    Case c(p, channels_out, random);
    expect_forward(c);
    expect_weight_gradient(c);
    expect_input_gradient(c);
    if (HasFatalFailure()) return;
  }
}

/// One weight a tap and channel, in rows as wide as the planes'.
void expect_depthwise(const Planes& p, RandomStream& random) {
  const std::int64_t inputs = p.cases * p.positions_in(), outputs = p.cases * p.positions_out();
  Numbers x = random_rows(inputs, p.channels_in, p.ld_in, random);
  Numbers w = random_rows(p.taps(), p.channels_in, p.ld_in, random);
  Numbers dy = random_rows(outputs, p.channels_in, p.ld_in, random);
  Numbers y(outputs * p.ld_in), dx(inputs * p.ld_in), dw(p.taps() * p.ld_in), scratch(p.taps() * p.ld_in);
  Numbers y_expected(outputs * p.ld_in), dx_expected(inputs * p.ld_in), dw_expected(p.taps() * p.ld_in);
  for_each_product(p, [&](std::int64_t in, int tap, std::int64_t out) {
    for (int c = 0; c < p.channels_in; ++c) {
      y_expected[out * p.ld_in + c] += x[in * p.ld_in + c] * w[tap * p.ld_in + c];
      dx_expected[in * p.ld_in + c] += dy[out * p.ld_in + c] * w[tap * p.ld_in + c];
      dw_expected[tap * p.ld_in + c] += dy[out * p.ld_in + c] * x[in * p.ld_in + c];
    }
  });
  depthwise_forward(p, x.data(), w.data(), y.data());
  expect_near(y, y_expected, outputs * p.ld_in, "y");
  depthwise_input_gradient(p, dy.data(), w.data(), scratch.data(), dx.data());
  expect_near(dx, dx_expected, inputs * p.ld_in, "dx");
  depthwise_weight_gradient(p, x.data(), dy.data(), dw.data());
  expect_near(dw, dw_expected, p.taps() * p.ld_in, "dw");
}

TEST(DepthwiseKernels, AreTheSumsOverTheWindowsForAnyWindow) {
  RandomStream random(2, 0, "windows");
  for (int trial = 0; trial < 400; ++trial) {
    const Planes p = random_planes(random, 1);
    SCOPED_TRACE("trial " + std::to_string(trial) + ": " + planes_text(p));
    expect_depthwise(p, random);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace parsimony::nn
