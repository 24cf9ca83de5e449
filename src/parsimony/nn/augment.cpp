#include "parsimony/nn/augment.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "parsimony/base/contracts.hpp"

namespace parsimony::nn {
namespace {

constexpr int kKnots = 5;
/// Drawing a normal for each value would cost more than a small network's step; a power of two.
constexpr std::size_t kNoise = std::size_t{1} << 16;

/// Cases of one epoch lie below those of the next.
std::uint64_t draw_index(int epoch, std::int64_t index) {
  return static_cast<std::uint64_t>(epoch) << 40 | static_cast<std::uint64_t>(index);
}

using Matrix = std::array<std::array<double, 3>, 3>;

/// About an axis uniform on the sphere, by an angle uniform in ± `degrees` (Rodrigues).
Matrix random_rotation(RandomStream& random, double degrees) {
  std::array<double, 3> axis{};
  double length = 0.0;
  do {
    for (double& part : axis) part = random.normal();
    length = std::hypot(axis[0], axis[1], axis[2]);
  } while (length < 1e-6);
  for (double& part : axis) part /= length;
  const double angle = random.uniform(-degrees, degrees) * std::numbers::pi / 180.0;
  const double sine = std::sin(angle), cosine = std::cos(angle);
  const auto [x, y, z] = axis;
  Matrix matrix{{{0.0, -z * sine, y * sine}, {z * sine, 0.0, -x * sine}, {-y * sine, x * sine, 0.0}}};
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 3; ++c)
      matrix[r][c] += axis[r] * axis[c] * (1.0 - cosine) + (r == c ? cosine : 0.0);
  return matrix;
}

/// What the rotation of a vector in the sensor's units does to the normalised one.
struct NormalisedRotation {
  std::array<std::array<float, 3>, 3> matrix{};
  std::array<float, 3> offset{};
};

NormalisedRotation normalised(const Matrix& rotation, const data::Normalisation& normalisation,
                              const std::array<std::int32_t, 3>& triple) {
  NormalisedRotation result;
  for (std::size_t r = 0; r < 3; ++r) {
    const auto row = static_cast<std::size_t>(triple[r]);
    const double deviation = normalisation.deviation[row];
    double offset = -double{normalisation.mean[row]};
    for (std::size_t c = 0; c < 3; ++c) {
      const auto column = static_cast<std::size_t>(triple[c]);
      offset += rotation[r][c] * double{normalisation.mean[column]};
      result.matrix[r][c] =
          static_cast<float>(rotation[r][c] * double{normalisation.deviation[column]} / deviation);
    }
    result.offset[r] = static_cast<float>(offset / deviation);
  }
  return result;
}

std::vector<std::array<std::int32_t, 3>> triples_of(const network::Augmentation& augmentation, int channels) {
  if (!augmentation.triples.empty()) return augmentation.triples;
  std::vector<std::array<std::int32_t, 3>> triples;
  for (std::int32_t c = 0; c + 2 < channels; c += 3) triples.push_back({c, c + 1, c + 2});
  return triples;
}

}  // namespace

Augmenter::Augmenter(const network::Augmentation& augmentation, const Cases<float>& cases,
                     const RandomKeys& keys)
    : augmentation_(augmentation),
      cases_(cases),
      keys_{keys.seed, keys.trial, keys.purpose + "/augmentation"},
      triples_(triples_of(augmentation, cases.channels)) {
  PARSIMONY_EXPECTS(cases.height > 1 ? !augmentation.of_series() : !augmentation.of_images());
  if (augmentation.jitter == 0.0) return;
  RandomStream random(0, 0, "augmentation noise");
  for (std::size_t i = 0; i < kNoise; ++i) noise_.push_back(static_cast<float>(random.normal()));
}

void Augmenter::gather(int epoch, std::span<const std::int64_t> indices, float* to) const {
  if (!augmentation_.any()) return nn::gather(cases_, indices, to);
  for (const std::int64_t index : indices) {
    RandomStream random(keys_.seed, keys_.trial, keys_.purpose, draw_index(epoch, index));
    const float* from = cases_.at(index);
    if (cases_.height > 1)
      change_image(random, from, to);
    else
      change_series(random, from, to);
    to += cases_.padded_size();
  }
}

void Augmenter::change_image(RandomStream& random, const float* from, float* to) const {
  const int height = cases_.height, width = cases_.length / height, channels = cases_.channels;
  const bool flipped = augmentation_.flip && random.below(2) == 1;
  const auto shift = [&] {
    const auto places = static_cast<std::uint64_t>(2 * augmentation_.crop + 1);
    return static_cast<int>(random.below(places)) - augmentation_.crop;
  };
  const int down = shift(), across = shift();
  float* const image = to;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const int row = y + down, column = (flipped ? width - 1 - x : x) + across;
      if (row < 0 || row >= height || column < 0 || column >= width)
        to = std::fill_n(to, cases_.ld(), 0.0f);
      else
        to = pad_row(from + (row * width + column) * channels, channels, to);
    }
  if (augmentation_.erase > 0) erase_square(random, image);
}

void Augmenter::erase_square(RandomStream& random, float* image) const {
  const int height = cases_.height, width = cases_.length / height, side = augmentation_.erase;
  const int top = static_cast<int>(random.below(static_cast<std::uint64_t>(height))) - side / 2;
  const int left = static_cast<int>(random.below(static_cast<std::uint64_t>(width))) - side / 2;
  const int from = std::max(left, 0), to = std::min(left + side, width);
  for (int y = std::max(top, 0); y < std::min(top + side, height); ++y)
    std::fill(image + (y * width + from) * cases_.ld(), image + (y * width + to) * cases_.ld(), 0.0f);
}

void Augmenter::change_series(RandomStream& random, const float* from, float* to) const {
  if (augmentation_.warp > 0.0)
    warp(random, from, to);
  else
    pad_rows(from, cases_.length, cases_.channels, to);
  if (augmentation_.rotation > 0.0) rotate(random, to);
  if (augmentation_.scale > 0.0) scale(random, to);
  if (augmentation_.jitter > 0.0) jitter(random, to);
}

void Augmenter::warp(RandomStream& random, const float* from, float* to) const {
  const int length = cases_.length, channels = cases_.channels, ld = cases_.ld();
  std::array<double, kKnots> speed{}, passed{};
  for (double& each : speed) each = random.uniform(1.0 - augmentation_.warp, 1.0 + augmentation_.warp);
  for (std::size_t k = 1; k < kKnots; ++k) passed[k] = passed[k - 1] + (speed[k - 1] + speed[k]) / 2.0;
  for (int l = 0; l < length; ++l, to += ld) {
    const double time = length == 1 ? 0.0 : static_cast<double>(l) * (kKnots - 1) / (length - 1);
    const auto knot = static_cast<std::size_t>(std::min(static_cast<int>(time), kKnots - 2));
    const double since = time - static_cast<double>(knot);
    const double place = passed[knot] + since * (speed[knot] + since * (speed[knot + 1] - speed[knot]) / 2.0);
    const double step = std::clamp(place / passed.back(), 0.0, 1.0) * (length - 1);
    const int before = std::min(static_cast<int>(step), std::max(length - 2, 0));
    const auto share = static_cast<float>(step - before);
    const float* row = from + before * channels;
    const float* next = length == 1 ? row : row + channels;
    for (int c = 0; c < channels; ++c) to[c] = row[c] + share * (next[c] - row[c]);
    std::fill(to + channels, to + ld, 0.0f);
  }
}

void Augmenter::rotate(RandomStream& random, float* values) const {
  const Matrix rotation = random_rotation(random, augmentation_.rotation);
  const int length = cases_.length;
  for (const std::array<std::int32_t, 3>& triple : triples_) {
    const auto [matrix, offset] = normalised(rotation, cases_.normalisation, triple);
    float* row = values;
    for (int l = 0; l < length; ++l, row += cases_.ld()) {
      const float x = row[triple[0]], y = row[triple[1]], z = row[triple[2]];
      for (std::size_t r = 0; r < 3; ++r)
        row[triple[r]] = matrix[r][0] * x + matrix[r][1] * y + matrix[r][2] * z + offset[r];
    }
  }
}

void Augmenter::scale(RandomStream& random, float* values) const {
  std::vector<float> factor(static_cast<std::size_t>(cases_.channels));
  for (float& each : factor)
    each = static_cast<float>(random.uniform(1.0 - augmentation_.scale, 1.0 + augmentation_.scale));
  for (int l = 0; l < cases_.length; ++l, values += cases_.ld())
    for (int c = 0; c < cases_.channels; ++c) values[c] *= factor[static_cast<std::size_t>(c)];
}

/// The channels beyond the data's own stay 0.
void Augmenter::jitter(RandomStream& random, float* values) const {
  std::size_t at = random.below(kNoise);
  const auto deviation = static_cast<float>(augmentation_.jitter);
  for (int l = 0; l < cases_.length; ++l, values += cases_.ld())
    for (int c = 0; c < cases_.channels; ++c) values[c] += deviation * noise_[at++ % kNoise];
}

}  // namespace parsimony::nn
