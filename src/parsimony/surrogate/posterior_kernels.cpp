#include "parsimony/surrogate/posterior_kernels.hpp"

// Highway compiles what follows for each instruction set that the compiler's flags leave open and picks at
// run time; with -march=native there is one.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "parsimony/surrogate/posterior_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace parsimony::surrogate::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::CappedTag<float, 16>;
using Vector = hn::Vec<Floats>;

constexpr std::size_t kLanes = hn::MaxLanes(Floats());
/// Vectors of states that a panel meets at once: as many as the registers hold.
constexpr std::size_t kVectors = kLanes == 16 ? 4 : kLanes == 1 ? 1 : 2;
constexpr std::size_t kStep = kVectors * kLanes;
static_assert(kTileStates % kStep == 0);

struct Sums {
  Vector of[kPanelRows][kVectors];
};

/// Adds rows [depth, kPanelRows] times tile [depth].
HWY_INLINE void add_products(const float* rows, const TileRow* tile, std::size_t depth, std::size_t first,
                             Sums& sums) {
  const Floats floats;
  for (std::size_t k = 0; k < depth; ++k, rows += kPanelRows) {
    Vector column[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) column[v] = hn::Load(floats, tile[k].of + first + v * kLanes);
    for (std::size_t r = 0; r < kPanelRows; ++r) {
      const Vector factor = hn::Set(floats, rows[r]);
      for (std::size_t v = 0; v < kVectors; ++v) sums.of[r][v] = hn::MulAdd(factor, column[v], sums.of[r][v]);
    }
  }
}

/// exp(x) for x ≤ 0 to a relative 2e-7, not below exp(−60·ln 2), so that no denormal number arises later:
/// 2^t with t = k + f, |f| ≤ ½, by the polynomial of degree 5 of least relative error (7.7e-8; Remez).
HWY_INLINE Vector exp_of_negative(Vector x) {
  const Floats floats;
  const hn::RebindToSigned<Floats> integers;
  const Vector t = hn::Max(hn::Mul(x, hn::Set(floats, 1.44269504f)), hn::Set(floats, -60.0f));
  const Vector shift = hn::Set(floats, 12582912.0f);  // 1.5·2²³: the sum's last bits are k
  const Vector shifted = hn::Add(t, shift);
  const Vector f = hn::Sub(t, hn::Sub(shifted, shift));
  Vector p = hn::Set(floats, 0.0013277938903f);
  p = hn::MulAdd(p, f, hn::Set(floats, 0.0096757576408f));
  p = hn::MulAdd(p, f, hn::Set(floats, 0.0555070959814f));
  p = hn::MulAdd(p, f, hn::Set(floats, 0.2402211433784f));
  p = hn::MulAdd(p, f, hn::Set(floats, 0.6931469682297f));
  p = hn::MulAdd(p, f, hn::Set(floats, 1.0000000733176f));
  const auto exponent = hn::ShiftLeft<23>(hn::BitCast(integers, shifted));
  return hn::BitCast(floats, hn::Add(hn::BitCast(integers, p), exponent));
}

/// The kernel of a squared distance that may be a little below 0.
template <Kernel kernel>
HWY_INLINE Vector correlation_of(Vector squared) {
  const Floats floats;
  const Vector s = hn::Max(squared, hn::Zero(floats));
  if (kernel == Kernel::rbf) return exp_of_negative(hn::Mul(s, hn::Set(floats, -0.5f)));
  const Vector r = hn::Sqrt(s);  // hidden behind the products: an approximate 1/√ refined once is no faster
  const Vector polynomial = hn::MulAdd(s, hn::Set(floats, 1.0f / 3.0f), hn::Add(r, hn::Set(floats, 1.0f)));
  return hn::Mul(polynomial, exp_of_negative(hn::Neg(r)));
}

/// Correlations of all observed points with kStep states, and the mean on the standardised scale.
template <Kernel kernel>
void correlate(const PosteriorBatch::Packed& process, const TileRow* states, std::size_t first,
               TileRow* correlations, TileRow& mean) {
  const Floats floats;
  Vector norms[kVectors], means[kVectors];
  for (std::size_t v = 0; v < kVectors; ++v) {
    norms[v] = hn::Zero(floats);
    means[v] = hn::Set(floats, process.mean);
    for (std::size_t f = 0; f < process.features; ++f) {
      const Vector x = hn::Load(floats, states[f].of + first + v * kLanes);
      norms[v] = hn::MulAdd(hn::Mul(x, x), hn::Set(floats, process.squares[f]), norms[v]);
    }
  }
  for (std::size_t panel = 0; panel < process.panels; ++panel) {
    Sums sums;
    for (std::size_t r = 0; r < kPanelRows; ++r)
      for (std::size_t v = 0; v < kVectors; ++v)
        sums.of[r][v] = hn::Add(norms[v], hn::Set(floats, process.norms[panel * kPanelRows + r]));
    add_products(process.products.data() + panel * process.features * kPanelRows, states, process.features,
                 first, sums);
    for (std::size_t r = 0; r < kPanelRows; ++r) {
      const std::size_t row = panel * kPanelRows + r;
      const Vector weight = hn::Set(floats, process.weights[row]);
      for (std::size_t v = 0; v < kVectors; ++v) {
        const Vector correlation = correlation_of<kernel>(sums.of[r][v]);
        hn::Store(correlation, floats, correlations[row].of + first + v * kLanes);
        means[v] = hn::MulAdd(weight, correlation, means[v]);
      }
    }
  }
  for (std::size_t v = 0; v < kVectors; ++v)
    hn::Store(hn::MulAdd(means[v], hn::Set(floats, process.unit), hn::Set(floats, process.centre)), floats,
              mean.of + first + v * kLanes);
}

/// √(output scale − ‖L⁻¹c‖²) of kStep states; the panels' products with the upper triangle are left out.
void deviate(const PosteriorBatch::Packed& process, const TileRow* correlations, std::size_t first,
             TileRow& deviation) {
  const Floats floats;
  Vector variance[kVectors];
  for (std::size_t v = 0; v < kVectors; ++v) variance[v] = hn::Set(floats, process.output_scale);
  const float* triangle = process.inverse_root.data();
  for (std::size_t panel = 0; panel < process.panels; ++panel) {
    const std::size_t depth = (panel + 1) * kPanelRows;
    Sums sums;
    for (std::size_t r = 0; r < kPanelRows; ++r)
      for (std::size_t v = 0; v < kVectors; ++v) sums.of[r][v] = hn::Zero(floats);
    add_products(triangle, correlations, depth, first, sums);
    for (std::size_t r = 0; r < kPanelRows; ++r)
      for (std::size_t v = 0; v < kVectors; ++v)
        variance[v] = hn::NegMulAdd(sums.of[r][v], sums.of[r][v], variance[v]);
    triangle += depth * kPanelRows;
  }
  for (std::size_t v = 0; v < kVectors; ++v)
    hn::Store(hn::Mul(hn::Sqrt(hn::Max(variance[v], hn::Zero(floats))), hn::Set(floats, process.unit)),
              floats, deviation.of + first + v * kLanes);
}

void tile_moments(const PosteriorBatch::Packed& process, const TileRow* states, TileRow* correlations,
                  TileRow& mean, TileRow& deviation) {
  for (std::size_t first = 0; first < kTileStates; first += kStep) {
    if (process.kernel == Kernel::rbf)
      correlate<Kernel::rbf>(process, states, first, correlations, mean);
    else
      correlate<Kernel::matern52>(process, states, first, correlations, mean);
    deviate(process, correlations, first, deviation);
  }
}

}  // namespace parsimony::surrogate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace parsimony::surrogate {

HWY_EXPORT(tile_moments);

void tile_moments(const PosteriorBatch::Packed& process, const TileRow* states, TileRow* correlations,
                  TileRow& mean, TileRow& deviation) {
  HWY_DYNAMIC_DISPATCH(tile_moments)(process, states, correlations, mean, deviation);
}

}  // namespace parsimony::surrogate
#endif
